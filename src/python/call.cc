// Calls: arguments, functions of the file, and what is known about functions that are not.
#include <algorithm>

#include "python/interpreter.h"
#include "python/limits.h"

namespace wcheck::python {

namespace {

std::string_view LastPart(std::string_view path) {
  size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

bool HasPart(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// is_torch_available, is_torch_greater_or_equal, find_spec: tests of what is installed.
bool IsGuard(std::string_view path) {
  std::string_view name = LastPart(path);
  if (name == "find_spec") return true;
  return name.starts_with("is_") && (HasPart(name, "available") || HasPart(name, "installed") ||
                                     HasPart(name, "greater_or_equal") || HasPart(name, "version"));
}

// Functions that only report: they do not change their arguments.
bool OnlyTells(std::string_view path) { return HasPart(path, "logg") || HasPart(path, "warn"); }

bool ContainsYield(const Node& node) {
  if (node.kind == Kind::kYield) return true;
  if (node.kind == Kind::kFunctionDefinition || node.kind == Kind::kLambda) return false;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const Node* child) { return ContainsYield(*child); });
}

}  // namespace

Value Interpreter::EvalCall(const Node& node) {
  const Node* list = node.Child(Field::kArguments);
  Value callee = Eval(*node.Child(Field::kFunction));
  Arguments arguments;
  if (list->kind == Kind::kGeneratorExpression) {
    arguments.positional.push_back(EvalGenerator(*list));
  } else {
    arguments = EvalArguments(*list);
  }
  if (stopped()) return OpaqueValue(NewOpaque("not evaluated", node), node);
  return Call(callee, arguments, node);
}

Arguments Interpreter::EvalArguments(const Node& list) {
  Arguments arguments;
  for (const Node* child : list.children) {
    switch (child->kind) {
      case Kind::kKeywordArgument: {
        const Node& name = *child->Child(Field::kName);
        Work(WorkOf(tree_.Text(name).size()), name);
        arguments.keywords.emplace_back(tree_.Text(name), Eval(*child->Child(Field::kValue)));
        break;
      }
      case Kind::kListSplat: {
        Opaque* unknown = nullptr;
        for (const Value& item : Items(Eval(*child->children[0]), *child, &unknown)) {
          arguments.positional.push_back(item);
        }
        if (unknown != nullptr) arguments.unknown = unknown;
        break;
      }
      case Kind::kDictionarySplat: {
        Value inner = Eval(*child->children[0]);
        if (!inner.Is(Type::kDict)) {
          arguments.unknown =
              inner.opaque()
                  ? inner.AsOpaque()
                  : Raise("TypeError", "argument after ** must be a mapping", *child).AsOpaque();
          break;
        }
        Work(inner.AsDict()->items.size(), *child);
        for (const DictItem& item : inner.AsDict()->items) {
          if (!item.live) continue;
          if (item.key.Is(Type::kStr)) {
            Work(WorkOf(item.key.text().size()), *child);
            arguments.keywords.emplace_back(item.key.text(), item.value);
          } else {
            arguments.unknown = Raise("TypeError", "keywords must be strings", *child).AsOpaque();
          }
        }
        if (!inner.AsDict()->taint.empty()) arguments.unknown = inner.AsDict()->taint.front();
        break;
      }
      case Kind::kError:
        arguments.unknown =
            Unsupported("this part of the file has a syntax error", *child).AsOpaque();
        break;
      default:
        arguments.positional.push_back(Eval(*child));
        break;
    }
  }
  return arguments;
}

Value Interpreter::Call(const Value& callee, Arguments& arguments, const Node& node) {
  switch (callee.type) {
    case Type::kOpaque:
      return CallOpaque(callee, arguments, node);
    case Type::kFunction:
      return CallFunction(callee.AsFunction(), arguments, node, false);
    case Type::kBuiltin:
      return CallBuiltin(static_cast<Builtin>(callee.integer), arguments, node);
    case Type::kMethod:
      return CallMethod(callee.AsMethod(), arguments, node);
    case Type::kNativeClass:
      return callee.AsNativeClass()->Call(this, &arguments, node);
    case Type::kExceptionClass: {
      std::string message;
      if (!arguments.positional.empty()) Show(arguments.positional[0], /*repr=*/false, node, &message);
      return OpaqueValue(NewOpaque("an exception: " + callee.text() + "(" + message + ")", node),
                         node);
    }
    default:
      return Raise("TypeError", "'" + TypeName(callee) + "' object is not callable", node);
  }
}

Value Interpreter::CallOpaque(const Value& callee, Arguments& arguments, const Node& node) {
  const Opaque& function = *callee.AsOpaque();
  if (IsGuard(function.path)) {
    Assume("'" + std::string(tree_.Text(*node.Child(Field::kFunction))) +
               "()' asks what is installed; taken as true",
           node);
    return Value::Bool(true).At(node);
  }
  Opaque* result = NewOpaque("", node);
  if (function.path.empty()) {
    result = callee.AsOpaque();
  } else {
    Charge(2 * function.path.size(), node);
    result->path = function.path + "()";
    result->message = "what '" + function.path + "()' gives is not known here";
  }
  if (!OnlyTells(function.path)) {
    for (const Value& argument : arguments.positional) TaintValue(argument, result);
    for (const auto& [name, argument] : arguments.keywords) TaintValue(argument, result);
  }
  return OpaqueValue(result, node);
}

bool Interpreter::IsGenerator(const Node& function) {
  if (function.kind != Kind::kFunctionDefinition) return false;
  const auto [found, is_new] = generators_.try_emplace(&function, false);
  if (is_new) found->second = ContainsYield(*function.Child(Field::kBody));
  return found->second;
}

Value Interpreter::CallFunction(Function* function, Arguments& arguments, const Node& node,
                                bool builder) {
  if (frames_.size() >= kMaxCallDepth) {
    Fatal(node,
          "functions call each other deeper than " + std::to_string(kMaxCallDepth) + " levels",
          Or("use loops instead of recursion"));
    return Value::None();
  }
  const Node* body = function->node->Child(Field::kBody);
  auto* scope = heap_.New<Environment>();
  scope->parent = function->closure == module_ ? module_ : function->closure;
  scope->function = scope;
  scope->locals = LocalsOf(*function->node);
  Value failure;
  if (!BindParameters(function, arguments, node, scope, &failure)) return failure;

  builder = builder || client_.IsBuilder(function->name);
  std::vector<Context> outer_contexts;
  if (builder) {
    outer_contexts.swap(contexts_);
  } else {
    contexts_.push_back({"made by a call of '" + function->name + "'", RangeOf(node)});
  }
  Environment* outer = scope_;
  scope_ = scope;
  frames_.emplace_back();
  frames_.back().function = function;
  if (!builder) frames_.back().call = RangeOf(node);
  frames_.back().is_generator = IsGenerator(*function->node);
  if (body->kind == Kind::kBlock) {
    ExecBlock(*body);
  } else {
    frames_.back().result = Eval(*body);
  }
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  scope_ = outer;
  if (builder) {
    contexts_.swap(outer_contexts);
  } else {
    contexts_.pop_back();
  }
  if (frame.is_generator) {
    frame.result = NewIterator(std::move(frame.yielded), node);
    if (!frame.taint.empty() && frame.result.Is(Type::kIterator)) {
      frame.result.AsIterator()->unknown = frame.taint.front();
    }
    return frame.result;
  }
  for (Opaque* taint : frame.taint) {
    TaintContainer(frame.result, taint);
    if (UnknownPart(frame.result) == nullptr) frame.result = OpaqueValue(taint, node);
  }
  if (frame.result.Is(Type::kDict)) frame.result.AsDict()->made_by = function->node;
  return frame.result;
}

bool Interpreter::BindParameters(Function* function, Arguments& arguments, const Node& node,
                                 Environment* scope, Value* failure) {
  const Node* list = function->node->Child(Field::kParameters);
  std::string shown = function->name + "()";
  auto fail = [&](const std::string& message) {
    *failure = Raise("TypeError", shown + " " + message, node);
    return false;
  };
  size_t next = 0;
  std::vector<bool> used(arguments.keywords.size());
  bool positional_ended = false;
  auto take_keyword = [&](std::string_view name, Value* value) {
    Work(arguments.keywords.size(), node);
    for (size_t i = 0; i < arguments.keywords.size(); ++i) {
      if (arguments.keywords[i].first != name) continue;
      used[i] = true;
      *value = arguments.keywords[i].second;
      return true;
    }
    return false;
  };
  std::string_view rest_keywords;
  for (const Node* parameter : list == nullptr ? std::span<const Node* const>() : list->children) {
    if (parameter->kind == Kind::kError) {
      *failure = Unsupported("this part of the file has a syntax error", *parameter);
      return false;
    }
    const Node* name_node = parameter->Child(Field::kName);
    if (name_node == nullptr) {
      positional_ended = positional_ended || parameter->kind == Kind::kKeywordSeparator;
      continue;
    }
    std::string_view name = tree_.Text(*name_node);
    if (parameter->kind == Kind::kStarParameter) {
      std::vector<Value> rest(
          arguments.positional.begin() +
              static_cast<ptrdiff_t>(std::min(next, arguments.positional.size())),
          arguments.positional.end());
      next = arguments.positional.size();
      Value tuple = NewList(Type::kTuple, std::move(rest), node);
      if (arguments.unknown != nullptr && !tuple.none()) {
        AddTaint(&tuple.AsList()->taint, arguments.unknown);
      }
      scope->names[name] = tuple;
      positional_ended = true;
      continue;
    }
    if (parameter->kind == Kind::kDoubleStarParameter) {
      rest_keywords = name;
      continue;
    }
    Value value;
    if (!positional_ended && next < arguments.positional.size()) {
      value = arguments.positional[next++];
      Value twice;
      if (take_keyword(name, &twice)) {
        return fail("got multiple values for argument '" + std::string(name) + "'");
      }
    } else if (!take_keyword(name, &value)) {
      auto found = std::find_if(function->defaults.begin(), function->defaults.end(),
                                [&](const auto& entry) { return entry.first == name; });
      if (arguments.unknown != nullptr) {
        value = OpaqueValue(arguments.unknown, node);
      } else if (found != function->defaults.end()) {
        value = found->second;
      } else {
        return fail("is missing the argument '" + std::string(name) + "'");
      }
    }
    scope->names[name] = value;
  }
  if (next < arguments.positional.size()) return fail("takes fewer positional arguments");
  Value rest = rest_keywords.empty() ? Value::None() : NewDict(Type::kDict, node);
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    const auto& [name, value] = arguments.keywords[i];
    if (rest_keywords.empty()) return fail("got an unexpected keyword argument '" + name + "'");
    Value key = NewStr(name, node);
    std::string hash;
    HashKey(key, &hash);
    if (rest.Is(Type::kDict)) Store(rest.AsDict(), hash, key, value, node);
  }
  if (!rest_keywords.empty()) {
    if (arguments.unknown != nullptr && rest.Is(Type::kDict)) {
      AddTaint(&rest.AsDict()->taint, arguments.unknown);
    }
    scope->names[rest_keywords] = rest;
  }
  return true;
}

bool Interpreter::Bind(std::string_view function, std::initializer_list<std::string_view> names,
                       size_t required, const Arguments& arguments,
                       std::vector<std::optional<Value>>* out, const Node& node, Value* failure) {
  out->assign(names.size(), std::nullopt);
  auto fail = [&](const std::string& message) {
    *failure = Raise("TypeError", std::string(function) + "() " + message, node);
    return false;
  };
  if (arguments.unknown != nullptr) {
    *failure = OpaqueValue(arguments.unknown, node);
    return false;
  }
  if (arguments.positional.size() > names.size()) return fail("takes fewer positional arguments");
  for (size_t i = 0; i < arguments.positional.size(); ++i) (*out)[i] = arguments.positional[i];
  for (const auto& [name, value] : arguments.keywords) {
    auto found = std::find(names.begin(), names.end(), std::string_view(name));
    if (found == names.end()) return fail("got an unexpected keyword argument '" + name + "'");
    auto& slot = (*out)[static_cast<size_t>(found - names.begin())];
    if (slot) return fail("got multiple values for argument '" + name + "'");
    slot = value;
  }
  for (size_t i = 0; i < required; ++i) {
    if (!(*out)[i]) return fail("is missing the argument '" + std::string(names.begin()[i]) + "'");
  }
  return true;
}

}  // namespace wcheck::python
