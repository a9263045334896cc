// Expressions except operators, strings, comprehensions and calls.
#include <charconv>

#include "python/interpreter.h"
#include "python/limits.h"
#include "python/unicode.h"

namespace wcheck::python {

Value Interpreter::Eval(const Node& node) {
  if (stopped() || !Step(node)) return OpaqueValue(NewOpaque("not evaluated", node), node);
  if (depth_ >= kMaxEvalDepth) {
    Fatal(node, "the evaluation is nested deeper than " + std::to_string(kMaxEvalDepth) + " levels",
          "split the expression into named parts");
    return OpaqueValue(NewOpaque("not evaluated", node), node);
  }
  if (node.children.empty() && !Work(WorkOf(node.end - node.begin), node)) {
    return OpaqueValue(NewOpaque("not evaluated", node), node);
  }
  ++depth_;
  Value value = EvalInner(node);
  --depth_;
  return value;
}

Value Interpreter::EvalInner(const Node& node) {
  switch (node.kind) {
    case Kind::kIdentifier:
      return EvalName(node);
    case Kind::kString:
      return EvalString(node);
    case Kind::kConcatenatedString:
      return EvalConcatenated(node);
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kImaginary:
      return EvalNumber(node);
    case Kind::kTrue:
      return Value::Bool(true).At(node);
    case Kind::kFalse:
      return Value::Bool(false).At(node);
    case Kind::kNone:
      return Value::None().At(node);
    case Kind::kList:
      return EvalDisplay(node, Type::kList);
    case Kind::kTuple:
      return EvalDisplay(node, Type::kTuple);
    case Kind::kSet:
      return EvalDisplay(node, Type::kSet);
    case Kind::kDictionary:
      return EvalDict(node);
    case Kind::kCall:
      return EvalCall(node);
    case Kind::kAttribute:
      return EvalAttribute(node);
    case Kind::kSubscript:
      return EvalSubscript(node);
    case Kind::kParenthesizedExpression:
      if (node.children.size() == 1) return Eval(*node.children[0]).At(node);
      break;
    case Kind::kBinaryOperator:
      return EvalBinary(node);
    case Kind::kUnaryOperator:
      return EvalUnary(node);
    case Kind::kNotOperator: {
      Value value = Eval(*node.Child(Field::kArgument));
      Truth truth = TruthOf(value);
      if (truth == Truth::kUnknown) return OpaqueValue(UnknownPart(value), node);
      return Value::Bool(truth == Truth::kFalse).At(node);
    }
    case Kind::kBooleanOperator:
      return EvalBoolean(node);
    case Kind::kComparisonOperator:
      return EvalComparison(node);
    case Kind::kConditionalExpression:
      return EvalConditional(node);
    case Kind::kNamedExpression:
      return EvalNamed(node);
    case Kind::kListComprehension:
    case Kind::kSetComprehension:
    case Kind::kDictionaryComprehension:
      return EvalComprehension(node);
    case Kind::kGeneratorExpression:
      return EvalGenerator(node);
    case Kind::kLambda: {
      auto* function = heap_.New<Function>();
      function->node = &node;
      function->closure = scope_;
      function->name = "<lambda>";
      if (const Node* parameters = node.Child(Field::kParameters)) {
        AddDefaults(*parameters, function);
      }
      return Value::Of(Type::kFunction, function).At(node);
    }
    case Kind::kYield: {
      if (frames_.empty()) break;
      const Node* inner = node.At(0);
      Value value = inner == nullptr ? Value::None() : Eval(*inner);
      if (node.Has(Node::kFrom)) {
        Opaque* unknown = nullptr;
        for (const Value& item : Items(value, node, &unknown))
          frames_.back().yielded.push_back(item);
        if (unknown != nullptr) AddTaint(&frames_.back().taint, unknown);
      } else {
        frames_.back().yielded.push_back(value);
      }
      return Value::None().At(node);
    }
    case Kind::kError:
      return Unsupported("this part of the file has a syntax error", node);
    default:
      break;
  }
  return Unsupported("a construct that cannot be evaluated: " + std::string(KindName(node.kind)),
                     node);
}

Value Interpreter::EvalName(const Node& node) {
  std::string_view name = tree_.Text(node);
  bool unbound = false;
  // A name keeps the range of its value: that is where a pattern was written.
  if (const Value* found = Lookup(name, &unbound)) return *found;
  if (unbound) {
    return Raise("UnboundLocalError",
                 "local variable '" + std::string(name) + "' is used before it is assigned", node);
  }
  if (std::optional<Builtin> builtin = FindBuiltin(name)) {
    Value value = Value::Of(Type::kBuiltin, nullptr).At(node);
    value.integer = static_cast<int64_t>(*builtin);
    return value;
  }
  if (IsExceptionName(name)) {
    Value value = NewStr(std::string(name), node);
    value.type = Type::kExceptionClass;
    return value;
  }
  if (name == "__name__") return NewStr(std::string(client_.ModuleName()), node);
  Value known = ImportedName("", name, node);
  // These can bind any name.
  if (name == "globals" || name == "locals" || name == "vars" || name == "exec") {
    any_name_ = true;
  }
  if (IsOtherBuiltin(name) || any_name_) return known;
  if (!known.opaque()) {
    Assume("'" + std::string(name) + "' is used without an import; taken as the library's", node,
           /*once_a_file=*/true);
    return known;
  }
  return Raise("NameError", "name '" + std::string(name) + "' is not defined", node);
}

Value Interpreter::EvalDisplay(const Node& node, Type type) {
  if (node.children.size() > kMaxDisplayItems) {
    Fatal(node, "a display of more than " + std::to_string(kMaxDisplayItems) + " items",
          Or("split it"));
    return Value::None();
  }
  std::vector<Value> items;
  items.reserve(node.children.size());
  Taint taint;
  for (const Node* child : node.children) {
    if (child->kind == Kind::kListSplat) {
      Opaque* unknown = nullptr;
      Value inner = Eval(*child->children[0]);
      bool is_list = inner.Is(Type::kList) || inner.Is(Type::kTuple);
      std::vector<Value> more = is_list ? CopyItems(inner, *child) : Items(inner, *child, &unknown);
      if (is_list && !inner.AsList()->taint.empty()) unknown = inner.AsList()->taint.front();
      items.insert(items.end(), more.begin(), more.end());
      if (unknown != nullptr) AddTaint(&taint, unknown);
      if (!Charge(more.size() * sizeof(Value), node)) return Value::None();
    } else {
      items.push_back(Eval(*child));
    }
  }
  if (type != Type::kSet) {
    Value list = NewList(type, std::move(items), node);
    if (!list.none()) list.AsList()->taint = std::move(taint);
    return list;
  }
  Value set = NewDict(Type::kSet, node);
  if (set.none()) return set;
  set.AsDict()->taint = std::move(taint);
  for (const Value& item : items) {
    std::string hash;
    Value failure;
    if (!Hash(item, node, &hash, &failure)) {
      AddTaint(&set.AsDict()->taint, failure.AsOpaque());
      continue;
    }
    Store(set.AsDict(), hash, item, Value::None(), node);
  }
  return set;
}

Value Interpreter::EvalDict(const Node& node) {
  if (node.children.size() > kMaxDisplayItems) {
    Fatal(node, "a display of more than " + std::to_string(kMaxDisplayItems) + " items",
          Or("split it"));
    return Value::None();
  }
  Value value = NewDict(Type::kDict, node);
  if (value.none()) return value;
  Dict* dict = value.AsDict();
  for (size_t i = 0; i < node.children.size(); ++i) {
    const Node* child = node.children[i];
    if (child->kind == Kind::kPair) {
      const Node* key_node = child->Child(Field::kKey);
      const Node* value_node = child->Child(Field::kValue);
      Value key = Eval(*key_node).At(*key_node);
      Value item = Eval(*value_node);
      std::string hash;
      Value failure;
      if (!Hash(key, *key_node, &hash, &failure)) {
        AddTaint(&dict->taint, failure.AsOpaque());
        continue;
      }
      Store(dict, hash, key, item, *child);
    } else if (child->kind == Kind::kDictionarySplat) {
      Value inner = Eval(*child->children[0]);
      if (!inner.Is(Type::kDict)) {
        Opaque* opaque =
            inner.opaque()
                ? inner.AsOpaque()
                : Raise("TypeError", "'" + TypeName(inner) + "' object is not a mapping", *child)
                      .AsOpaque();
        AddTaint(&dict->taint, opaque);
        continue;
      }
      for (Opaque* taint : inner.AsDict()->taint) AddTaint(&dict->taint, taint);
      for (const auto& item : std::vector<DictItem>(inner.AsDict()->items)) {
        std::string hash;
        Value failure;
        if (item.live && Hash(item.key, *child, &hash, &failure)) {
          Store(dict, hash, item.key, item.value, *child);
        }
      }
    } else {
      // Something was lost next to the neighbours: do not trust them.
      Opaque* opaque = Unsupported("this part of the file has a syntax error", *child).AsOpaque();
      if (!dict->items.empty()) TaintValue(dict->items.back().value, opaque);
      if (const Node* next = node.At(i + 1); next != nullptr && next->kind == Kind::kPair) {
        Value key = Eval(*next->Child(Field::kKey)).At(*next->Child(Field::kKey));
        Value item = Eval(*next->Child(Field::kValue));
        TaintValue(item, opaque);
        std::string hash;
        Value failure;
        if (Hash(key, *next, &hash, &failure)) Store(dict, hash, key, item, *next);
        ++i;
      }
    }
  }
  return value;
}

Value Interpreter::EvalNumber(const Node& node) {
  std::string text(tree_.Text(node));
  std::erase(text, '_');
  if (node.kind == Kind::kImaginary) {
    return Unsupported("a complex number cannot be evaluated", node);
  }
  if (node.kind == Kind::kFloat) {
    double number = 0;
    const char* begin = text.c_str();
    std::from_chars(begin, begin + text.size(), number);
    return Value::Float(number).At(node);
  }
  int base = 10;
  std::string_view digits = text;
  if (digits.size() > 1 && digits[0] == '0') {
    char kind = static_cast<char>(digits[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
    if (base != 10) digits.remove_prefix(2);
  }
  int64_t number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return Unsupported("an integer of more than 64 bits cannot be evaluated", node);
  }
  return Value::Int(number).At(node);
}

Value Interpreter::EvalConditional(const Node& node) {
  Value condition = Eval(*node.Child(Field::kCondition));
  Truth truth = TruthOf(condition);
  if (truth == Truth::kUnknown) return OpaqueValue(UnknownPart(condition), node);
  return Eval(*node.Child(truth == Truth::kTrue ? Field::kConsequence : Field::kAlternative));
}

Value Interpreter::EvalNamed(const Node& node) {
  const Node* name = node.Child(Field::kName);
  Value value = Eval(*node.Child(Field::kValue));
  // A comprehension's `:=` binds in the function around it.
  Environment* inner = scope_;
  scope_ = scope_->function;
  Bind(tree_.Text(*name), value);
  scope_ = inner;
  return value;
}

// --- attributes ------------------------------------------------------------------------------

Value Interpreter::EvalAttribute(const Node& node) {
  const Node& attribute = *node.Child(Field::kAttribute);
  Work(WorkOf(attribute.end - attribute.begin), node);
  return GetAttribute(Eval(*node.Child(Field::kObject)), tree_.Text(attribute), node);
}

Value Interpreter::GetAttribute(const Value& object, std::string_view name, const Node& node) {
  switch (object.type) {
    case Type::kOpaque: {
      const Opaque& opaque = *object.AsOpaque();
      if (opaque.path.empty()) return object;
      return ImportedName(opaque.path, name, node);
    }
    case Type::kNative:
      if (name == "__class__") break;
      return object.AsNative()->GetAttribute(this, object, name, node);
    case Type::kNativeClass:
    case Type::kExceptionClass:
    case Type::kFunction:
      if (name == "__name__" || name == "__qualname__") {
        if (object.Is(Type::kFunction)) return NewStr(object.AsFunction()->name, node);
        if (object.Is(Type::kExceptionClass)) return NewStr(object.text(), node);
        return NewStr(std::string(object.AsNativeClass()->name()), node);
      }
      if (name == "__doc__") return OpaqueValue(NewOpaque("a docstring", node), node);
      break;
    case Type::kBuiltin: {
      auto which = static_cast<Builtin>(object.integer);
      if (name == "__name__") return NewStr(std::string(BuiltinName(which)), node);
      if (which == Builtin::kChain && name == "from_iterable") {
        Value value = object.At(node);
        value.integer = static_cast<int64_t>(Builtin::kChainFromIterable);
        return value;
      }
      // str.lower, dict.fromkeys: the method of a type, called with the value as first argument.
      if (!Charge(sizeof(Method) + name.size(), node)) return Value::None();
      auto* method = heap_.New<Method>();
      method->self = object;
      method->name = std::string(name);
      return Value::Of(Type::kMethod, method).At(node);
    }
    case Type::kStr:
    case Type::kList:
    case Type::kTuple:
    case Type::kDict:
    case Type::kSet: {
      if (name == "__class__") break;
      if (!Charge(sizeof(Method) + name.size(), node)) return Value::None();
      auto* method = heap_.New<Method>();
      method->self = object;
      method->name = std::string(name);
      return Value::Of(Type::kMethod, method).At(node);
    }
    default:
      break;
  }
  if (name == "__class__") {
    Arguments arguments;
    arguments.positional.push_back(object);
    return CallBuiltin(Builtin::kType, arguments, node);
  }
  const std::string shown = "the attribute '" + std::string(name) + "' of ";
  if (!object.none() || name.starts_with("__")) {
    return Unsupported(shown + TypeName(object) + " cannot be evaluated", node);
  }
  return Raise("AttributeError",
               "'NoneType' object has no attribute '" + std::string(name) + "'", node);
}

// --- subscripts ------------------------------------------------------------------------------

Value Interpreter::EvalSubscript(const Node& node) {
  const Node& index = *node.Child(Field::kSubscript);
  Value object = Eval(*node.Child(Field::kValue));
  if (index.kind == Kind::kSlice) return Slice(object, index, node);
  return Index(object, Eval(index), node);
}

Value Interpreter::Index(const Value& object, const Value& index, const Node& node) {
  if (object.opaque()) return object;
  // list[str], dict[str, int]: a type, about which nothing is known or needed.
  if (object.Is(Type::kBuiltin) || object.Is(Type::kNativeClass)) return object;
  if (index.opaque()) return index;
  if (object.Is(Type::kDict)) {
    std::string hash;
    Value failure;
    if (!Hash(index, node, &hash, &failure)) return failure;
    Dict* dict = object.AsDict();
    if (DictItem* item = dict->Find(hash)) return item->value;
    if (!dict->taint.empty()) return OpaqueValue(dict->taint.front(), node);
    if (dict->has_default_factory) {
      Arguments none;
      Value made = Call(dict->default_factory, none, node);
      Store(dict, hash, index, made, node);
      return made;
    }
    std::string shown;
    if (!Show(index, /*repr=*/true, node, &shown)) shown = "that key";
    return Raise("KeyError", shown, node);
  }
  bool is_str = object.Is(Type::kStr);
  if (!is_str && !object.Is(Type::kList) && !object.Is(Type::kTuple)) {
    if (object.Is(Type::kMethod) || object.Is(Type::kNative)) {
      return Unsupported("this subscript of a " + TypeName(object) + " cannot be evaluated", node);
    }
    return Raise("TypeError", "'" + TypeName(object) + "' object is not subscriptable", node);
  }
  if (!index.IsInteger()) {
    return Raise("TypeError",
                 TypeName(object) + " indices must be integers or slices, not " + TypeName(index),
                 node);
  }
  if (!is_str && !object.AsList()->taint.empty()) {
    return OpaqueValue(object.AsList()->taint.front(), node);
  }
  int64_t length = is_str ? LengthOf(object) : static_cast<int64_t>(object.AsList()->items.size());
  int64_t at = index.integer < 0 ? index.integer + length : index.integer;
  if (at < 0 || at >= length) {
    return Raise("IndexError", (is_str ? "string" : TypeName(object)) + " index out of range",
                 node);
  }
  if (!is_str) return object.AsList()->items[static_cast<size_t>(at)];
  Work(WorkOf(object.text().size()), node);
  size_t offset = OffsetOf(object.text(), at);
  return NewStr(object.text().substr(offset, CodePointBytes(object.text()[offset])), node);
}

Interpreter::Bounds Interpreter::EvalSlice(const Node& slice, int64_t length) {
  std::optional<int64_t> parts[3];
  Bounds bounds;
  for (const Node* child : slice.children) {
    Value value = Eval(*child);
    if (value.none()) continue;
    if (!value.IsInteger()) {
      bounds.unknown =
          value.opaque()
              ? value.AsOpaque()
              : Raise("TypeError", "slice indices must be integers or None", slice).AsOpaque();
      return bounds;
    }
    const size_t part = child->field == Field::kLower ? 0 : child->field == Field::kUpper ? 1 : 2;
    parts[part] = value.integer;
  }
  bounds.step = parts[2].value_or(1);
  if (bounds.step == 0) {
    bounds.unknown = Raise("ValueError", "slice step cannot be zero", slice).AsOpaque();
    return bounds;
  }
  bool forward = bounds.step > 0;
  int64_t low = forward ? 0 : -1;
  int64_t high = forward ? length : length - 1;
  auto clamp = [&](int64_t i) {
    if (i < 0) i = i < -length ? low : i + length;
    return std::min(std::max(i, low), high);
  };
  bounds.start = parts[0] ? clamp(*parts[0]) : forward ? low : high;
  bounds.stop = parts[1] ? clamp(*parts[1]) : forward ? high : low;
  // Python clamps the step, too; a step beyond the length takes one item.
  bounds.step = std::min(std::max(bounds.step, -length - 1), length + 1);
  if (forward ? bounds.start < bounds.stop : bounds.start > bounds.stop) {
    int64_t span = forward ? bounds.stop - bounds.start : bounds.start - bounds.stop;
    int64_t step = forward ? bounds.step : -bounds.step;
    bounds.count = static_cast<size_t>((span + step - 1) / step);
  }
  bounds.ok = true;
  return bounds;
}

Value Interpreter::Slice(const Value& object, const Node& slice, const Node& node) {
  if (object.opaque()) return object;
  bool is_str = object.Is(Type::kStr);
  if (!is_str && !object.Is(Type::kList) && !object.Is(Type::kTuple)) {
    return Raise("TypeError", "'" + TypeName(object) + "' object cannot be sliced", node);
  }
  int64_t length = is_str ? LengthOf(object) : static_cast<int64_t>(object.AsList()->items.size());
  Bounds bounds = EvalSlice(slice, length);
  if (!bounds.ok) return OpaqueValue(bounds.unknown, node);
  if (is_str) {
    const std::string& text = object.text();
    if (!Work(WorkOf(text.size()), node)) return Value::None();
    std::vector<uint32_t> offsets;
    offsets.reserve(static_cast<size_t>(length));
    for (size_t at = 0; at < text.size(); at += CodePointBytes(text[at])) {
      offsets.push_back(static_cast<uint32_t>(at));
    }
    std::string out;
    for (size_t i = 0; i < bounds.count; ++i) {
      auto at = static_cast<size_t>(bounds.start + static_cast<int64_t>(i) * bounds.step);
      out += text.substr(offsets[at], CodePointBytes(text[offsets[at]]));
    }
    return NewStr(std::move(out), node);
  }
  std::vector<Value> all = CopyItems(object, node);
  std::vector<Value> items;
  items.reserve(bounds.count);
  for (size_t i = 0; i < bounds.count; ++i) {
    items.push_back(all[static_cast<size_t>(bounds.start + static_cast<int64_t>(i) * bounds.step)]);
  }
  Value result = NewList(object.type, std::move(items), node);
  if (!result.none()) result.AsList()->taint = object.AsList()->taint;
  return result;
}

}  // namespace wcheck::python
