// `match` with literal, name, `|` and `_` patterns.
#include <algorithm>

#include "mapping/python/interpreter.h"

namespace wcheck::python {

Truth Interpreter::MatchPattern(const Node& pattern, const Value& subject) {
  std::string_view text = ast_.Text(pattern);
  if (text == "_") return Truth::kTrue;
  switch (pattern.kind) {
    case Kind::kCasePattern:
      if (pattern.children.size() == 1) return MatchPattern(*pattern.children[0], subject);
      // A literal with a sign is tokens only.
      return Truth::kUnknown;
    case Kind::kString:
    case Kind::kConcatenatedString:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kTrue:
    case Kind::kFalse:
    case Kind::kNone:
      return Equal(Eval(pattern), subject);
    case Kind::kDottedName:
      if (pattern.children.size() != 1) return Truth::kUnknown;
      Bind(text, subject);
      return Truth::kTrue;
    default:
      break;
  }
  if (std::string_view(pattern.name) == "union_pattern") {
    for (const Node* child : pattern.children) {
      if (child->kind == Kind::kToken) continue;
      Truth truth = MatchPattern(*child, subject);
      if (truth != Truth::kFalse) return truth;
    }
    return Truth::kFalse;
  }
  return Truth::kUnknown;
}

Flow Interpreter::ExecMatch(const Node& node) {
  const Node* subject_node = node.Child(Field::kSubject);
  auto give_up = [&](const Node& where) {
    TaintAssigned(node, Unsupported("this 'match' cannot be evaluated", where).AsOpaque());
    return Flow::kNext;
  };
  if (subject_node == nullptr) return give_up(node);
  Value subject = Eval(*subject_node);
  if (stopped()) return Flow::kRaise;
  std::vector<const Node*> cases;
  for (const Node* child : node.children) {
    if (child->kind == Kind::kCaseClause) cases.push_back(child);
    for (const Node* inner : child->children) {
      if (child->kind == Kind::kBlock && inner->kind == Kind::kCaseClause) cases.push_back(inner);
    }
  }
  for (const Node* clause : cases) {
    size_t patterns = static_cast<size_t>(
        std::count_if(clause->children.begin(), clause->children.end(),
                      [](const Node* child) { return child->kind == Kind::kCasePattern; }));
    const Node* pattern = clause->At(0);
    const Node* body = clause->Child(Field::kConsequence);
    if (patterns != 1 || pattern == nullptr || body == nullptr) return give_up(*clause);
    Truth truth = MatchPattern(*pattern, subject);
    if (truth == Truth::kTrue) {
      if (const Node* guard = clause->Child(Field::kGuard)) {
        truth = guard->At(0) == nullptr ? Truth::kUnknown : TruthOf(Eval(*guard->At(0)));
      }
    }
    if (truth == Truth::kUnknown) return give_up(*clause);
    if (truth == Truth::kTrue) return ExecBlock(*body);
  }
  return Flow::kNext;
}

}  // namespace wcheck::python
