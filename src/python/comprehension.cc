// Comprehensions and generator expressions.
#include "python/interpreter.h"

namespace wcheck::python {

Environment* Interpreter::ComprehensionScope() {
  auto* env = heap_.New<Environment>();
  env->parent = scope_;
  env->function = scope_->function;
  return env;
}

bool Interpreter::RunClauses(const Node& node, size_t clause, const Value* first, Opaque** unknown,
                             const std::function<bool()>& each) {
  // The body comes first, then `for` and `if` clauses in order.
  while (clause < node.children.size() && node.children[clause]->kind != Kind::kForInClause &&
         node.children[clause]->kind != Kind::kIfClause) {
    if (node.children[clause]->kind == Kind::kError) {
      *unknown = Unsupported("this part of the file has a syntax error", node).AsOpaque();
      return false;
    }
    ++clause;
  }
  if (clause >= node.children.size()) return each();
  const Node& part = *node.children[clause];
  if (part.kind == Kind::kIfClause) {
    Value condition = Eval(*part.children[0]);
    Truth truth = TruthOf(condition);
    if (truth == Truth::kUnknown) {
      *unknown = UnknownPart(condition);
      return true;
    }
    return truth == Truth::kFalse || RunClauses(node, clause + 1, nullptr, unknown, each);
  }
  const Node* target = part.Child(Field::kLeft);
  const Node* source = part.Child(Field::kRight);
  if (part.Has(Node::kAsync)) {
    *unknown = Unsupported("a comprehension that cannot be evaluated", node).AsOpaque();
    return false;
  }
  Value iterable = first != nullptr ? *first : Eval(*source);
  bool more = true;
  Opaque* lost = nullptr;
  ForEach(iterable, *source, &lost, [&](const Value& item) {
    Assign(*target, item);
    more = RunClauses(node, clause + 1, nullptr, unknown, each) && !stopped();
    return more;
  });
  if (lost != nullptr) *unknown = lost;
  return more;
}

Value Interpreter::EvalComprehension(const Node& node) {
  const Node* body = node.Child(Field::kBody);
  Type type = node.kind == Kind::kListComprehension         ? Type::kList
              : node.kind == Kind::kDictionaryComprehension ? Type::kDict
                                                            : Type::kSet;
  Value result = type == Type::kList ? NewList(type, {}, node) : NewDict(type, node);
  if (result.none()) return result;
  contexts_.push_back({"made by a comprehension", RangeOf(node)});
  Environment* outer = scope_;
  scope_ = ComprehensionScope();
  Opaque* unknown = nullptr;
  size_t made_before = natives_made_;
  RunClauses(node, 0, nullptr, &unknown, [&] {
    if (!Step(node) || !Charge(sizeof(Value), node)) return false;
    if (type == Type::kList) {
      Value item = Eval(*body);
      // A value that the comprehension did not create was created elsewhere and passes through it.
      if (item.Is(Type::kNative) && item.AsNative()->number < made_before) {
        item = WithStep(item, "copied by a comprehension", RangeOf(node));
      }
      result.AsList()->items.push_back(item);
      return true;
    }
    const Node* key_node = type == Type::kDict ? body->Child(Field::kKey) : body;
    const Node* value_node = type == Type::kDict ? body->Child(Field::kValue) : nullptr;
    Value key = Eval(*key_node);
    Value value = value_node == nullptr ? Value::None() : Eval(*value_node);
    std::string hash;
    Value failure;
    if (Hash(key, node, &hash, &failure)) {
      Store(result.AsDict(), hash, key, value, node);
    } else {
      AddTaint(&result.AsDict()->taint, failure.AsOpaque());
    }
    return true;
  });
  scope_ = outer;
  contexts_.pop_back();
  if (unknown != nullptr) {
    AddTaint(type == Type::kList ? &result.AsList()->taint : &result.AsDict()->taint, unknown);
  }
  return result;
}

Value Interpreter::EvalGenerator(const Node& node) {
  // The body, and then the first clause.
  const Node* clause = node.children[1];
  auto* iterator = heap_.New<Iterator>();
  iterator->generator = &node;
  iterator->source = Eval(*clause->Child(Field::kRight));
  iterator->environment = ComprehensionScope();
  return Value::Of(Type::kIterator, iterator).At(node);
}

}  // namespace wcheck::python
