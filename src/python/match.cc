// `match` with literal, name, `|` and `_` patterns.
#include "python/interpreter.h"

namespace wcheck::python {

Truth Interpreter::MatchPattern(const Node& pattern, const Value& subject) {
  switch (pattern.kind) {
    case Kind::kWildcardPattern:
      return Truth::kTrue;
    case Kind::kCapturePattern:
      Bind(tree_.Text(pattern), subject);
      return Truth::kTrue;
    case Kind::kValuePattern:
      return Same(Eval(*pattern.children[0]), subject, pattern);
    case Kind::kOrPattern:
      for (const Node* child : pattern.children) {
        Truth truth = MatchPattern(*child, subject);
        if (truth != Truth::kFalse) return truth;
      }
      return Truth::kFalse;
    default:
      return Truth::kUnknown;
  }
}

Flow Interpreter::ExecMatch(const Node& node) {
  auto give_up = [&](const Node& where) {
    TaintAssigned(node, Unsupported("this 'match' cannot be evaluated", where).AsOpaque());
    return Flow::kNext;
  };
  Value subject = Eval(*node.Child(Field::kSubject));
  if (stopped()) return Flow::kRaise;
  for (const Node* clause : node.children) {
    if (clause->field == Field::kSubject) continue;
    if (clause->kind != Kind::kCaseClause) return give_up(*clause);
    Truth truth = MatchPattern(*clause->Child(Field::kPattern), subject);
    if (truth == Truth::kTrue) {
      if (const Node* guard = clause->Child(Field::kGuard)) truth = TruthOf(Eval(*guard));
    }
    if (truth == Truth::kUnknown) return give_up(*clause);
    if (truth == Truth::kTrue) return ExecBlock(*clause->Child(Field::kBody));
  }
  return Flow::kNext;
}

}  // namespace wcheck::python
