// Methods of lists, dicts and sets; those of str are in str_methods.cc.
#include <algorithm>

#include "python/interpreter.h"
#include "python/limits.h"

namespace wcheck::python {
namespace {

constexpr size_t kMovesPerStep = 16;  // items that are moved in memory

}  // namespace

Value Interpreter::CallMethod(Method* method, Arguments& arguments, const Node& node) {
  Value self = method->self;
  std::string_view name = method->name;
  if (self.Is(Type::kBuiltin)) {
    // str.lower(x), dict.fromkeys(keys): a method taken from its type.
    if (name == "fromkeys" && self.integer == static_cast<int64_t>(Builtin::kDict) &&
        !arguments.positional.empty() && arguments.unknown == nullptr) {
      Value dict = NewDict(Type::kDict, node);
      Opaque* unknown = nullptr;
      Value value = arguments.positional.size() > 1 ? arguments.positional[1] : Value::None();
      for (const Value& key : Items(arguments.positional[0], node, &unknown)) {
        std::string hash;
        Value failure;
        if (Hash(key, node, &hash, &failure)) Store(dict.AsDict(), hash, key, value, node);
      }
      if (unknown != nullptr && dict.Is(Type::kDict)) AddTaint(&dict.AsDict()->taint, unknown);
      return dict;
    }
    if (arguments.positional.empty()) {
      return Unsupported("this call of " + std::string(name) + "() cannot be evaluated", node);
    }
    self = arguments.positional[0];
    arguments.positional.erase(arguments.positional.begin());
    if (self.opaque()) return self;
  }
  switch (self.type) {
    case Type::kStr:
      return StrMethod(self, name, arguments, node);
    case Type::kList:
    case Type::kTuple:
      return ListMethod(self, name, arguments, node);
    case Type::kDict:
      return DictMethod(self, name, arguments, node);
    case Type::kSet:
      return SetMethod(self, name, arguments, node);
    default:
      break;
  }
  return NoSuchCall(self, name, node);
}

Value Interpreter::NoSuchCall(const Value& self, std::string_view method, const Node& node) {
  const std::string type = TypeName(self);
  if (!HasMethod(type, method)) {
    return Raise("AttributeError",
                 "'" + type + "' object has no attribute '" + std::string(method) + "'", node);
  }
  return Unsupported(
      "this call of the " + type + " method '" + std::string(method) + "' cannot be evaluated",
      node);
}

Value Interpreter::ListMethod(const Value& self, std::string_view name, Arguments& arguments,
                              const Node& node) {
  List* list = self.AsList();
  std::vector<Value>& items = list->items;
  std::vector<Value>& given = arguments.positional;
  auto none = [&] { return Value::None().At(node); };
  auto lost = [&](Opaque* opaque) {
    AddTaint(&list->taint, opaque);
    return none();
  };
  if (arguments.unknown != nullptr) return lost(arguments.unknown);
  auto index_of = [&](const Value& wanted) -> ptrdiff_t {
    for (size_t i = 0; i < items.size(); ++i) {
      if (Same(items[i], wanted, node) == Truth::kTrue) return static_cast<ptrdiff_t>(i);
      if (fatal_) break;
    }
    return -1;
  };
  if (name == "count" && given.size() == 1) {
    int64_t count = 0;
    for (const Value& item : items) {
      count += Same(item, given[0], node) == Truth::kTrue ? 1 : 0;
      if (fatal_) break;
    }
    return Value::Int(count).At(node);
  }
  if (name == "index" && !given.empty()) {
    if (Opaque* part = UnknownPart(self)) return OpaqueValue(part, node);
    ptrdiff_t at = index_of(given[0]);
    if (at < 0) return Raise("ValueError", "the value is not in the list", node);
    return Value::Int(at).At(node);
  }
  if (self.Is(Type::kTuple)) {
    return Raise("AttributeError", "'tuple' object has no attribute '" + std::string(name) + "'",
                 node);
  }
  if (name == "copy" && given.empty()) {
    Value copy = NewList(Type::kList, CopyItems(self, node), node);
    if (!copy.none()) copy.AsList()->taint = list->taint;
    return copy;
  }
  if (name == "append" && given.size() == 1) {
    if (Charge(sizeof(Value), node)) items.push_back(given[0]);
    return none();
  }
  if (name == "extend" && given.size() == 1) {
    Opaque* unknown = nullptr;
    bool is_list = given[0].Is(Type::kList) || given[0].Is(Type::kTuple);
    std::vector<Value> more = is_list ? CopyItems(given[0], node) : Items(given[0], node, &unknown);
    if (is_list) unknown = UnknownPart(given[0]);
    if (Charge(more.size() * sizeof(Value), node))
      items.insert(items.end(), more.begin(), more.end());
    return unknown == nullptr ? none() : lost(unknown);
  }
  if (name == "insert" && given.size() == 2) {
    if (given[0].opaque()) return lost(given[0].AsOpaque());
    if (!given[0].IsInteger()) return Raise("TypeError", "an index must be an integer", node);
    auto size = static_cast<int64_t>(items.size());
    int64_t at =
        given[0].integer < 0 ? std::max<int64_t>(0, given[0].integer + size) : given[0].integer;
    Work(items.size() / kMovesPerStep, node);
    if (Charge(sizeof(Value), node)) items.insert(items.begin() + std::min(at, size), given[1]);
    return none();
  }
  if (name == "pop" && given.size() <= 1) {
    if (!given.empty() && given[0].opaque()) {
      lost(given[0].AsOpaque());
      return given[0];
    }
    if (!list->taint.empty()) return OpaqueValue(list->taint.front(), node);
    auto size = static_cast<int64_t>(items.size());
    int64_t at = given.empty() ? -1 : given[0].integer;
    if (at < 0) at += size;
    if (at < 0 || at >= size) return Raise("IndexError", "pop index out of range", node);
    Value popped = items[static_cast<size_t>(at)];
    Work((items.size() - static_cast<size_t>(at)) / kMovesPerStep, node);
    items.erase(items.begin() + at);
    return popped;
  }
  if (name == "remove" && given.size() == 1) {
    ptrdiff_t at = index_of(given[0]);
    if (given[0].opaque()) return lost(given[0].AsOpaque());
    if (at < 0 && !list->taint.empty()) return none();
    if (at < 0) return Raise("ValueError", "list.remove(x): x not in list", node);
    items.erase(items.begin() + at);
    return none();
  }
  if (name == "clear" && given.empty()) {
    items.clear();
    list->taint.clear();
    return none();
  }
  if (name == "reverse" && given.empty()) {
    Work(items.size() / kMovesPerStep, node);
    std::reverse(items.begin(), items.end());
    return none();
  }
  if (name == "sort" && given.empty()) {
    bool ok = false;
    Value sorted = SortItems(items, arguments, node, &ok);
    if (!ok) return sorted.opaque() ? lost(sorted.AsOpaque()) : none();
    items = sorted.AsList()->items;
    return none();
  }
  Opaque* opaque = NoSuchCall(self, name, node).AsOpaque();
  AddTaint(&list->taint, opaque);
  return OpaqueValue(opaque, node);
}

Value Interpreter::DictUpdate(const Value& self, Arguments& arguments, const Node& node) {
  Dict* dict = self.AsDict();
  auto put = [&](const Value& key, const Value& value) {
    std::string hash;
    Value failure;
    if (Hash(key, node, &hash, &failure)) {
      Store(dict, hash, key, value, node);
    } else {
      AddTaint(&dict->taint, failure.AsOpaque());
    }
  };
  if (arguments.unknown != nullptr) AddTaint(&dict->taint, arguments.unknown);
  for (const Value& from : arguments.positional) {
    if (from.Is(Type::kDict)) {
      Work(from.AsDict()->items.size(), node);
      for (const DictItem& item : std::vector<DictItem>(from.AsDict()->items)) {
        if (item.live) put(item.key, item.value);
      }
      for (Opaque* taint : Taint(from.AsDict()->taint)) AddTaint(&dict->taint, taint);
      continue;
    }
    Opaque* unknown = nullptr;
    for (const Value& pair : Items(from, node, &unknown)) {
      bool two =
          (pair.Is(Type::kTuple) || pair.Is(Type::kList)) && pair.AsList()->items.size() == 2;
      if (two) {
        put(pair.AsList()->items[0], pair.AsList()->items[1]);
      } else {
        unknown = pair.opaque()
                      ? pair.AsOpaque()
                      : Raise("ValueError", "dictionary update sequence element is no pair", node)
                            .AsOpaque();
      }
    }
    if (unknown != nullptr) AddTaint(&dict->taint, unknown);
  }
  for (const auto& [name, value] : arguments.keywords) put(NewStr(name, node), value);
  return Value::None().At(node);
}

Value Interpreter::DictMethod(const Value& self, std::string_view name, Arguments& arguments,
                              const Node& node) {
  Dict* dict = self.AsDict();
  std::vector<Value>& given = arguments.positional;
  if (name == "update") return DictUpdate(self, arguments, node);
  if (arguments.unknown != nullptr) {
    AddTaint(&dict->taint, arguments.unknown);
    return OpaqueValue(arguments.unknown, node);
  }
  auto view = [&](View::Of of) {
    auto* object = heap_.New<View>();
    object->of = of;
    object->dict = dict;
    return Value::Of(Type::kView, object).At(node);
  };
  if (name == "items") return view(View::Of::kItems);
  if (name == "keys") return view(View::Of::kKeys);
  if (name == "values") return view(View::Of::kValues);
  if (name == "copy") {
    Value copy = NewDict(Type::kDict, node);
    if (copy.none()) return copy;
    Arguments from;
    from.positional.push_back(self);
    DictUpdate(copy, from, node);
    copy.AsDict()->has_default_factory = dict->has_default_factory;
    copy.AsDict()->default_factory = dict->default_factory;
    return copy;
  }
  if (name == "clear") {
    dict->items.clear();
    dict->index.clear();
    dict->taint.clear();
    return Value::None().At(node);
  }
  bool keyed = name == "get" || name == "pop" || name == "setdefault";
  if (keyed && !given.empty() && given.size() <= 2) {
    std::string hash;
    Value failure;
    if (!Hash(given[0], node, &hash, &failure)) {
      if (name != "get") AddTaint(&dict->taint, failure.AsOpaque());
      return failure;
    }
    if (DictItem* item = dict->Find(hash)) {
      Value value = item->value;
      if (name == "pop") dict->Erase(hash);
      return value;
    }
    if (!dict->taint.empty()) return OpaqueValue(dict->taint.front(), node);
    Value otherwise = given.size() > 1 ? given[1] : Value::None().At(node);
    for (const auto& [keyword, value] : arguments.keywords) {
      if (keyword == "default") otherwise = value;
    }
    if (name == "setdefault") Store(dict, hash, given[0], otherwise, node);
    if (name == "pop" && given.size() < 2) {
      std::string shown;
      if (!Show(given[0], /*repr=*/true, node, &shown)) shown = "that key";
      return Raise("KeyError", shown, node);
    }
    return otherwise;
  }
  if (name == "popitem" && given.empty()) {
    if (!dict->taint.empty()) return OpaqueValue(dict->taint.front(), node);
    for (size_t i = dict->items.size(); i > 0; --i) {
      if (!dict->items[i - 1].live) continue;
      DictItem item = dict->items[i - 1];
      std::string hash;
      HashKey(item.key, &hash);
      dict->Erase(hash);
      return NewList(Type::kTuple, {item.key, item.value}, node);
    }
    return Raise("KeyError", "'popitem(): dictionary is empty'", node);
  }
  Opaque* opaque = NoSuchCall(self, name, node).AsOpaque();
  AddTaint(&dict->taint, opaque);
  return OpaqueValue(opaque, node);
}

Value Interpreter::SetMethod(const Value& self, std::string_view name, Arguments& arguments,
                             const Node& node) {
  Dict* set = self.AsDict();
  std::vector<Value>& given = arguments.positional;
  std::string hash;
  Value failure;
  if (name == "copy" && given.empty()) return SetOperation("|", self, self, node);
  bool one = name == "add" || name == "discard" || name == "remove";
  if (one && given.size() == 1 && arguments.unknown == nullptr) {
    if (!Hash(given[0], node, &hash, &failure)) {
      AddTaint(&set->taint, failure.AsOpaque());
      return failure;
    }
    if (name == "add") {
      Store(set, hash, given[0], Value::None(), node);
    } else if (!set->Erase(hash) && name == "remove" && set->taint.empty()) {
      return Raise("KeyError", "the value is not in the set", node);
    }
    return Value::None().At(node);
  }
  std::string_view op = name == "union" || name == "update" ? "|"
                        : name == "intersection"            ? "&"
                        : name == "difference"              ? "-"
                                                            : "";
  if (!op.empty() && arguments.unknown == nullptr) {
    Value result = SetOperation("|", self, self, node);
    for (const Value& other : given) {
      Arguments as_set;
      as_set.positional.push_back(other);
      Value right = CallBuiltin(Builtin::kSet, as_set, node);
      if (!right.Is(Type::kSet) || !result.Is(Type::kSet)) return right;
      result = SetOperation(op, result, right, node);
    }
    if (name != "update" || !result.Is(Type::kSet)) return result;
    *set = *result.AsDict();
    return Value::None().At(node);
  }
  if (name == "issubset" && given.size() == 1) {
    Arguments as_set;
    as_set.positional.push_back(given[0]);
    Value right = CallBuiltin(Builtin::kSet, as_set, node);
    if (!right.Is(Type::kSet) || UnknownPart(right) != nullptr || UnknownPart(self) != nullptr) {
      return Unsupported("this call of issubset() cannot be evaluated", node);
    }
    Work(set->index.size(), node);
    bool all = std::all_of(set->index.begin(), set->index.end(), [&](const auto& item) {
      return right.AsDict()->Find(item.first) != nullptr;
    });
    return Value::Bool(all).At(node);
  }
  Opaque* opaque =
      Unsupported("the set method '" + std::string(name) + "' cannot be evaluated", node)
          .AsOpaque();
  AddTaint(&set->taint, opaque);
  return OpaqueValue(opaque, node);
}

}  // namespace wcheck::python
