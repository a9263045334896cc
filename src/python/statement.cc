// Statements.
#include <algorithm>

#include "python/interpreter.h"
#include "python/limits.h"

namespace wcheck::python {

Flow Interpreter::ExecBlock(const Node& block) {
  for (const Node* statement : block.children) {
    if (fatal_) return Flow::kReturn;
    Flow flow = Exec(*statement);
    if (raised_) return Flow::kRaise;
    if (flow != Flow::kNext) return flow;
  }
  return Flow::kNext;
}

Flow Interpreter::Exec(const Node& node) {
  if (!Step(node)) return Flow::kReturn;
  switch (node.kind) {
    case Kind::kExpressionStatement:
      ExecExpression(*node.children[0]);
      return Flow::kNext;
    case Kind::kAssignment:
    case Kind::kAnnotatedAssignment:
      ExecAssignment(node);
      return Flow::kNext;
    case Kind::kAugmentedAssignment:
      ExecAugmented(node);
      return Flow::kNext;
    case Kind::kIfStatement:
      return ExecIf(node);
    case Kind::kForStatement:
      return ExecFor(node);
    case Kind::kWhileStatement:
      return ExecWhile(node);
    case Kind::kTryStatement:
      return ExecTry(node);
    case Kind::kWithStatement:
      return ExecWith(node);
    case Kind::kReturnStatement:
      return ExecReturn(node);
    case Kind::kRaiseStatement:
      return ExecRaise(node);
    case Kind::kMatchStatement:
      return ExecMatch(node);
    case Kind::kBreakStatement:
      return Flow::kBreak;
    case Kind::kContinueStatement:
      return Flow::kContinue;
    case Kind::kPassStatement:
      return Flow::kNext;
    case Kind::kImportStatement:
      ExecImport(node);
      return Flow::kNext;
    case Kind::kImportFromStatement:
      ExecImportFrom(node);
      return Flow::kNext;
    case Kind::kFunctionDefinition:
      ExecFunction(node);
      return Flow::kNext;
    case Kind::kDecoratedDefinition:
      // Decorators of functions cache or register; their result is treated as the function itself.
      Exec(*node.Child(Field::kDefinition));
      return Flow::kNext;
    case Kind::kClassDefinition: {
      const Node* name = node.Child(Field::kName);
      Value known = ImportedName("", tree_.Text(*name), *name);
      if (known.opaque()) {
        known.AsOpaque()->message = "the class '" + std::string(tree_.Text(*name)) +
                                    "' of this file is not known to wcheck";
      }
      Bind(tree_.Text(*name), known);
      ExecClassBody(node);
      return Flow::kNext;
    }
    case Kind::kAssertStatement:
      ExecAssert(node);
      return Flow::kNext;
    case Kind::kDeleteStatement:
      ExecDelete(node);
      return Flow::kNext;
    case Kind::kGlobalStatement:
    case Kind::kNonlocalStatement:
      for (const Node* name : node.children) {
        scope_->outer[tree_.Text(*name)] = node.kind == Kind::kGlobalStatement;
      }
      return Flow::kNext;
    case Kind::kError: {
      Opaque* opaque = Unsupported("this part of the file has a syntax error", node).AsOpaque();
      TaintAssigned(node, opaque);
      return Flow::kNext;
    }
    default: {
      Opaque* opaque =
          Unsupported("a statement that cannot be evaluated: " + std::string(KindName(node.kind)),
                      node)
              .AsOpaque();
      TaintAssigned(node, opaque);
      return Flow::kNext;
    }
  }
}

void Interpreter::ExecClassBody(const Node& node) {
  const Node* name = node.Child(Field::kName);
  const Node* body = node.Child(Field::kBody);
  if (name == nullptr || body == nullptr) return;
  for (const Node* statement : body->children) {
    if (statement->kind != Kind::kAssignment && statement->kind != Kind::kAnnotatedAssignment) {
      continue;
    }
    const Node* left = statement->Child(Field::kLeft);
    const Node* right = statement->Child(Field::kRight);
    if (left == nullptr || right == nullptr || left->kind != Kind::kIdentifier ||
        !client_.WantsClassAttribute(tree_.Text(*left))) {
      continue;
    }
    const Value value = Eval(*right);
    if (stopped()) return;
    client_.ClassAttribute(NewStr(std::string(tree_.Text(*name)), *name), value);
  }
}

void Interpreter::ExecExpression(const Node& node) {
  // Docstrings need no evaluation.
  if (node.kind != Kind::kString && node.kind != Kind::kEllipsis) Eval(node);
}

void Interpreter::ExecAssignment(const Node& node) {
  const Node* right = node.Child(Field::kRight);
  if (right == nullptr) return;  // an annotation without a value
  Value value = Eval(*right);
  if (stopped()) return;
  for (const Node* target : node.children) {
    if (target->field == Field::kLeft) Assign(*target, value);
  }
}

void Interpreter::Assign(const Node& target, const Value& value) {
  switch (target.kind) {
    case Kind::kIdentifier:
      Bind(tree_.Text(target), value);
      return;
    case Kind::kSubscript:
      AssignSubscript(target, value);
      return;
    case Kind::kAttribute:
      AssignAttribute(target, value);
      return;
    case Kind::kTuple:
    case Kind::kList:
      Unpack(target, value);
      return;
    case Kind::kParenthesizedExpression:
      if (target.children.size() == 1) Assign(*target.children[0], value);
      return;
    default: {
      Opaque* opaque = Unsupported("an assignment that cannot be evaluated: " +
                                       std::string(KindName(target.kind)),
                                   target)
                           .AsOpaque();
      TaintAssigned(target, opaque);
    }
  }
}

void Interpreter::Unpack(const Node& target, const Value& value) {
  Opaque* unknown = nullptr;
  std::vector<Value> items = Items(value, target, &unknown);
  size_t star = SIZE_MAX;
  for (size_t i = 0; i < target.children.size(); ++i) {
    if (target.children[i]->kind == Kind::kListSplat) star = i;
  }
  size_t wanted = target.children.size();
  bool fits = star == SIZE_MAX ? items.size() == wanted : items.size() + 1 >= wanted;
  if (unknown == nullptr && !fits) {
    unknown = Raise("ValueError",
                    "expected " + std::to_string(wanted) + " values to unpack, found " +
                        std::to_string(items.size()),
                    target)
                  .AsOpaque();
  }
  if (raised_) return;
  size_t next = 0;
  for (size_t i = 0; i < wanted; ++i) {
    const Node& part = *target.children[i];
    if (unknown != nullptr) {
      const Node* inner = i == star ? part.At(0) : &part;
      if (inner != nullptr) Assign(*inner, OpaqueValue(unknown, target));
      continue;
    }
    if (i != star) {
      Assign(part, items[next++]);
      continue;
    }
    size_t take = items.size() + 1 - wanted;
    std::vector<Value> rest(items.begin() + static_cast<ptrdiff_t>(next),
                            items.begin() + static_cast<ptrdiff_t>(next + take));
    next += take;
    if (part.At(0) != nullptr) Assign(*part.At(0), NewList(Type::kList, std::move(rest), part));
  }
}

void Interpreter::AssignSubscript(const Node& target, const Value& value) {
  const Node* object_node = target.Child(Field::kValue);
  const Node* index_node = target.Child(Field::kSubscript);
  Value object = Eval(*object_node);
  if (object.opaque() || stopped()) return;
  if (index_node->kind == Kind::kSlice && object.Is(Type::kList)) {
    List* list = object.AsList();
    Bounds bounds = EvalSlice(*index_node, static_cast<int64_t>(list->items.size()));
    Opaque* unknown = bounds.unknown;
    std::vector<Value> items = Items(value, target, &unknown);
    Work(list->items.size(), target);
    if (bounds.ok && bounds.step == 1) {
      auto from = list->items.begin() + bounds.start;
      auto to = list->items.begin() + std::max(bounds.start, bounds.stop);
      from = list->items.erase(from, to);
      if (Charge(items.size() * sizeof(Value), target)) {
        list->items.insert(from, items.begin(), items.end());
      }
    } else if (unknown == nullptr) {
      unknown = Unsupported("an assignment to a slice with a step cannot be evaluated", target)
                    .AsOpaque();
    }
    if (unknown != nullptr) AddTaint(&list->taint, unknown);
    return;
  }
  Value index = Eval(*index_node);
  if (stopped()) return;
  if (object.Is(Type::kDict)) {
    std::string hash;
    Value failure;
    if (!Hash(index, *index_node, &hash, &failure)) {
      AddTaint(&object.AsDict()->taint, failure.AsOpaque());
      return;
    }
    // The place of the key in the file: `mapping[model_type]` keeps the literal's place.
    Store(object.AsDict(), hash, index, value, target);
    return;
  }
  if (!object.Is(Type::kList)) {
    Raise("TypeError", "'" + TypeName(object) + "' object does not support item assignment",
          target);
    return;
  }
  List* list = object.AsList();
  if (index.opaque()) {
    AddTaint(&list->taint, index.AsOpaque());
    return;
  }
  auto size = static_cast<int64_t>(list->items.size());
  int64_t at = index.IsInteger() && index.integer < 0 ? index.integer + size : index.integer;
  if (!index.IsInteger() || at < 0 || at >= size) {
    AddTaint(&list->taint,
             Raise("IndexError", "list assignment index out of range", target).AsOpaque());
    return;
  }
  list->items[static_cast<size_t>(at)] = value;
}

void Interpreter::AssignAttribute(const Node& target, const Value& value) {
  const Node* object_node = target.Child(Field::kObject);
  const Node* name_node = target.Child(Field::kAttribute);
  Value object = Eval(*object_node);
  std::string name(tree_.Text(*name_node));
  if (object.opaque() || stopped()) return;
  if (!object.Is(Type::kNative)) {
    Opaque* opaque =
        Unsupported("an assignment to an attribute cannot be evaluated", target).AsOpaque();
    TaintValue(object, opaque);
    return;
  }
  object.AsNative()->SetAttribute(this, object, name, value, target);
}

void Interpreter::ExecAugmented(const Node& node) {
  const Node* target = node.Child(Field::kLeft);
  const Node* right = node.Child(Field::kRight);
  const std::string_view op = OpText(node.op);
  Value old = Eval(*target);
  Value operand = Eval(*right);
  if (stopped()) return;
  // In place where Python does it in place.
  if (old.Is(Type::kList) && op == "+") {
    Arguments arguments;
    arguments.positional.push_back(operand);
    ListMethod(old, "extend", arguments, node);
    Assign(*target, old);
    return;
  }
  if (old.Is(Type::kDict) && op == "|") {
    Arguments arguments;
    arguments.positional.push_back(operand);
    DictUpdate(old, arguments, node);
    Assign(*target, old);
    return;
  }
  if (old.Is(Type::kSet) && op == "|") {
    Arguments arguments;
    arguments.positional.push_back(operand);
    SetMethod(old, "update", arguments, node);
    Assign(*target, old);
    return;
  }
  Assign(*target, Binary(op, old, operand, node));
}

namespace {

// TYPE_CHECKING or typing.TYPE_CHECKING.
bool IsTypeChecking(const Node& condition, std::string_view text) {
  return (condition.kind == Kind::kIdentifier || condition.kind == Kind::kAttribute) &&
         (text == "TYPE_CHECKING" || text.ends_with(".TYPE_CHECKING"));
}

}  // namespace

void Interpreter::ExecTypeChecking(const Node& block) {
  // The block is not evaluated: only the names that it imports matter, for annotations.
  for (const Node* statement : block.children) {
    if (statement->kind == Kind::kImportStatement) ExecImport(*statement);
    if (statement->kind == Kind::kImportFromStatement) ExecImportFrom(*statement);
  }
}

Flow Interpreter::ExecIf(const Node& node) {
  const Node* clause = &node;
  size_t next = 0;  // the next alternative among the node's children
  while (true) {
    const Node* condition = clause->Child(Field::kCondition);
    const Node* body = clause->Child(condition == nullptr ? Field::kBody : Field::kConsequence);
    Truth truth = Truth::kTrue;
    Value value;
    if (condition != nullptr) {
      if (IsTypeChecking(*condition, tree_.Text(*condition))) {
        if (body != nullptr) ExecTypeChecking(*body);
        truth = Truth::kFalse;
      } else {
        value = Eval(*condition);
        if (stopped()) return Flow::kRaise;
        truth = TruthOf(value);
      }
    }
    if (truth == Truth::kUnknown) {
      Opaque* unknown = UnknownPart(value);
      std::string what = "the course of this 'if' is not known: " + unknown->message;
      Opaque* opaque = NewOpaque(std::move(what), *condition);
      Report(opaque);
      TaintAssigned(node, opaque);
      return Flow::kNext;
    }
    if (truth == Truth::kTrue) return body == nullptr ? Flow::kNext : ExecBlock(*body);
    clause = nullptr;
    while (next < node.children.size() && clause == nullptr) {
      const Node* child = node.children[next++];
      if (child->field == Field::kAlternative) clause = child;
    }
    if (clause == nullptr) return Flow::kNext;
  }
}

Flow Interpreter::ExecFor(const Node& node) {
  const Node* target = node.Child(Field::kLeft);
  const Node* source = node.Child(Field::kRight);
  const Node* body = node.Child(Field::kBody);
  if (node.Has(Node::kAsync)) {
    TaintAssigned(node, Unsupported("this loop cannot be evaluated", node).AsOpaque());
    return Flow::kNext;
  }
  Value iterable = Eval(*source);
  if (stopped()) return Flow::kRaise;
  Opaque* unknown = nullptr;
  Flow flow = Flow::kNext;
  ForEach(iterable, *source, &unknown, [&](const Value& item) {
    Assign(*target, item);
    flow = ExecBlock(*body);
    if (flow == Flow::kContinue) flow = Flow::kNext;
    TaintRound(*body);
    return flow == Flow::kNext;
  });
  if (flow == Flow::kReturn || flow == Flow::kRaise) return flow;
  if (unknown != nullptr) {
    Opaque* opaque =
        NewOpaque("the rounds of this loop are not known: " + unknown->message, *source);
    if (unknown->remark != Opaque::kNoRemark) {
      opaque = unknown;
    } else {
      Report(opaque);
    }
    TaintAssigned(*body, opaque);
    TaintTarget(*target, opaque);
  }
  const Node* otherwise = node.Child(Field::kAlternative);
  if (flow == Flow::kBreak || otherwise == nullptr) return Flow::kNext;
  return ExecBlock(*otherwise->Child(Field::kBody));
}

void Interpreter::TaintRound(const Node& body) {
  if (round_unknown_ == nullptr) return;
  Opaque* opaque = round_unknown_;
  TaintAssigned(body, opaque);
  round_unknown_ = nullptr;
}

Flow Interpreter::ExecWhile(const Node& node) {
  const Node* condition = node.Child(Field::kCondition);
  const Node* body = node.Child(Field::kBody);
  while (!fatal_) {
    Value value = Eval(*condition);
    if (stopped()) return Flow::kRaise;
    Truth truth = TruthOf(value);
    if (truth == Truth::kUnknown) {
      Opaque* opaque = NewOpaque(
          "the rounds of this loop are not known: " + UnknownPart(value)->message, *condition);
      Report(opaque);
      TaintAssigned(*body, opaque);
      return Flow::kNext;
    }
    if (truth == Truth::kFalse) break;
    Flow flow = ExecBlock(*body);
    TaintRound(*body);
    if (flow == Flow::kBreak) return Flow::kNext;
    if (flow == Flow::kReturn || flow == Flow::kRaise) return flow;
  }
  const Node* otherwise = node.Child(Field::kAlternative);
  const Node* block = otherwise == nullptr ? nullptr : otherwise->Child(Field::kBody);
  return block == nullptr || fatal_ ? Flow::kNext : ExecBlock(*block);
}

Flow Interpreter::ExecTry(const Node& node) {
  const Node* body = nullptr;
  std::vector<const Node*> handlers;
  const Node* otherwise = nullptr;
  const Node* finally = nullptr;
  for (const Node* child : node.children) {
    switch (child->kind) {
      case Kind::kBlock:
        body = child;
        break;
      case Kind::kExceptClause:
        handlers.push_back(child);
        break;
      case Kind::kElseClause:
        otherwise = child;
        break;
      case Kind::kFinallyClause:
        finally = child;
        break;
      default:
        break;
    }
  }
  Flow flow = Flow::kNext;
  if (!handlers.empty()) ++handlers_;
  if (body != nullptr) flow = ExecBlock(*body);
  if (!handlers.empty()) --handlers_;
  if (raised_) {
    for (const Node* handler : handlers) {
      const Node* type = handler->Child(Field::kValue);
      const Node* alias = handler->Child(Field::kAlias);
      bool catches = type == nullptr;
      if (type != nullptr) {
        std::vector<const Node*> types = {type};
        if (type->kind == Kind::kTuple) types.assign(type->children.begin(), type->children.end());
        for (const Node* one : types) {
          catches |= IsCaughtBy(raised_->type, tree_.Text(*one));
        }
      }
      if (!catches) continue;
      Opaque* opaque = raised_->opaque;
      raised_.reset();
      if (alias != nullptr) Assign(*alias, OpaqueValue(opaque, *handler));
      flow = ExecBlock(*handler->Child(Field::kBody));
      break;
    }
    if (raised_ && handlers_ == 0) {
      // Nobody catches it: report it and continue, as for any other error.
      Report(raised_->opaque);
      raised_.reset();
      flow = Flow::kNext;
    }
  } else if (flow == Flow::kNext && otherwise != nullptr &&
             otherwise->Child(Field::kBody) != nullptr) {
    flow = ExecBlock(*otherwise->Child(Field::kBody));
  }
  if (finally != nullptr && !finally->children.empty() && !fatal_) {
    std::optional<Raised> pending = std::move(raised_);
    raised_.reset();
    Flow last = ExecBlock(*finally->children.back());
    if (last != Flow::kNext) return last;
    if (!raised_) raised_ = std::move(pending);
  }
  return flow;
}

Flow Interpreter::ExecWith(const Node& node) {
  const Node* body = node.Child(Field::kBody);
  for (const Node* item : node.children) {
    if (item->kind != Kind::kWithItem) continue;
    Value manager = Eval(*item->Child(Field::kValue));
    if (const Node* alias = item->Child(Field::kAlias)) {
      if (!manager.opaque()) {
        manager = OpaqueValue(NewOpaque("what 'with' binds here is not known", *item), *item);
      }
      Assign(*alias, manager);
    }
  }
  return ExecBlock(*body);
}

Flow Interpreter::ExecReturn(const Node& node) {
  if (frames_.empty()) return Flow::kNext;
  const Node* value = node.At(0);
  Value result = value == nullptr ? Value::None() : Eval(*value);
  if (raised_) return Flow::kRaise;
  frames_.back().result = result;
  frames_.back().returned = true;
  return Flow::kReturn;
}

Flow Interpreter::ExecRaise(const Node& node) {
  const Node* what = node.At(0);
  std::string type = "an exception";
  std::string message;
  if (what != nullptr) {
    const Node* name = what->kind == Kind::kCall ? what->Child(Field::kFunction) : what;
    if (name != nullptr) type = std::string(tree_.Text(*name));
    const Node* arguments = what->kind == Kind::kCall ? what->Child(Field::kArguments) : nullptr;
    if (arguments != nullptr && arguments->At(0) != nullptr) {
      Value value = Eval(*arguments->children[0]);
      if (!value.Is(Type::kStr) || !Show(value, /*repr=*/false, node, &message)) message.clear();
    }
  }
  // An uncaught one is reported where the file calls the function that raises it: that is the line
  // to fix.
  uint32_t begin = node.begin;
  uint32_t end = node.end;
  for (const Frame& frame : frames_) {
    if (!frame.call.known()) continue;
    begin = frame.call.begin;
    end = frame.call.end;
    break;
  }
  Node where;
  where.begin = begin;
  where.end = end;
  Value raised = Raise(type, message, handlers_ > 0 ? node : where);
  if (raised_) return Flow::kRaise;
  if (frames_.empty()) return Flow::kNext;
  frames_.back().result = raised;
  return Flow::kReturn;
}

void Interpreter::ExecAssert(const Node& node) {
  const Node* condition = node.At(0);
  if (condition == nullptr) return;
  if (TruthOf(Eval(*condition)) != Truth::kFalse || stopped()) return;
  std::string message;
  if (const Node* text = node.At(1)) {
    Value value = Eval(*text);
    if (value.Is(Type::kStr)) message = value.text();
  }
  Raise("AssertionError", message, node);
}

void Interpreter::ExecDelete(const Node& node) {
  std::vector<const Node*> targets(node.children.begin(), node.children.end());
  if (targets.size() == 1 && targets[0]->kind == Kind::kTuple) {
    const Node* list = targets[0];
    targets.assign(list->children.begin(), list->children.end());
  }
  for (const Node* target : targets) {
    if (target->kind == Kind::kIdentifier) {
      scope_->names.erase(tree_.Text(*target));
      continue;
    }
    const Node* object_node = target->Child(Field::kValue);
    const Node* index_node = target->Child(Field::kSubscript);
    if (target->kind != Kind::kSubscript || object_node == nullptr || index_node == nullptr) {
      Unsupported("this 'del' cannot be evaluated", *target);
      continue;
    }
    Value object = Eval(*object_node);
    if (object.opaque()) continue;
    if (index_node->kind == Kind::kSlice && object.Is(Type::kList)) {
      List* list = object.AsList();
      Bounds bounds = EvalSlice(*index_node, static_cast<int64_t>(list->items.size()));
      Work(list->items.size(), *target);
      if (bounds.ok && bounds.step == 1) {
        list->items.erase(list->items.begin() + bounds.start,
                          list->items.begin() + std::max(bounds.start, bounds.stop));
      } else {
        Opaque* opaque = bounds.unknown != nullptr
                             ? bounds.unknown
                             : Unsupported("this 'del' cannot be evaluated", *target).AsOpaque();
        AddTaint(&list->taint, opaque);
      }
      continue;
    }
    Arguments arguments;
    arguments.positional.push_back(Eval(*index_node));
    if (object.Is(Type::kDict)) {
      DictMethod(object, "pop", arguments, *target);
    } else if (object.Is(Type::kList)) {
      ListMethod(object, "pop", arguments, *target);
    } else {
      Raise("TypeError", "'" + TypeName(object) + "' object doesn't support item deletion",
            *target);
    }
  }
}

void Interpreter::ExecFunction(const Node& node) {
  const Node* name = node.Child(Field::kName);
  if (node.Has(Node::kAsync)) {
    Bind(tree_.Text(*name),
         OpaqueValue(NewOpaque("an async function cannot be evaluated", node), node));
    return;
  }
  if (!Charge(sizeof(Function) + name->end - name->begin, node)) return;
  auto* function = heap_.New<Function>();
  function->node = &node;
  function->closure = scope_;
  function->name = std::string(tree_.Text(*name));
  AddDefaults(*node.Child(Field::kParameters), function);
  Bind(tree_.Text(*name), Value::Of(Type::kFunction, function).At(*name));
}

void Interpreter::AddDefaults(const Node& parameters, Function* function) {
  for (const Node* parameter : parameters.children) {
    if (const Node* value = parameter->Child(Field::kValue)) {
      function->defaults.emplace_back(tree_.Text(*parameter->Child(Field::kName)), Eval(*value));
    }
  }
}

}  // namespace wcheck::python
