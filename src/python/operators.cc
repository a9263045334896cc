// Unary, binary, boolean and comparison operators.
#include <algorithm>
#include <cmath>

#include "python/interpreter.h"
#include "python/limits.h"

namespace wcheck::python {
namespace {

bool IsSequence(const Value& value) { return value.Is(Type::kList) || value.Is(Type::kTuple); }

// True for a value that represents the version of something installed.
bool IsVersion(const Value& value) {
  return value.opaque() && value.AsOpaque()->path.find("version") != std::string::npos;
}

}  // namespace

Value Interpreter::EvalUnary(const Node& node) {
  Value value = Eval(*node.Child(Field::kArgument));
  if (value.opaque()) return value;
  std::string_view sign = OpText(node.op);
  if (value.IsInteger() && sign != "~") {
    return Value::Int(sign == "-" ? -value.integer : value.integer).At(node);
  }
  if (value.IsInteger()) return Value::Int(~value.integer).At(node);
  if (value.Is(Type::kFloat) && sign != "~") {
    return Value::Float(sign == "-" ? -value.number : value.number).At(node);
  }
  return Raise("TypeError",
               "bad operand type for unary " + std::string(sign) + ": '" + TypeName(value) + "'",
               node);
}

Value Interpreter::EvalBinary(const Node& node) {
  Value a = Eval(*node.Child(Field::kLeft));
  Value b = Eval(*node.Child(Field::kRight));
  return Binary(OpText(node.op), a, b, node);
}

Value Interpreter::Binary(std::string_view op, const Value& a, const Value& b, const Node& node) {
  if (op == "%" && a.Is(Type::kStr)) return PercentFormat(a, b, node);
  if (a.opaque()) return a;
  if (b.opaque()) {
    // [known] + unknown is still a list that begins with the known items.
    if (op == "+" && a.Is(Type::kList)) {
      Value list = NewList(Type::kList, CopyItems(a, node), node);
      if (!list.none()) AddTaint(&list.AsList()->taint, b.AsOpaque());
      return list;
    }
    return b;
  }
  if (a.IsNumber() && b.IsNumber()) return Arithmetic(op, a, b, node);
  if (op == "+" && a.Is(Type::kStr) && b.Is(Type::kStr)) {
    if (!Charge(a.text().size() + b.text().size(), node)) return Value::None();
    return NewStr(a.text() + b.text(), node);
  }
  if (op == "+" && IsSequence(a) && a.type == b.type) {
    std::vector<Value> items = CopyItems(a, node);
    for (const Value& item : CopyItems(b, node)) items.push_back(item);
    Value sum = NewList(a.type, std::move(items), node);
    if (sum.none()) return sum;
    for (const Value& part : {a, b}) {
      for (Opaque* taint : part.AsList()->taint) AddTaint(&sum.AsList()->taint, taint);
    }
    return sum;
  }
  if (op == "*" && b.IsInteger()) return Repeat(a, b.integer, node);
  if (op == "*" && a.IsInteger()) return Repeat(b, a.integer, node);
  if (op == "|" && a.Is(Type::kDict) && b.Is(Type::kDict)) {
    Value merged = NewDict(Type::kDict, node);
    if (merged.none()) return merged;
    for (const Value& part : {a, b}) {
      for (const DictItem& item : part.AsDict()->items) {
        std::string hash;
        Value failure;
        if (item.live && Hash(item.key, node, &hash, &failure)) {
          Store(merged.AsDict(), hash, item.key, item.value, node);
        }
      }
      for (Opaque* taint : part.AsDict()->taint) AddTaint(&merged.AsDict()->taint, taint);
    }
    return merged;
  }
  bool sets = (a.Is(Type::kSet) || (a.Is(Type::kView) && a.AsView()->of == View::Of::kKeys)) &&
              (b.Is(Type::kSet) || (b.Is(Type::kView) && b.AsView()->of == View::Of::kKeys));
  if (sets && (op == "|" || op == "&" || op == "-" || op == "^")) {
    return SetOperation(op, a, b, node);
  }
  if (op == "|" && (a.Is(Type::kBuiltin) || a.Is(Type::kNativeClass) || a.none())) {
    // A union of types: int | str, in isinstance() or an annotation.
    return NewList(Type::kTuple, {a, b}, node);
  }
  return Raise("TypeError",
               "unsupported operand type(s) for " + std::string(op) + ": '" + TypeName(a) +
                   "' and '" + TypeName(b) + "'",
               node);
}

Value Interpreter::Arithmetic(std::string_view op, const Value& a, const Value& b,
                              const Node& node) {
  bool whole = a.IsInteger() && b.IsInteger();
  if (op == "/" || op == "//" || op == "%") {
    if (b.AsDouble() == 0) return Raise("ZeroDivisionError", "division by zero", node);
  }
  if (!whole || op == "/") {
    double x = a.AsDouble();
    double y = b.AsDouble();
    if (op == "+") return Value::Float(x + y).At(node);
    if (op == "-") return Value::Float(x - y).At(node);
    if (op == "*") return Value::Float(x * y).At(node);
    if (op == "/") return Value::Float(x / y).At(node);
    if (op == "//") return Value::Float(std::floor(x / y)).At(node);
    return Unsupported("the operator " + std::string(op) + " on floats cannot be evaluated", node);
  }
  int64_t x = a.integer;
  int64_t y = b.integer;
  int64_t out = 0;
  bool overflow = false;
  if (op == "+") {
    overflow = __builtin_add_overflow(x, y, &out);
  } else if (op == "-") {
    overflow = __builtin_sub_overflow(x, y, &out);
  } else if (op == "*") {
    overflow = __builtin_mul_overflow(x, y, &out);
  } else if (op == "//" || op == "%") {
    overflow = y == -1 && x == INT64_MIN;
    if (!overflow) {
      int64_t quotient = x / y;
      if (x % y != 0 && (x < 0) != (y < 0)) --quotient;  // Python rounds down
      out = op == "//" ? quotient : x - quotient * y;
    }
  } else if (op == "**" && y >= 0 && y < 64) {
    out = 1;
    for (int64_t i = 0; i < y && !overflow; ++i) overflow = __builtin_mul_overflow(out, x, &out);
  } else if (op == "<<" && y >= 0 && y < 63 && x >= 0 && x < (int64_t{1} << (62 - y))) {
    out = x << y;
  } else if (op == ">>" && y >= 0) {
    out = y > 63 ? (x < 0 ? -1 : 0) : x >> y;
  } else if (op == "&") {
    out = x & y;
  } else if (op == "|") {
    out = x | y;
  } else if (op == "^") {
    out = x ^ y;
  } else {
    return Unsupported("the operator " + std::string(op) + " cannot be evaluated here", node);
  }
  if (overflow) return Unsupported("an integer of more than 64 bits cannot be evaluated", node);
  bool bools = a.Is(Type::kBool) && b.Is(Type::kBool) && (op == "&" || op == "|" || op == "^");
  return (bools ? Value::Bool(out != 0) : Value::Int(out)).At(node);
}

Value Interpreter::SetOperation(std::string_view op, const Value& a, const Value& b,
                                const Node& node) {
  Dict* left = a.Is(Type::kView) ? a.AsView()->dict : a.AsDict();
  Dict* right = b.Is(Type::kView) ? b.AsView()->dict : b.AsDict();
  Value result = NewDict(Type::kSet, node);
  if (result.none()) return result;
  auto add = [&](Dict* from, Dict* other, bool wanted, bool always) {
    if (!Work(from->items.size(), node)) return;
    for (const DictItem& item : from->items) {
      std::string hash;
      if (!item.live || !HashKey(item.key, &hash)) continue;
      if (!Work(WorkOf(hash.size()), node)) return;
      if (always || (other->Find(hash) != nullptr) == wanted) {
        Store(result.AsDict(), hash, item.key, Value::None(), node);
      }
    }
  };
  add(left, right, op == "&", op == "|");
  if (op == "|" || op == "^") add(right, left, false, false);
  for (Dict* part : {left, right}) {
    for (Opaque* taint : part->taint) AddTaint(&result.AsDict()->taint, taint);
  }
  return result;
}

Value Interpreter::Repeat(const Value& sequence, int64_t times, const Node& node) {
  bool is_str = sequence.Is(Type::kStr);
  if (!is_str && !IsSequence(sequence)) {
    return Raise("TypeError", "'" + TypeName(sequence) + "' object cannot be repeated", node);
  }
  uint64_t count = times < 0 ? 0 : static_cast<uint64_t>(times);
  uint64_t size = is_str ? sequence.text().size() : sequence.AsList()->items.size() * sizeof(Value);
  // It is charged when it is built, if there is room for it.
  if (size != 0 && count > RoomForValues() / size) {
    Charge(kMaxValueBytes + 1, node);
    return Value::None();
  }
  if (is_str) {
    std::string out;
    out.reserve(size * count);
    for (uint64_t i = 0; i < count && size != 0; ++i) out += sequence.text();
    return NewStr(std::move(out), node);
  }
  std::vector<Value> once = CopyItems(sequence, node);
  std::vector<Value> items;
  for (uint64_t i = 0; i < count && size != 0; ++i) {
    items.insert(items.end(), once.begin(), once.end());
  }
  Value list = NewList(sequence.type, std::move(items), node);
  if (!list.none()) list.AsList()->taint = sequence.AsList()->taint;
  return list;
}

Value Interpreter::EvalBoolean(const Node& node) {
  const bool is_and = node.op == Op::kAnd;
  for (const Node* operand : node.children.first(node.children.size() - 1)) {
    Value value = Eval(*operand);
    Truth truth = TruthOf(value);
    // The others may settle it, if they have no say in what is changed.
    if (truth == Truth::kUnknown) return OpaqueValue(UnknownPart(value), node);
    if ((truth == Truth::kTrue) != is_and) return value;
  }
  return Eval(*node.children.back());
}

Value Interpreter::EvalComparison(const Node& node) {
  Value left = Eval(*node.children[0]);
  for (size_t i = 1; i + 1 < node.children.size(); i += 2) {
    Value right = Eval(*node.children[i + 1]);
    if (IsVersion(left) || IsVersion(right)) {
      Assume("a comparison with the version of something installed is taken as true", node);
      left = right;
      continue;
    }
    Value failure;
    Truth truth = Compare(OpText(node.children[i]->op), left, right, node, &failure);
    if (truth == Truth::kUnknown) return failure;
    if (truth == Truth::kFalse) return Value::Bool(false).At(node);
    left = right;
  }
  return Value::Bool(true).At(node);
}

Truth Interpreter::Compare(std::string_view op, const Value& a, const Value& b, const Node& node,
                           Value* failure) {
  auto negate = [](Truth t) {
    return t == Truth::kUnknown ? t : t == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
  };
  auto unknown = [&] {
    Opaque* opaque = UnknownPart(a);
    if (opaque == nullptr) opaque = UnknownPart(b);
    *failure = opaque != nullptr ? OpaqueValue(opaque, node)
                                 : Unsupported("this comparison cannot be evaluated", node);
    return Truth::kUnknown;
  };
  if (op == "in") return Contains(b, a, node, failure);
  if (op == "not in") return negate(Contains(b, a, node, failure));
  if (op == "==" || op == "!=") {
    Truth same = Same(a, b, node);
    if (same == Truth::kUnknown) return unknown();
    return op == "==" ? same : negate(same);
  }
  if (op == "is" || op == "is not") {
    if (a.opaque() || b.opaque()) {
      bool same = a.opaque() && b.opaque() && a.object == b.object;
      if (!same) return unknown();
    }
    bool small = a.none() || a.IsInteger() || a.Is(Type::kBuiltin);
    bool same =
        a.type == b.type && (small ? a.none() || a.integer == b.integer : a.object == b.object);
    return same == (op == "is") ? Truth::kTrue : Truth::kFalse;
  }
  if (a.opaque() || b.opaque()) return unknown();
  if (op == "<") return Less(a, b, node, failure);
  if (op == ">") return Less(b, a, node, failure);
  if (op == "<=") return negate(Less(b, a, node, failure));
  if (op == ">=") return negate(Less(a, b, node, failure));
  if (op == "<>") return negate(Same(a, b, node));
  return unknown();
}

Truth Interpreter::Less(const Value& a, const Value& b, const Node& node, Value* failure,
                        int depth) {
  auto of = [](bool less) { return less ? Truth::kTrue : Truth::kFalse; };
  if (a.IsNumber() && b.IsNumber()) {
    return of(a.IsInteger() && b.IsInteger() ? a.integer < b.integer : a.AsDouble() < b.AsDouble());
  }
  // UTF-8 sorts like its code points.
  if (a.Is(Type::kStr) && b.Is(Type::kStr)) {
    Work(WorkOf(std::min(a.text().size(), b.text().size())), node);
    return of(a.text() < b.text());
  }
  if (IsSequence(a) && a.type == b.type && depth < 20 && UnknownPart(a) == nullptr &&
      UnknownPart(b) == nullptr) {
    const std::vector<Value>& x = a.AsList()->items;
    const std::vector<Value>& y = b.AsList()->items;
    for (size_t i = 0; i < x.size() && i < y.size(); ++i) {
      Truth same = Same(x[i], y[i], node);
      if (same == Truth::kFalse) return Less(x[i], y[i], node, failure, depth + 1);
      if (same == Truth::kUnknown) {
        *failure = Unsupported("this comparison cannot be evaluated", node);
        return same;
      }
    }
    return of(x.size() < y.size());
  }
  if (UnknownPart(a) != nullptr || UnknownPart(b) != nullptr || a.Is(Type::kSet)) {
    *failure = Unsupported("this comparison cannot be evaluated", node);
    return Truth::kUnknown;
  }
  *failure =
      Raise("TypeError",
            "'<' is not supported between '" + TypeName(a) + "' and '" + TypeName(b) + "'", node);
  return Truth::kUnknown;
}

Truth Interpreter::Contains(const Value& container, const Value& item, const Node& node,
                            Value* failure) {
  auto of = [](bool found) { return found ? Truth::kTrue : Truth::kFalse; };
  auto unknown = [&](Opaque* opaque) {
    *failure = OpaqueValue(opaque, node);
    return Truth::kUnknown;
  };
  if (container.opaque()) {
    // `"torch" in sys.modules`: a condition on what is installed.
    if (container.AsOpaque()->path == "sys.modules") {
      Assume("a module that is looked for in sys.modules is taken as loaded", node);
      return Truth::kTrue;
    }
    return unknown(container.AsOpaque());
  }
  if (item.opaque()) return unknown(item.AsOpaque());
  bool keys = container.Is(Type::kView) && container.AsView()->of == View::Of::kKeys;
  if (container.Is(Type::kDict) || container.Is(Type::kSet) || keys) {
    Dict* dict = keys ? container.AsView()->dict : container.AsDict();
    std::string hash;
    if (!Hash(item, node, &hash, failure)) return Truth::kUnknown;
    if (dict->Find(hash) != nullptr) return Truth::kTrue;
    return dict->taint.empty() ? Truth::kFalse : unknown(dict->taint.front());
  }
  if (container.Is(Type::kStr)) {
    if (!item.Is(Type::kStr)) {
      *failure = Raise("TypeError", "'in <string>' requires a string, not " + TypeName(item), node);
      return Truth::kUnknown;
    }
    if (!SearchWork(container.text(), item.text(), node)) return Truth::kFalse;
    return of(container.text().find(item.text()) != std::string::npos);
  }
  Opaque* lost = nullptr;
  bool found = false;
  ForEach(container, node, &lost, [&](const Value& candidate) {
    Truth same = Same(candidate, item, node);
    if (same == Truth::kUnknown) lost = UnknownPart(candidate);
    found = same == Truth::kTrue;
    return !found;
  });
  if (found) return Truth::kTrue;
  return lost == nullptr ? Truth::kFalse : unknown(lost);
}

}  // namespace wcheck::python
