// What a piece of source could change, if it is unknown whether or how often it runs.
#include <algorithm>

#include "python/interpreter.h"

namespace wcheck::python {
namespace {

// Methods that change the object that they are called on.
bool Changes(std::string_view method) {
  constexpr std::string_view kChanging[] = {"append",  "extend", "insert",  "pop",    "remove",
                                            "clear",   "sort",   "reverse", "update", "setdefault",
                                            "popitem", "add",    "discard"};
  return std::find(std::begin(kChanging), std::end(kChanging), method) != std::end(kChanging);
}

// Calls `each` with the names that `target` binds.
template <typename F>
void TargetNames(const Node& target, const F& each) {
  if (target.kind == Kind::kIdentifier) {
    each(target);
    return;
  }
  if (target.kind == Kind::kSubscript || target.kind == Kind::kAttribute) return;
  for (const Node* child : target.children) TargetNames(*child, each);
}

// Calls `each` with the names that executing `node` binds in its own scope.
template <typename F>
void BoundNames(const Node& node, const F& each) {
  switch (node.kind) {
    case Kind::kFunctionDefinition:
    case Kind::kClassDefinition:
      if (const Node* name = node.Child(Field::kName)) each(*name);
      return;
    case Kind::kLambda:
      return;
    case Kind::kAssignment:
    case Kind::kAnnotatedAssignment:
    case Kind::kAugmentedAssignment:
    case Kind::kForStatement:
      for (const Node* child : node.children) {
        if (child->field == Field::kLeft) TargetNames(*child, each);
      }
      break;
    case Kind::kCapturePattern:
      each(*node.children[0]);
      return;
    case Kind::kNamedExpression:
      if (const Node* name = node.Child(Field::kName)) each(*name);
      break;
    case Kind::kWithItem:
    case Kind::kExceptClause:
      if (const Node* alias = node.Child(Field::kAlias)) TargetNames(*alias, each);
      break;
    case Kind::kAliasedImport:
      if (const Node* alias = node.Child(Field::kAlias)) each(*alias);
      return;
    case Kind::kImportFromStatement:
    case Kind::kImportStatement:
      for (const Node* child : node.children) {
        if (child->kind == Kind::kAliasedImport) BoundNames(*child, each);
        if (child->kind == Kind::kDottedName && child->field == Field::kName) each(*child->At(0));
        if (child->kind == Kind::kIdentifier) each(*child);
      }
      return;
    default:
      break;
  }
  for (const Node* child : node.children) BoundNames(*child, each);
}

template <typename F>
void ParameterNames(const Node& parameters, const F& each) {
  for (const Node* parameter : parameters.children) {
    if (const Node* name = parameter->Child(Field::kName)) each(*name);
  }
}

}  // namespace

const std::unordered_map<std::string_view, uint32_t>* Interpreter::LocalsOf(const Node& function) {
  auto found = locals_.try_emplace(&function);
  std::unordered_map<std::string_view, uint32_t>& names = found.first->second;
  if (!found.second) return &names;
  auto add = [&](const Node& name) { names.emplace(tree_.Text(name), name.begin); };
  if (const Node* parameters = function.Child(Field::kParameters)) ParameterNames(*parameters, add);
  if (const Node* body = function.Child(Field::kBody);
      body != nullptr && body->kind == Kind::kBlock) {
    BoundNames(*body, add);
  }
  return &names;
}

std::optional<Value> Interpreter::Peek(const Node& node) {
  switch (node.kind) {
    case Kind::kIdentifier: {
      bool unbound = false;
      const Value* found = Lookup(tree_.Text(node), &unbound);
      if (found == nullptr) return std::nullopt;
      return *found;
    }
    case Kind::kParenthesizedExpression:
      return node.At(0) == nullptr ? std::nullopt : Peek(*node.At(0));
    case Kind::kString: {
      // A plain literal; one with interpolations could call something.
      for (const Node* child : node.children) {
        if (child->kind == Kind::kInterpolation) return std::nullopt;
      }
      return EvalString(node);
    }
    case Kind::kInteger:
      return EvalNumber(node);
    case Kind::kSubscript: {
      const Node* object = node.Child(Field::kValue);
      const Node* index = node.Child(Field::kSubscript);
      if (object == nullptr || index == nullptr) return std::nullopt;
      std::optional<Value> value = Peek(*object);
      std::optional<Value> key = Peek(*index);
      if (!value || !key || !value->Is(Type::kDict)) return std::nullopt;
      std::string hash;
      if (!HashKey(*key, &hash)) return std::nullopt;
      DictItem* item = value->AsDict()->Find(hash);
      if (item == nullptr) return std::nullopt;
      return item->value;
    }
    default:
      return std::nullopt;
  }
}

void Interpreter::TaintRoot(const Node& chain, Opaque* opaque) {
  const Node* root = &chain;
  while (root != nullptr) {
    if (std::optional<Value> value = Peek(*root)) {
      TaintValue(*value, opaque);
      return;
    }
    root = root->kind == Kind::kSubscript   ? root->Child(Field::kValue)
           : root->kind == Kind::kAttribute ? root->Child(Field::kObject)
           : root->kind == Kind::kCall      ? root->Child(Field::kFunction)
                                            : nullptr;
  }
}

void Interpreter::TaintTarget(const Node& target, Opaque* opaque) {
  switch (target.kind) {
    case Kind::kIdentifier: {
      // The name may be bound again; the object that it is bound to now may live on elsewhere.
      Bind(tree_.Text(target), OpaqueValue(opaque, target));
      return;
    }
    case Kind::kSubscript: {
      const Node* object = target.Child(Field::kValue);
      const Node* index = target.Child(Field::kSubscript);
      std::optional<Value> container = object == nullptr ? std::nullopt : Peek(*object);
      if (!container) {
        if (object != nullptr) TaintRoot(*object, opaque);
        return;
      }
      std::optional<Value> key = index == nullptr ? std::nullopt : Peek(*index);
      std::string hash;
      if (container->Is(Type::kDict) && key && HashKey(*key, &hash)) {
        Store(container->AsDict(), hash, *key, OpaqueValue(opaque, target), target);
        return;
      }
      TaintContainer(*container, opaque);
      return;
    }
    case Kind::kAttribute: {
      const Node* object = target.Child(Field::kObject);
      if (object != nullptr) TaintRoot(*object, opaque);
      return;
    }
    default:
      for (const Node* child : target.children) TaintTarget(*child, opaque);
  }
}

void Interpreter::TaintAssigned(const Node& node, Opaque* opaque, bool in_loop) {
  if (!Step(node)) return;
  switch (node.kind) {
    case Kind::kBreakStatement:
    case Kind::kContinueStatement:
      if (!in_loop) round_unknown_ = opaque;
      return;
    case Kind::kWhileStatement:
      in_loop = true;
      break;
    case Kind::kFunctionDefinition:
    case Kind::kClassDefinition:
      if (const Node* name = node.Child(Field::kName)) TaintTarget(*name, opaque);
      return;
    case Kind::kLambda:
      return;
    case Kind::kAssignment:
    case Kind::kAnnotatedAssignment:
    case Kind::kForStatement:
      for (const Node* child : node.children) {
        if (child->field == Field::kLeft) TaintTarget(*child, opaque);
      }
      in_loop = in_loop || node.kind == Kind::kForStatement;
      break;
    case Kind::kAugmentedAssignment: {
      const Node* left = node.Child(Field::kLeft);
      if (left == nullptr) break;
      // An object that is changed in place may be shared.
      if (std::optional<Value> value = Peek(*left)) TaintContainer(*value, opaque);
      bool container = false;
      if (std::optional<Value> value = Peek(*left)) {
        container = value->Is(Type::kList) || value->Is(Type::kDict) || value->Is(Type::kSet);
      }
      if (!container) TaintTarget(*left, opaque);
      break;
    }
    case Kind::kNamedExpression:
      if (const Node* name = node.Child(Field::kName)) TaintTarget(*name, opaque);
      break;
    case Kind::kWithItem:
    case Kind::kExceptClause:
      if (const Node* alias = node.Child(Field::kAlias)) TaintTarget(*alias, opaque);
      break;
    case Kind::kCapturePattern:
      TaintTarget(*node.children[0], opaque);
      return;
    case Kind::kDeleteStatement:
      for (const Node* child : node.children) TaintTarget(*child, opaque);
      return;
    case Kind::kReturnStatement:
      if (!frames_.empty()) AddTaint(&frames_.back().taint, opaque);
      break;
    case Kind::kCall: {
      // A method that changes its object, or a function that may change its arguments.
      const Node* function = node.Child(Field::kFunction);
      if (function != nullptr && function->kind == Kind::kAttribute) {
        const Node* object = function->Child(Field::kObject);
        const Node* method = function->Child(Field::kAttribute);
        if (object != nullptr && method != nullptr && Changes(tree_.Text(*method))) {
          if (std::optional<Value> value = Peek(*object)) {
            TaintContainer(*value, opaque);
          } else {
            TaintRoot(*object, opaque);
          }
        }
      } else if (const Node* arguments = node.Child(Field::kArguments)) {
        std::optional<Value> callee = function == nullptr ? std::nullopt : Peek(*function);
        bool ours = callee && callee->Is(Type::kFunction);
        for (const Node* argument : arguments->children) {
          const Node* given =
              argument->kind == Kind::kKeywordArgument ? argument->Child(Field::kValue) : argument;
          std::optional<Value> value = given == nullptr ? std::nullopt : Peek(*given);
          if (ours && value) TaintValue(*value, opaque);
        }
        // A function of this file may change everything that it can reach, which is what it names.
        if (ours && tainting_.insert(callee->AsFunction()->node).second) {
          Environment* outer = scope_;
          scope_ = callee->AsFunction()->closure;
          if (const Node* body = callee->AsFunction()->node->Child(Field::kBody)) {
            TaintGlobals(*body, opaque);
          }
          scope_ = outer;
          tainting_.erase(callee->AsFunction()->node);
        }
      }
      break;
    }
    default:
      break;
  }
  for (const Node* child : node.children) TaintAssigned(*child, opaque, in_loop);
}

void Interpreter::TaintGlobals(const Node& body, Opaque* opaque) {
  if (!Step(body)) return;
  if (body.kind == Kind::kIdentifier) {
    bool unbound = false;
    const Value* found = Lookup(tree_.Text(body), &unbound);
    if (found != nullptr && !found->Is(Type::kFunction)) TaintValue(*found, opaque);
    return;
  }
  for (const Node* child : body.children) TaintGlobals(*child, opaque);
}

}  // namespace wcheck::python
