// Python's own functions and those of its library that registry files use.
#include <algorithm>
#include <charconv>

#include "python/interpreter.h"
#include "python/limits.h"
#include "python/unicode.h"

namespace wcheck::python {

Value Interpreter::IsInstance(const Value& value, const Value& cls, const Node& node, int depth) {
  if (!Step(node)) return Value::None();
  if (depth > kMaxTupleKeyDepth) return Unsupported("types nested too deep in tuples", node);
  if (cls.Is(Type::kTuple)) {
    Value unknown;
    bool lost = false;
    for (const Value& one : cls.AsList()->items) {
      Value result = IsInstance(value, one, node, depth + 1);
      if (result.opaque()) {
        unknown = result;
        lost = true;
      } else if (result.integer != 0) {
        return result;
      }
    }
    return lost ? unknown : Value::Bool(false).At(node);
  }
  if (value.opaque()) return value;
  bool is = false;
  if (cls.Is(Type::kNativeClass)) {
    is = value.Is(Type::kNative) && cls.AsNativeClass()->Holds(*value.AsNative());
  } else if (cls.Is(Type::kBuiltin)) {
    switch (static_cast<Builtin>(cls.integer)) {
      case Builtin::kStr:
        is = value.Is(Type::kStr);
        break;
      case Builtin::kInt:
        is = value.IsInteger();
        break;
      case Builtin::kFloat:
        is = value.Is(Type::kFloat);
        break;
      case Builtin::kBool:
        is = value.Is(Type::kBool);
        break;
      case Builtin::kList:
        is = value.Is(Type::kList);
        break;
      case Builtin::kTuple:
        is = value.Is(Type::kTuple);
        break;
      case Builtin::kDefaultdict:
        is = value.Is(Type::kDict) && value.AsDict()->has_default_factory;
        break;
      case Builtin::kDict:
        is = value.Is(Type::kDict);
        break;
      case Builtin::kSet:
        is = value.Is(Type::kSet);
        break;
      case Builtin::kNoneType:
        is = value.none();
        break;
      case Builtin::kObject:
        is = true;
        break;
      default:
        break;
    }
  } else if (cls.none()) {
    is = value.none();  // int | None
  } else if (cls.opaque()) {
    return cls;
  } else {
    return Raise("TypeError", "isinstance() arg 2 must be a type", node);
  }
  return Value::Bool(is).At(node);
}

Value Interpreter::SortItems(std::vector<Value> items, Arguments& arguments, const Node& node,
                             bool* ok) {
  *ok = false;
  Value key = Value::None();
  bool descending = false;
  for (const auto& [name, value] : arguments.keywords) {
    if (name == "key") {
      key = value;
    } else if (name == "reverse") {
      if (value.opaque()) return value;
      descending = TruthOf(value) == Truth::kTrue;
    } else {
      return Raise("TypeError", "sort() got an unexpected keyword argument '" + name + "'", node);
    }
  }
  std::vector<std::pair<Value, Value>> keyed;
  for (const Value& item : items) {
    Value sort_by = item;
    if (!key.none()) {
      Arguments one;
      one.positional.push_back(item);
      sort_by = Call(key, one, node);
    }
    if (sort_by.opaque()) return sort_by;
    keyed.emplace_back(sort_by, item);
    if (stopped()) return Value::None();
  }
  // A hand-written merge: std::stable_sort must not be given a comparison that can fail.
  Value failure = Value::None();
  bool failed = false;
  auto less = [&](const Value& a, const Value& b) {
    if (failed || !Step(node)) return false;
    Truth truth = Less(a, b, node, &failure);
    failed = truth == Truth::kUnknown;
    return truth == Truth::kTrue;
  };
  std::vector<std::pair<Value, Value>> merged(keyed.size());
  for (size_t width = 1; width < keyed.size(); width *= 2) {
    for (size_t low = 0; low < keyed.size(); low += 2 * width) {
      size_t middle = std::min(low + width, keyed.size());
      size_t high = std::min(low + 2 * width, keyed.size());
      size_t a = low;
      size_t b = middle;
      for (size_t out = low; out < high; ++out) {
        bool take_b =
            b < high && (a >= middle || (descending ? less(keyed[a].first, keyed[b].first)
                                                    : less(keyed[b].first, keyed[a].first)));
        merged[out] = take_b ? keyed[b++] : keyed[a++];
      }
    }
    keyed.swap(merged);
  }
  if (failed) return failure;
  for (size_t i = 0; i < items.size(); ++i) items[i] = keyed[i].second;
  *ok = true;
  return NewList(Type::kList, std::move(items), node);
}

Value Interpreter::Extreme(Arguments& arguments, bool smallest, const Node& node) {
  std::vector<Value> items = arguments.positional;
  Opaque* unknown = arguments.unknown;
  if (items.size() == 1) items = Items(items[0], node, &unknown);
  if (unknown != nullptr) return OpaqueValue(unknown, node);
  Arguments sort;
  Value otherwise = Value::None();
  bool has_default = false;
  for (const auto& [name, value] : arguments.keywords) {
    if (name == "default") {
      otherwise = value;
      has_default = true;
    } else {
      sort.keywords.emplace_back(name, value);
    }
  }
  if (items.empty()) {
    return has_default ? otherwise
                       : Raise("ValueError", "min() or max() of an empty sequence", node);
  }
  if (!smallest) sort.keywords.emplace_back("reverse", Value::Bool(true));
  bool ok = false;
  Value sorted = SortItems(std::move(items), sort, node, &ok);
  return ok && sorted.Is(Type::kList) ? sorted.AsList()->items[0] : sorted;
}

Value Interpreter::DeepCopy(const Value& value, const Node& node,
                            std::unordered_map<const Object*, Value>* done, int depth) {
  if (depth > 60 || !Step(node)) return Unsupported("a value nested too deep to copy", node);
  bool container = value.Is(Type::kList) || value.Is(Type::kTuple) || value.Is(Type::kDict) ||
                   value.Is(Type::kSet) || value.Is(Type::kNative);
  if (!container) return value;
  if (auto found = done->find(value.object); found != done->end()) {
    Value copy = found->second;
    copy.chain = value.chain;
    return copy;
  }
  Value copy = value;
  switch (value.type) {
    case Type::kList:
    case Type::kTuple: {
      copy = NewList(value.type, {}, node);
      if (copy.none()) return copy;
      (*done)[value.object] = copy;
      copy.AsList()->taint = value.AsList()->taint;
      std::string label = LabelOf(value);
      std::string what = label.empty() ? "copied" : "copied from '" + label + "'";
      for (const Value& item : value.AsList()->items) {
        copy.AsList()->items.push_back(
            WithStep(DeepCopy(item, node, done, depth + 1), what, RangeOf(node)));
      }
      break;
    }
    case Type::kDict:
    case Type::kSet: {
      copy = NewDict(value.type, node);
      if (copy.none()) return copy;
      (*done)[value.object] = copy;
      Dict* to = copy.AsDict();
      const Dict* from = value.AsDict();
      to->taint = from->taint;
      to->has_default_factory = from->has_default_factory;
      to->default_factory = from->default_factory;
      to->made_by = from->made_by;
      for (const DictItem& item : from->items) {
        std::string hash;
        if (!item.live || !HashKey(item.key, &hash)) continue;
        Store(to, hash, item.key, DeepCopy(item.value, node, done, depth + 1), node);
      }
      break;
    }
    case Type::kNative: {
      if (!Charge(sizeof(NativeObject), node)) return Value::None();
      NativeObject* object = value.AsNative()->Copy(&heap_);
      (*done)[value.object] = copy = Value::Of(Type::kNative, object);
      object->CopyParts([&](const Value& part) { return DeepCopy(part, node, done, depth + 1); });
      break;
    }
    default:
      break;
  }
  copy.begin = value.begin;
  copy.end = value.end;
  copy.chain = value.chain;
  return copy;
}

namespace {

bool ParseInt(std::string_view text, int64_t base, int64_t* out) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), *out, static_cast<int>(base));
  return error == std::errc() && end == text.data() + text.size();
}

// The characters that re.escape escapes with a backslash.
bool IsSpecial(char c) {
  return std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos;
}

}  // namespace

Value Interpreter::CallBuiltin(Builtin which, Arguments& arguments, const Node& node) {
  bool outer = any_order_;
  any_order_ = which == Builtin::kSorted || which == Builtin::kSet ||
               which == Builtin::kFrozenset || which == Builtin::kMin || which == Builtin::kMax ||
               which == Builtin::kLen;
  Value value = CallBuiltinInner(which, arguments, node);
  any_order_ = outer;
  return value;
}

Value Interpreter::CallBuiltinInner(Builtin which, Arguments& arguments, const Node& node) {
  std::string name(BuiltinName(which));
  if (arguments.unknown != nullptr && which != Builtin::kPrint) {
    return OpaqueValue(arguments.unknown, node);
  }
  std::vector<Value>& given = arguments.positional;
  auto arity = [&](size_t low, size_t high) { return given.size() >= low && given.size() <= high; };
  auto wrong = [&] {
    return Unsupported("this call of " + name + "() cannot be evaluated", node);
  };
  auto str_of = [&](bool repr) -> Value {
    if (given[0].opaque()) return given[0];
    std::string text;
    if (Show(given[0], repr, node, &text))
      return NewStr(std::move(text), node);
    if (Opaque* part = UnknownPart(given[0])) return OpaqueValue(part, node);
    return Unsupported("the text of a value of type " + TypeName(given[0]) + " cannot be evaluated",
                       node);
  };
  Opaque* unknown = nullptr;
  switch (which) {
    case Builtin::kStr:
      if (given.empty()) return NewStr("", node);
      return arity(1, 1) ? str_of(false) : wrong();
    case Builtin::kRepr:
      return arity(1, 1) ? str_of(true) : wrong();
    case Builtin::kInt: {
      if (given.empty()) return Value::Int(0).At(node);
      if (given[0].opaque()) return given[0];
      if (given[0].IsInteger() && given.size() == 1) return Value::Int(given[0].integer).At(node);
      if (given[0].Is(Type::kFloat) && given[0].number > -9e18 && given[0].number < 9e18) {
        return Value::Int(static_cast<int64_t>(given[0].number)).At(node);
      }
      int64_t base = given.size() > 1 && given[1].IsInteger() ? given[1].integer : 10;
      int64_t number = 0;
      if (given[0].Is(Type::kStr) && base >= 2 && base <= 36 &&
          ParseInt(given[0].text(), base, &number)) {
        return Value::Int(number).At(node);
      }
      std::string shown;
      Show(given[0], /*repr=*/true, node, &shown);
      return Raise("ValueError", "invalid literal for int() with base 10: " + shown, node);
    }
    case Builtin::kFloat:
      if (arity(1, 1) && given[0].IsNumber()) return Value::Float(given[0].AsDouble()).At(node);
      break;
    case Builtin::kBool: {
      if (given.empty()) return Value::Bool(false).At(node);
      Truth truth = TruthOf(given[0]);
      if (truth == Truth::kUnknown) return OpaqueValue(UnknownPart(given[0]), node);
      return Value::Bool(truth == Truth::kTrue).At(node);
    }
    case Builtin::kList:
    case Builtin::kTuple: {
      Type type = which == Builtin::kList ? Type::kList : Type::kTuple;
      if (!arity(0, 1)) return wrong();
      std::vector<Value> items;
      if (!given.empty()) {
        bool is_list = given[0].Is(Type::kList) || given[0].Is(Type::kTuple);
        items = is_list ? CopyItems(given[0], node) : Items(given[0], node, &unknown);
        if (is_list) unknown = UnknownPart(given[0]);
      }
      Value list = NewList(type, std::move(items), node);
      if (unknown != nullptr && !list.none()) AddTaint(&list.AsList()->taint, unknown);
      return list;
    }
    case Builtin::kDefaultdict: {
      Value dict = NewDict(Type::kDict, node);
      if (dict.none()) return dict;
      if (!given.empty() && !given[0].none()) {
        dict.AsDict()->has_default_factory = true;
        dict.AsDict()->default_factory = given[0];
      }
      if (!given.empty()) given.erase(given.begin());
      DictUpdate(dict, arguments, node);
      return dict;
    }
    case Builtin::kDict: {
      Value dict = NewDict(Type::kDict, node);
      if (!dict.none()) DictUpdate(dict, arguments, node);
      return dict;
    }
    case Builtin::kSet:
    case Builtin::kFrozenset: {
      Value set = NewDict(Type::kSet, node);
      if (set.none() || given.empty()) return set;
      for (const Value& item : Items(given[0], node, &unknown)) {
        std::string hash;
        Value failure;
        if (Hash(item, node, &hash, &failure)) {
          Store(set.AsDict(), hash, item, Value::None(), node);
        } else {
          AddTaint(&set.AsDict()->taint, failure.AsOpaque());
        }
      }
      if (unknown != nullptr) AddTaint(&set.AsDict()->taint, unknown);
      return set;
    }
    case Builtin::kType: {
      if (!arity(1, 1)) break;
      if (given[0].opaque()) return given[0];
      Value cls = Value::Of(Type::kBuiltin, nullptr);
      switch (given[0].type) {
        case Type::kNative:
          return Value::Of(Type::kNativeClass, given[0].AsNative()->type()).At(node);
        case Type::kNone:
          cls.integer = static_cast<int64_t>(Builtin::kNoneType);
          return cls.At(node);
        default:
          if (std::optional<Builtin> builtin = FindBuiltin(TypeName(given[0]))) {
            cls.integer = static_cast<int64_t>(*builtin);
            return cls.At(node);
          }
      }
      break;
    }
    case Builtin::kLen: {
      if (!arity(1, 1)) return wrong();
      const Value& v = given[0];
      if (Opaque* part = UnknownPart(v)) return OpaqueValue(part, node);
      if (v.Is(Type::kStr)) return Value::Int(LengthOf(v)).At(node);
      if (v.Is(Type::kList) || v.Is(Type::kTuple)) {
        return Value::Int(static_cast<int64_t>(v.AsList()->items.size())).At(node);
      }
      if (v.Is(Type::kDict) || v.Is(Type::kSet)) {
        return Value::Int(static_cast<int64_t>(v.AsDict()->size())).At(node);
      }
      if (v.Is(Type::kView)) {
        return Value::Int(static_cast<int64_t>(v.AsView()->dict->size())).At(node);
      }
      return Raise("TypeError", "object of type '" + TypeName(v) + "' has no len()", node);
    }
    case Builtin::kRange: {
      if (!arity(1, 3)) return wrong();
      for (const Value& v : given) {
        if (v.opaque()) return v;
        if (!v.IsInteger()) {
          return Raise("TypeError",
                       "'" + TypeName(v) + "' object cannot be interpreted as an integer", node);
        }
      }
      int64_t start = given.size() > 1 ? given[0].integer : 0;
      int64_t stop = given.size() > 1 ? given[1].integer : given[0].integer;
      int64_t step = given.size() > 2 ? given[2].integer : 1;
      if (step == 0) return Raise("ValueError", "range() arg 3 must not be zero", node);
      // A range is a tuple of its numbers here; its length is limited like that of any container.
      std::vector<Value> items;
      for (int64_t i = start; step > 0 ? i < stop : i > stop;) {
        if (!Charge(sizeof(Value), node)) return Value::None();
        items.push_back(Value::Int(i).At(node));
        if (__builtin_add_overflow(i, step, &i)) break;
      }
      return NewList(Type::kTuple, std::move(items), node);
    }
    case Builtin::kSorted: {
      if (!arity(1, 1)) return wrong();
      std::vector<Value> items = Items(given[0], node, &unknown);
      if (unknown != nullptr) return OpaqueValue(unknown, node);
      bool ok = false;
      return SortItems(std::move(items), arguments, node, &ok);
    }
    case Builtin::kZip: {
      std::vector<std::vector<Value>> columns;
      size_t shortest = given.empty() ? 0 : SIZE_MAX;
      for (const Value& v : given) {
        columns.push_back(Items(v, node, &unknown));
        shortest = std::min(shortest, columns.back().size());
      }
      bool uneven = std::any_of(columns.begin(), columns.end(),
                                [&](const auto& column) { return column.size() != shortest; });
      for (const auto& [keyword, value] : arguments.keywords) {
        if (keyword == "strict" && TruthOf(value) == Truth::kTrue && uneven && unknown == nullptr) {
          return Raise("ValueError", "zip() arguments are of different lengths", node);
        }
      }
      std::vector<Value> rows;
      for (size_t i = 0; i < shortest; ++i) {
        std::vector<Value> row;
        row.reserve(columns.size());
        for (const auto& column : columns) row.push_back(column[i]);
        rows.push_back(NewList(Type::kTuple, std::move(row), node));
        if (fatal_) return Value::None();
      }
      Value iterator = NewIterator(std::move(rows), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kEnumerate: {
      std::vector<std::optional<Value>> slots;
      Value failure;
      if (!Bind(name, {"iterable", "start"}, 1, arguments, &slots, node, &failure)) return failure;
      int64_t i = slots[1] && slots[1]->IsInteger() ? slots[1]->integer : 0;
      std::vector<Value> rows;
      for (const Value& item : Items(*slots[0], node, &unknown)) {
        rows.push_back(NewList(Type::kTuple, {Value::Int(i++).At(node), item}, node));
        if (fatal_) return Value::None();
      }
      Value iterator = NewIterator(std::move(rows), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kAny:
    case Builtin::kAll: {
      if (!arity(1, 1)) return wrong();
      bool decisive = which == Builtin::kAny;
      bool found = false;
      bool iterated = ForEach(given[0], node, &unknown, [&](const Value& item) {
        Truth truth = TruthOf(item);
        if (truth == Truth::kUnknown) unknown = UnknownPart(item);
        found = truth == (decisive ? Truth::kTrue : Truth::kFalse);
        return !found;
      });
      if (found) return Value::Bool(decisive).At(node);
      if (!iterated || unknown != nullptr) return OpaqueValue(unknown, node);
      return Value::Bool(!decisive).At(node);
    }
    case Builtin::kMap:
    case Builtin::kFilter: {
      if (given.size() < 2 || (which == Builtin::kFilter && given.size() != 2)) return wrong();
      std::vector<std::vector<Value>> columns;
      size_t shortest = SIZE_MAX;
      for (size_t i = 1; i < given.size(); ++i) {
        columns.push_back(Items(given[i], node, &unknown));
        shortest = std::min(shortest, columns.back().size());
      }
      std::vector<Value> items;
      for (size_t i = 0; i < shortest && !stopped(); ++i) {
        Arguments row;
        for (const auto& column : columns) row.positional.push_back(column[i]);
        Value result = which == Builtin::kFilter && given[0].none() ? columns[0][i]
                                                                    : Call(given[0], row, node);
        if (which == Builtin::kMap) {
          items.push_back(result);
          continue;
        }
        Truth truth = TruthOf(result);
        if (truth == Truth::kTrue) items.push_back(columns[0][i]);
        if (truth == Truth::kUnknown) unknown = UnknownPart(result);
      }
      Value iterator = NewIterator(std::move(items), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kReversed: {
      if (!arity(1, 1)) return wrong();
      std::vector<Value> items = Items(given[0], node, &unknown);
      Work(items.size(), node);
      std::reverse(items.begin(), items.end());
      Value iterator = NewIterator(std::move(items), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kMin:
      return Extreme(arguments, true, node);
    case Builtin::kMax:
      return Extreme(arguments, false, node);
    case Builtin::kSum: {
      if (!arity(1, 2)) return wrong();
      Value total = given.size() > 1 ? given[1] : Value::Int(0).At(node);
      for (const Value& item : Items(given[0], node, &unknown))
        total = Binary("+", total, item, node);
      return unknown == nullptr ? total : OpaqueValue(unknown, node);
    }
    case Builtin::kAbs:
      if (arity(1, 1) && given[0].IsInteger() && given[0].integer != INT64_MIN) {
        return Value::Int(std::abs(given[0].integer)).At(node);
      }
      break;
    case Builtin::kIsinstance:
      return arity(2, 2) ? IsInstance(given[0], given[1], node) : wrong();
    case Builtin::kHasattr: {
      if (!arity(2, 2)) return wrong();
      if (given[0].opaque()) {
        Assume("'" + std::string(tree_.Text(node)) + "' asks what is installed; taken as true",
               node);
        return Value::Bool(true).At(node);
      }
      if (given[0].Is(Type::kNative) && given[1].Is(Type::kStr)) {
        const std::optional<bool> has = given[0].AsNative()->HasAttribute(given[1].text());
        if (has) return Value::Bool(*has).At(node);
      }
      break;
    }
    case Builtin::kGetattr:
      if (arity(2, 3) && given[1].Is(Type::kStr)) {
        // With a default, a missing attribute is not an error.
        if (given[0].Is(Type::kNative) && given.size() == 3 &&
            given[0].AsNative()->HasAttribute(given[1].text()) == false) {
          return given[2];
        }
        return GetAttribute(given[0], given[1].text(), node);
      }
      break;
    case Builtin::kSetattr:
      if (arity(3, 3)) {
        Opaque* opaque = Unsupported("setattr() cannot be evaluated", node).AsOpaque();
        TaintValue(given[0], opaque);
        return Value::None().At(node);
      }
      break;
    case Builtin::kIter: {
      if (!arity(1, 1)) return wrong();
      if (given[0].Is(Type::kIterator)) return given[0];
      Value iterator = NewIterator(Items(given[0], node, &unknown), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kNext: {
      if (!arity(1, 2)) return wrong();
      if (given[0].opaque()) return given[0];
      if (!given[0].Is(Type::kIterator)) {
        return Raise("TypeError", "'" + TypeName(given[0]) + "' object is not an iterator", node);
      }
      std::optional<Value> found;
      ForEach(given[0], node, &unknown, [&](const Value& item) {
        found = item;
        return false;
      });
      if (found) return *found;
      if (unknown != nullptr) return OpaqueValue(unknown, node);
      return given.size() > 1 ? given[1] : Raise("StopIteration", "", node);
    }
    case Builtin::kPrint:
      return Value::None().At(node);
    case Builtin::kChr:
      if (arity(1, 1) && given[0].IsInteger() && given[0].integer >= 0 &&
          given[0].integer < 0xd800) {
        std::string text;
        AppendUtf8(static_cast<uint32_t>(given[0].integer), &text);
        return NewStr(std::move(text), node);
      }
      break;
    case Builtin::kOrd:
      if (arity(1, 1) && given[0].Is(Type::kStr) && given[0].text().size() == 1 &&
          IsAscii(given[0].text())) {
        return Value::Int(given[0].text()[0]).At(node);
      }
      break;
    case Builtin::kCallable:
      if (arity(1, 1) && !given[0].opaque()) {
        bool is = given[0].type >= Type::kFunction && given[0].type <= Type::kExceptionClass;
        return Value::Bool(is).At(node);
      }
      break;
    case Builtin::kFormat: {
      if (!arity(1, 2)) return wrong();
      std::string out;
      Value failure;
      std::string spec = given.size() > 1 && given[1].Is(Type::kStr) ? given[1].text() : "";
      if (!FormatValue(given[0], "", spec, node, &out, &failure)) return failure;
      return NewStr(std::move(out), node);
    }
    case Builtin::kDeepcopy: {
      if (given.empty()) return wrong();
      std::unordered_map<const Object*, Value> done;
      return WithStep(DeepCopy(given[0], node, &done, 0), "copied", RangeOf(node));
    }
    case Builtin::kCopy: {
      if (!arity(1, 1)) return wrong();
      const Value& v = given[0];
      Arguments none;
      if (v.Is(Type::kList)) return ListMethod(v, "copy", none, node);
      if (v.Is(Type::kDict)) return DictMethod(v, "copy", none, node);
      if (v.Is(Type::kSet)) return SetMethod(v, "copy", none, node);
      if (v.Is(Type::kNative)) {
        Value copy = v;
        copy.object = v.AsNative()->Copy(&heap_);
        return WithStep(copy, "copied", RangeOf(node));
      }
      return v;
    }
    case Builtin::kChain:
    case Builtin::kChainFromIterable: {
      std::vector<Value> parts = given;
      if (which == Builtin::kChainFromIterable) {
        if (!arity(1, 1)) return wrong();
        parts = Items(given[0], node, &unknown);
      }
      std::vector<Value> items;
      for (const Value& part : parts) {
        Opaque* lost = nullptr;
        bool is_list = part.Is(Type::kList) || part.Is(Type::kTuple);
        std::vector<Value> more = is_list ? CopyItems(part, node) : Items(part, node, &lost);
        if (is_list) lost = UnknownPart(part);
        items.insert(items.end(), more.begin(), more.end());
        if (lost != nullptr) unknown = lost;
      }
      Value iterator = NewIterator(std::move(items), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kProduct: {
      std::vector<std::vector<Value>> rows = {{}};
      for (const Value& part : given) {
        std::vector<Value> items = Items(part, node, &unknown);
        std::vector<std::vector<Value>> longer;
        for (const auto& row : rows) {
          for (const Value& item : items) {
            if (!Charge((row.size() + 1) * sizeof(Value), node)) return Value::None();
            longer.push_back(row);
            longer.back().push_back(item);
          }
        }
        rows.swap(longer);
      }
      std::vector<Value> tuples;
      tuples.reserve(rows.size());
      for (auto& row : rows) tuples.push_back(NewList(Type::kTuple, std::move(row), node));
      Value iterator = NewIterator(std::move(tuples), node);
      if (!iterator.none()) iterator.AsIterator()->unknown = unknown;
      return iterator;
    }
    case Builtin::kReEscape: {
      if (!arity(1, 1)) return wrong();
      if (given[0].opaque()) return given[0];
      if (!given[0].Is(Type::kStr)) break;
      std::string out;
      for (char c : given[0].text()) {
        if (IsSpecial(c)) out += '\\';
        out += c;
      }
      return NewStr(std::move(out), node);
    }
    default:
      break;
  }
  for (const Value& v : given) {
    if (Opaque* part = UnknownPart(v)) return OpaqueValue(part, node);
  }
  return Unsupported("this call of " + name + "() cannot be evaluated", node);
}

}  // namespace wcheck::python
