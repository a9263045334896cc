// Operators, indices, iteration, text.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "python/format_spec.h"
#include "python/machine/machine.h"
#include "python/unicode.h"
#include "python/value.h"

namespace wcheck::machine {
namespace {

using POp = python::Op;

const Value* UnknownOf(const Value& a, const Value& b) {
  if (a.Is(Form::kUnknown)) return &a;
  if (b.Is(Form::kUnknown)) return &b;
  return nullptr;
}

size_t BinaryIndex(POp op) { return static_cast<size_t>(op) - static_cast<size_t>(POp::kAdd); }

std::string OpName(POp op) { return std::string(python::OpText(op)); }

int64_t FloorDivide(int64_t a, int64_t b) {
  int64_t q = a / b;
  if ((a % b != 0) && ((a < 0) != (b < 0))) --q;
  return q;
}

// Clamps a slice to a length, as Python does.
void SliceBounds(Machine& m, const Slice& slice, int64_t length, int64_t* start, int64_t* step,
                 int64_t* count) {
  int64_t by = slice.step.none() ? 1 : m.Index(slice.step);
  if (by == 0) m.Raise("ValueError", "slice step cannot be zero");
  auto clamp = [&](const Value& v, int64_t otherwise) {
    if (v.none()) return otherwise;
    int64_t i = m.Index(v);
    if (i < 0) {
      i += length;
      if (i < 0) i = by < 0 ? -1 : 0;
    } else if (i >= length) {
      i = by < 0 ? length - 1 : length;
    }
    return i;
  };
  const int64_t from = clamp(slice.start, by < 0 ? length - 1 : 0);
  const int64_t to = clamp(slice.stop, by < 0 ? -1 : length);
  *start = from;
  *step = by;
  if (by > 0) {
    *count = from < to ? (to - from - 1) / by + 1 : 0;
  } else {
    *count = from > to ? (from - to - 1) / -by + 1 : 0;
  }
}

Value NextOfList(Machine& m, Iterator* it) {
  const List* list = it->source.As<List>();
  if (it->position >= list->items.size) return Value();
  return list->items[static_cast<size_t>(it->position++)];
}
Value NextOfTuple(Machine& m, Iterator* it) {
  const Tuple* tuple = it->source.As<Tuple>();
  if (it->position >= tuple->size) return Value();
  return tuple->data[it->position++];
}
Value NextOfRange(Machine& m, Iterator* it) {
  const Range* range = it->source.As<Range>();
  if (it->position >= it->limit) return Value();
  return Int(range->start + range->step * it->position++);
}
Value NextOfDict(Machine& m, Iterator* it) {
  const Dict* dict = it->source.As<Dict>();
  while (it->position < dict->entries.size) {
    const Dict::Entry& e = dict->entries[static_cast<size_t>(it->position++)];
    if (e.key.null()) continue;
    switch (static_cast<View::Of>(it->limit)) {
      case View::Of::kKeys:
        return e.key;
      case View::Of::kValues:
        return m.Resolve(e.value);
      case View::Of::kItems: {
        const Value pair[] = {e.key, m.Resolve(e.value)};
        return Obj(m.NewTuple(pair));
      }
    }
  }
  return Value();
}
Value NextOfSet(Machine& m, Iterator* it) {
  const Dict& table = it->source.As<Set>()->table;
  while (it->position < table.entries.size) {
    const Dict::Entry& e = table.entries[static_cast<size_t>(it->position++)];
    if (!e.key.null()) return e.key;
  }
  return Value();
}
Value NextOfStr(Machine& m, Iterator* it) {
  const std::string_view text = it->source.As<Str>()->view();
  if (static_cast<size_t>(it->position) >= text.size()) return Value();
  const size_t size = std::min(python::CodePointBytes(text[static_cast<size_t>(it->position)]),
                               text.size() - static_cast<size_t>(it->position));
  const Value result = Obj(m.Intern(text.substr(static_cast<size_t>(it->position), size)));
  it->position += static_cast<int64_t>(size);
  return result;
}
// By __getitem__ with 0, 1, …
Value NextByIndex(Machine& m, Iterator* it) {
  try {
    return m.GetIndex(it->source, Int(it->position++));
  } catch (const Raised& raised) {
    if (!m.IsException(raised.exception, "IndexError")) throw;
    return Value();
  }
}

}  // namespace

// --- truth ----------------------------------------------------------------------------------------

Value Machine::TruthValue(const Value& value) {
  switch (value.tag) {
    case Tag::kNull:
    case Tag::kNone:
      return Bool(false);
    case Tag::kBool:
      return value;
    case Tag::kInt:
      return Bool(value.integer != 0);
    case Tag::kFloat:
      return Bool(value.number != 0);
    case Tag::kObject:
      break;
  }
  switch (value.object->form) {
    case Form::kUnknown:
      return value;
    case Form::kLazy:
      return TruthValue(Resolve(value));
    case Form::kFunction:
    case Form::kNative:
    case Form::kMethod:
    case Form::kModule:
    case Form::kSingleton:
    case Form::kGenerator:
    case Form::kIterator:
      return Bool(true);
    case Form::kClass:
      if (value.object->type == type_class) return Bool(true);
      break;
    case Form::kStr:
      return Bool(value.As<Str>()->size != 0);
    case Form::kInt:
      return Bool(value.As<BoxedInt>()->integer != 0);
    case Form::kFloat:
      return Bool(value.As<BoxedFloat>()->number != 0);
    case Form::kTuple:
      return Bool(value.As<Tuple>()->size != 0);
    case Form::kList:
      if (value.object->type == list_class) return Bool(!value.As<List>()->items.empty());
      break;
    case Form::kDict:
      if (value.object->type == dict_class) return Bool(value.As<Dict>()->count != 0);
      break;
    case Form::kRange:
      return Bool(value.As<Range>()->size() != 0);
    default:
      break;
  }
  Value special;
  if (Special(value, names.bool_, &special)) return TruthValue(Call(special));
  if (Special(value, names.len, &special)) return TruthValue(Call(special));
  return Bool(true);
}

bool Machine::Truth(const Value& value) {
  if (value.tag == Tag::kBool) return value.integer != 0;
  const Value truth = TruthValue(value);
  if (!truth.is_bool()) throw Open{truth.As<Unknown>()};
  return truth.integer != 0;
}

bool Machine::IsInteger(const Value& value, int64_t* out) const {
  if (value.tag == Tag::kInt || value.tag == Tag::kBool) {
    *out = value.integer;
    return true;
  }
  if (value.Is(Form::kInt)) {
    *out = value.As<BoxedInt>()->integer;
    return true;
  }
  return false;
}

bool Machine::IsNumber(const Value& value, double* out) const {
  int64_t integer = 0;
  if (IsInteger(value, &integer)) {
    *out = static_cast<double>(integer);
    return true;
  }
  if (value.is_float()) {
    *out = value.number;
    return true;
  }
  if (value.Is(Form::kFloat)) {
    *out = value.As<BoxedFloat>()->number;
    return true;
  }
  return false;
}

int64_t Machine::Index(const Value& value) {
  int64_t out = 0;
  if (IsInteger(value, &out)) return out;
  if (value.Is(Form::kUnknown)) throw Open{value.As<Unknown>()};
  Value special;
  if (value.is_object() && Special(value, names.index, &special)) return Index(Call(special));
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, value)) +
                         "' object cannot be interpreted as an integer");
}

// --- arithmetic -----------------------------------------------------------------------------------

Value Machine::Arithmetic(POp op, const Value& a, const Value& b, bool* handled) {
  *handled = true;
  int64_t x = 0, y = 0;
  if (IsInteger(a, &x) && IsInteger(b, &y)) {
    int64_t r = 0;
    bool overflow = false;
    switch (op) {
      case POp::kAdd:
        overflow = __builtin_add_overflow(x, y, &r);
        break;
      case POp::kSubtract:
        overflow = __builtin_sub_overflow(x, y, &r);
        break;
      case POp::kMultiply:
        overflow = __builtin_mul_overflow(x, y, &r);
        break;
      case POp::kDivide:
        if (y == 0) Raise("ZeroDivisionError", "division by zero");
        return Float(static_cast<double>(x) / static_cast<double>(y));
      case POp::kFloorDivide:
        if (y == 0) Raise("ZeroDivisionError", "integer division or modulo by zero");
        if (x == INT64_MIN && y == -1) {
          overflow = true;
          break;
        }
        r = FloorDivide(x, y);
        break;
      case POp::kModulo:
        if (y == 0) Raise("ZeroDivisionError", "integer modulo by zero");
        r = y == -1 ? 0 : x - FloorDivide(x, y) * y;
        break;
      case POp::kPower: {
        if (y < 0) {
          if (x == 0) Raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
          return Float(std::pow(static_cast<double>(x), static_cast<double>(y)));
        }
        r = 1;
        int64_t base = x;
        for (int64_t e = y; e > 0 && !overflow;) {
          if (e & 1) overflow |= __builtin_mul_overflow(r, base, &r);
          e >>= 1;
          if (e > 0) overflow |= __builtin_mul_overflow(base, base, &base);
        }
        break;
      }
      case POp::kBitAnd:
        r = x & y;
        if (a.is_bool() && b.is_bool()) return Bool(r != 0);
        break;
      case POp::kBitOr:
        r = x | y;
        if (a.is_bool() && b.is_bool()) return Bool(r != 0);
        break;
      case POp::kBitXor:
        r = x ^ y;
        if (a.is_bool() && b.is_bool()) return Bool(r != 0);
        break;
      case POp::kShiftLeft:
        if (y < 0) Raise("ValueError", "negative shift count");
        overflow = y > 62 || (x != 0 && (std::abs(x) > (INT64_MAX >> y)));
        if (!overflow) r = x * (int64_t{1} << y);
        break;
      case POp::kShiftRight:
        if (y < 0) Raise("ValueError", "negative shift count");
        r = y > 62 ? (x < 0 ? -1 : 0) : x >> y;
        break;
      default:
        *handled = false;
        return Value();
    }
    if (overflow) return NewUnknown("an integer of more than 64 bits");
    return Int(r);
  }
  double p = 0, q = 0;
  if (IsNumber(a, &p) && IsNumber(b, &q)) {
    switch (op) {
      case POp::kAdd:
        return Float(p + q);
      case POp::kSubtract:
        return Float(p - q);
      case POp::kMultiply:
        return Float(p * q);
      case POp::kDivide:
        if (q == 0) Raise("ZeroDivisionError", "float division by zero");
        return Float(p / q);
      case POp::kFloorDivide:
      case POp::kModulo: {
        if (q == 0) Raise("ZeroDivisionError", "float floor division by zero");
        double mod = std::fmod(p, q);
        double div = (p - mod) / q;
        if (mod != 0) {
          if ((q < 0) != (mod < 0)) {
            mod += q;
            div -= 1.0;
          }
        } else {
          mod = std::copysign(0.0, q);
        }
        if (op == POp::kModulo) return Float(mod);
        double floor = 0;
        if (div != 0) {
          floor = std::floor(div);
          if (div - floor > 0.5) floor += 1.0;
        } else {
          floor = std::copysign(0.0, p / q);
        }
        return Float(floor);
      }
      case POp::kPower:
        if (p == 0 && q < 0) Raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
        if (p < 0 && q != std::floor(q)) return NewUnknown("a complex number");
        return Float(std::pow(p, q));
      default:
        break;
    }
  }
  *handled = false;
  return Value();
}

Value Machine::SequenceOperation(POp op, const Value& a, const Value& b, bool in_place, bool* handled) {
  *handled = true;
  if (op == POp::kAdd) {
    if (a.Is(Form::kStr) && b.Is(Form::kStr)) {
      return String(std::string(a.As<Str>()->view()) + std::string(b.As<Str>()->view()));
    }
    if (a.Is(Form::kList) && in_place) {
      List* list = a.As<List>();
      for (const Value& item : Items(b)) list->items.Push(arena_, item);
      return a;
    }
    if (a.Is(Form::kList) && b.Is(Form::kList)) {
      List* list = NewList(std::span(a.As<List>()->items.data, a.As<List>()->items.size));
      for (uint32_t i = 0; i < b.As<List>()->items.size; ++i) list->items.Push(arena_, b.As<List>()->items[i]);
      return Obj(list);
    }
    if (a.Is(Form::kTuple) && b.Is(Form::kTuple)) {
      const Tuple* x = a.As<Tuple>();
      const Tuple* y = b.As<Tuple>();
      Tuple* tuple = NewTuple(size_t{x->size} + y->size);
      std::copy(x->data, x->data + x->size, tuple->data);
      std::copy(y->data, y->data + y->size, tuple->data + x->size);
      return Obj(tuple);
    }
  }
  if (op == POp::kMultiply) {
    int64_t times = 0;
    const Value* sequence = nullptr;
    if (IsInteger(b, &times)) {
      sequence = &a;
    } else if (IsInteger(a, &times)) {
      sequence = &b;
    }
    if (sequence != nullptr && sequence->is_object()) {
      times = std::max<int64_t>(times, 0);
      if (sequence->Is(Form::kStr)) {
        const std::string_view text = sequence->As<Str>()->view();
        if (text.size() * static_cast<uint64_t>(times) > (uint64_t{1} << 26)) throw LimitReached{"memory"};
        std::string out;
        for (int64_t i = 0; i < times; ++i) out += text;
        return String(out);
      }
      std::span<Value> items;
      if (sequence->Is(Form::kList)) items = {sequence->As<List>()->items.data, sequence->As<List>()->items.size};
      if (sequence->Is(Form::kTuple)) items = sequence->As<Tuple>()->items();
      if (sequence->Is(Form::kList) || sequence->Is(Form::kTuple)) {
        if (items.size() * static_cast<uint64_t>(times) > (uint64_t{1} << 24)) throw LimitReached{"memory"};
        std::vector<Value> all;
        all.reserve(items.size() * static_cast<size_t>(times));
        for (int64_t i = 0; i < times; ++i) all.insert(all.end(), items.begin(), items.end());
        return sequence->Is(Form::kList) ? Obj(NewList(all)) : Obj(NewTuple(all));
      }
    }
  }
  if (op == POp::kModulo && a.Is(Form::kStr)) return NewUnknown("a text made with %");
  if (a.Is(Form::kSet) && b.Is(Form::kSet)) {
    Set* x = a.As<Set>();
    Set* y = b.As<Set>();
    Set* result = in_place && !x->frozen && op == POp::kBitOr ? x : NewSet(x->frozen);
    switch (op) {
      case POp::kBitOr:
        if (result != x) CopyInto(&result->table, x->table);
        CopyInto(&result->table, y->table);
        return Obj(result);
      case POp::kBitAnd:
        for (const Dict::Entry& e : x->table.entries) {
          if (!e.key.null() && Find(y->table, e.key) != nullptr) Add(result, e.key);
        }
        return Obj(result);
      case POp::kSubtract:
        for (const Dict::Entry& e : x->table.entries) {
          if (!e.key.null() && Find(y->table, e.key) == nullptr) Add(result, e.key);
        }
        return Obj(result);
      case POp::kBitXor:
        for (const Dict::Entry& e : x->table.entries) {
          if (!e.key.null() && Find(y->table, e.key) == nullptr) Add(result, e.key);
        }
        for (const Dict::Entry& e : y->table.entries) {
          if (!e.key.null() && Find(x->table, e.key) == nullptr) Add(result, e.key);
        }
        return Obj(result);
      default:
        break;
    }
  }
  if (op != POp::kAdd && op != POp::kMultiply && (a.Is(Form::kSet) || a.Is(Form::kView)) &&
      (b.Is(Form::kView) || b.Is(Form::kSet))) {
    Set* x = NewSet();
    for (const Value& item : Items(a)) Add(x, item);
    Set* y = NewSet();
    for (const Value& item : Items(b)) Add(y, item);
    return SequenceOperation(op, Obj(x), Obj(y), false, handled);
  }
  if (op == POp::kBitOr && a.Is(Form::kDict) && b.Is(Form::kDict)) {
    Dict* result = in_place ? a.As<Dict>() : NewDict();
    if (!in_place) CopyInto(result, *a.As<Dict>());
    CopyInto(result, *b.As<Dict>());
    return Obj(result);
  }
  *handled = false;
  return Value();
}

Value Machine::Binary(POp op, const Value& a, const Value& b, bool in_place) {
  if (a.is_int() && b.is_int()) {
    bool handled = false;
    const Value result = Arithmetic(op, a, b, &handled);
    if (handled) return result;
  }
  if (a.Is(Form::kLazy) || b.Is(Form::kLazy)) return Binary(op, Resolve(a), Resolve(b), in_place);
  const size_t index = BinaryIndex(op);
  auto is_type = [&](const Value& v) {
    return v.Is(Form::kClass) || (v.is_object() && (v.object->type == alias_class || v.object->type == union_class));
  };
  if (op == POp::kBitOr && (is_type(a) || is_type(b)) &&
      !(a.Is(Form::kClass) && LookUp(a.object->type, names.binary[index]) != nullptr)) {
    // A union of types.
    std::vector<Value> parts;
    for (const Value* side : {&a, &b}) {
      if (side->is_object() && side->object->type == union_class) {
        for (const Value& part : Items(GetAttribute(*side, "__args__"))) parts.push_back(part);
      } else {
        parts.push_back(side->none() ? Obj(none_class) : *side);
      }
    }
    Object* made = New<Object>(union_class, Form::kInstance);
    made->attributes = NewDict();
    Set_(made->attributes, "__args__", Obj(NewTuple(parts)));
    return Obj(made);
  }
  bool handled = false;
  const bool plain = (!a.is_object() || a.object->type->native) && (!b.is_object() || b.object->type->native);
  Value special;
  if (!plain || a.Is(Form::kForeign) || b.Is(Form::kForeign) || a.Is(Form::kInstance) || b.Is(Form::kInstance)) {
    const bool reflected_first = b.is_object() && a.is_object() && b.object->type != a.object->type &&
                                 IsSubclass(b.object->type, a.object->type);
    auto attempt = [&](const Value& self, Str* name, const Value& other, Value* out) {
      if (!self.is_object() || self.Is(Form::kUnknown)) return false;
      if (!Special(self, name, &special)) return false;
      *out = Call(special, {other});
      return !out->Same(not_implemented_);
    };
    Value out;
    if (reflected_first && attempt(b, names.reflected[index], a, &out)) return out;
    if (in_place && attempt(a, names.in_place[index], b, &out)) return out;
    if (attempt(a, names.binary[index], b, &out)) return out;
    if (!reflected_first && attempt(b, names.reflected[index], a, &out)) return out;
  }
  if (const Value* unknown = UnknownOf(a, b)) return *unknown;
  Value result = Arithmetic(op, a, b, &handled);
  if (handled) return result;
  result = SequenceOperation(op, a, b, in_place, &handled);
  if (handled) return result;
  if ((a.is_object() && a.object->type->open) || (b.is_object() && b.object->type->open)) {
    return NewUnknown("an operation of a class that is not read");
  }
  Raise("TypeError", "unsupported operand type(s) for " + OpName(op) + ": '" +
                         std::string(TypeNameOf(*this, a)) + "' and '" +
                         std::string(TypeNameOf(*this, b)) + "'");
}

Value Machine::Unary(POp op, const Value& value) {
  int64_t i = 0;
  if (value.Is(Form::kUnknown)) return value;
  if (IsInteger(value, &i)) {
    if (op == POp::kSubtract) return i == INT64_MIN ? NewUnknown("an integer of more than 64 bits") : Int(-i);
    if (op == POp::kInvert) return Int(~i);
    return Int(i);
  }
  double d = 0;
  if (IsNumber(value, &d) && op != POp::kInvert) return Float(op == POp::kSubtract ? -d : d);
  Value special;
  Str* name = op == POp::kSubtract ? names.neg : op == POp::kInvert ? names.invert : names.pos;
  if (value.is_object() && Special(value, name, &special)) return Call(special);
  Raise("TypeError", "bad operand type for unary " + OpName(op));
}

// --- comparison -----------------------------------------------------------------------------------

bool Machine::Equal(const Value& a, const Value& b) {
  return Truth(Compare(POp::kEqual, a, b));
}

Value Machine::Compare(POp op, const Value& ra, const Value& rb) {
  const Value a = Resolve(ra);
  const Value b = Resolve(rb);
  switch (op) {
    case POp::kIs:
    case POp::kIsNot: {
      if (const Value* unknown = UnknownOf(a, b)) {
        if (a.Same(b)) return *unknown;
        return *unknown;
      }
      bool same = a.Same(b);
      // Short strings are one object in CPython.
      if (!same && a.Is(Form::kStr) && b.Is(Form::kStr)) same = a.As<Str>()->view() == b.As<Str>()->view();
      if (!same && a.Is(Form::kTuple) && b.Is(Form::kTuple)) {
        same = a.As<Tuple>()->size == 0 && b.As<Tuple>()->size == 0;
      }
      return Bool(same == (op == POp::kIs));
    }
    case POp::kIn:
    case POp::kNotIn: {
      const Value found = Contains(b, a);
      if (!found.is_bool()) return found;
      return Bool((found.integer != 0) == (op == POp::kIn));
    }
    default:
      break;
  }
  const Nested nested(&native_depth_);
  if (a.is_int() && b.is_int()) {
    switch (op) {
      case POp::kLess: return Bool(a.integer < b.integer);
      case POp::kGreater: return Bool(a.integer > b.integer);
      case POp::kLessEqual: return Bool(a.integer <= b.integer);
      case POp::kGreaterEqual: return Bool(a.integer >= b.integer);
      case POp::kEqual: return Bool(a.integer == b.integer);
      default: return Bool(a.integer != b.integer);
    }
  }
  const bool equality = op == POp::kEqual || op == POp::kNotEqual;
  auto order = [&](auto x, auto y) {
    switch (op) {
      case POp::kLess: return Bool(x < y);
      case POp::kGreater: return Bool(x > y);
      case POp::kLessEqual: return Bool(x <= y);
      case POp::kGreaterEqual: return Bool(x >= y);
      case POp::kEqual: return Bool(x == y);
      default: return Bool(x != y);
    }
  };
  // Classes of files may say for themselves.
  auto custom = [&](const Value& v) {
    return v.is_object() && (v.object->form == Form::kInstance || v.object->form == Form::kForeign ||
                             v.object->form == Form::kClass || !v.object->type->native);
  };
  if (custom(a) || custom(b)) {
    static constexpr POp kMirrored[] = {POp::kGreater, POp::kLess, POp::kGreaterEqual, POp::kLessEqual,
                                        POp::kEqual, POp::kNotEqual};
    auto name_of = [&](POp o) {
      switch (o) {
        case POp::kLess: return names.lt;
        case POp::kGreater: return names.gt;
        case POp::kLessEqual: return names.le;
        case POp::kGreaterEqual: return names.ge;
        case POp::kEqual: return names.eq;
        default: return names.ne;
      }
    };
    auto attempt = [&](const Value& self, POp o, const Value& other, Value* out) {
      if (!custom(self)) return false;
      Value special;
      if (Special(self, name_of(o), &special)) {
        *out = Call(special, {other});
        if (!out->Same(not_implemented_)) return true;
      }
      if (o == POp::kNotEqual && Special(self, names.eq, &special)) {
        const Value equal = Call(special, {other});
        if (equal.Same(not_implemented_)) return false;
        const Value truth = TruthValue(equal);
        *out = truth.is_bool() ? Bool(truth.integer == 0) : truth;
        return true;
      }
      return false;
    };
    Value out;
    if (attempt(a, op, b, &out)) return out;
    if (attempt(b, kMirrored[static_cast<size_t>(op) - static_cast<size_t>(POp::kLess)], a, &out)) return out;
  }
  if (const Value* unknown = UnknownOf(a, b)) return *unknown;
  double p = 0, q = 0;
  if (IsNumber(a, &p) && IsNumber(b, &q)) return order(p, q);
  if (a.Is(Form::kStr) && b.Is(Form::kStr)) return order(a.As<Str>()->view(), b.As<Str>()->view());
  auto items = [](const Value& v) -> std::span<Value> {
    if (v.Is(Form::kList)) return {v.As<List>()->items.data, v.As<List>()->items.size};
    return v.As<Tuple>()->items();
  };
  if ((a.Is(Form::kList) && b.Is(Form::kList)) || (a.Is(Form::kTuple) && b.Is(Form::kTuple))) {
    const std::span<Value> x = items(a), y = items(b);
    if (equality && x.size() != y.size()) return Bool(op == POp::kNotEqual);
    Step();
    Value open;
    for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (x[i].Same(y[i]) && !x[i].Is(Form::kUnknown)) continue;
      const Value same = TruthValue(Compare(POp::kEqual, x[i], y[i]));
      if (!same.is_bool()) {
        if (!equality) return same;
        open = same;
        continue;
      }
      if (same.integer != 0) continue;
      if (equality) return Bool(op == POp::kNotEqual);
      return Compare(op, x[i], y[i]);
    }
    if (!open.null()) return open;
    return order(x.size(), y.size());
  }
  if (equality) {
    bool same = a.Same(b);
    if (a.Is(Form::kDict) && b.Is(Form::kDict) && !same) {
      const Dict* x = a.As<Dict>();
      const Dict* y = b.As<Dict>();
      same = x->count == y->count;
      for (const Dict::Entry& e : x->entries) {
        if (!same) break;
        if (e.key.null()) continue;
        Dict::Entry* other = Find(*y, e.key);
        if (other == nullptr) {
          same = false;
        } else {
          const Value equal = TruthValue(Compare(POp::kEqual, e.value, other->value));
          if (!equal.is_bool()) return equal;
          same = equal.integer != 0;
        }
      }
    } else if ((a.Is(Form::kSet) || a.Is(Form::kView)) && (b.Is(Form::kSet) || b.Is(Form::kView)) && !same) {
      Set* x = NewSet();
      Set* y = NewSet();
      for (const Value& item : Items(a)) Add(x, item);
      for (const Value& item : Items(b)) Add(y, item);
      same = x->table.count == y->table.count;
      for (const Dict::Entry& e : x->table.entries) {
        if (same && !e.key.null()) same = Find(y->table, e.key) != nullptr;
      }
    } else if (a.Is(Form::kRange) && b.Is(Form::kRange)) {
      same = a.As<Range>()->start == b.As<Range>()->start && a.As<Range>()->size() == b.As<Range>()->size() &&
             a.As<Range>()->step == b.As<Range>()->step;
    } else if (a.Is(Form::kMethod) && b.Is(Form::kMethod)) {
      same = a.As<Method>()->self.Same(b.As<Method>()->self) &&
             a.As<Method>()->function.Same(b.As<Method>()->function);
    }
    return Bool(same == (op == POp::kEqual));
  }
  if ((a.Is(Form::kSet) || a.Is(Form::kView)) && (b.Is(Form::kSet) || b.Is(Form::kView))) {
    const std::vector<Value> x = Items(a), y = Items(b);
    auto within = [&](const std::vector<Value>& inner, const Value& outer) {
      for (const Value& item : inner) {
        if (!Truth(Contains(outer, item))) return false;
      }
      return true;
    };
    if (op == POp::kLessEqual) return Bool(within(x, b));
    if (op == POp::kGreaterEqual) return Bool(within(y, a));
    if (op == POp::kLess) return Bool(within(x, b) && x.size() < y.size());
    return Bool(within(y, a) && y.size() < x.size());
  }
  Raise("TypeError", "'" + OpName(op) + "' not supported between instances of '" +
                         std::string(TypeNameOf(*this, a)) + "' and '" +
                         std::string(TypeNameOf(*this, b)) + "'");
}

Value Machine::Contains(const Value& raw, const Value& item) {
  const Value container = Resolve(raw);
  if (container.Is(Form::kUnknown)) return container;
  if (!container.is_object()) {
    Raise("TypeError", "argument of type '" + std::string(TypeNameOf(*this, container)) + "' is not iterable");
  }
  Class* cls = container.object->type;
  if (!cls->native || container.object->form == Form::kForeign || container.object->form == Form::kInstance ||
      container.object->form == Form::kClass) {
    Value special;
    Value* attribute = LookUp(cls, names.contains);
    if (attribute != nullptr && !attribute->none() && Special(container, names.contains, &special)) {
      return TruthValue(Call(special, {item}));
    }
  }
  switch (container.object->form) {
    case Form::kStr: {
      if (item.Is(Form::kUnknown)) return item;
      if (!item.Is(Form::kStr)) Raise("TypeError", "'in <string>' requires string as left operand");
      return Bool(container.As<Str>()->view().find(item.As<Str>()->view()) != std::string_view::npos);
    }
    case Form::kDict:
      if (item.Is(Form::kUnknown)) return item;
      return Bool(Find(*container.As<Dict>(), item) != nullptr);
    case Form::kSet:
      if (item.Is(Form::kUnknown)) return item;
      return Bool(Find(container.As<Set>()->table, item) != nullptr);
    case Form::kView:
      if (container.As<View>()->of == View::Of::kKeys) {
        if (item.Is(Form::kUnknown)) return item;
        return Bool(Find(*container.As<View>()->dict, item) != nullptr);
      }
      break;
    case Form::kRange: {
      const Range* range = container.As<Range>();
      int64_t i = 0;
      if (item.Is(Form::kUnknown)) return item;
      if (!IsInteger(item, &i)) return Bool(false);
      const int64_t offset = i - range->start;
      return Bool(offset % range->step == 0 && offset / range->step >= 0 && offset / range->step < range->size());
    }
    default:
      break;
  }
  Value open;
  bool found = false;
  const Value iterator = Iterate(container);
  for (Value v = Next(iterator); !v.null(); v = Next(iterator)) {
    if (v.Same(item) && !v.Is(Form::kUnknown)) {
      found = true;
      break;
    }
    const Value same = TruthValue(Compare(POp::kEqual, v, item));
    if (!same.is_bool()) {
      open = same;
    } else if (same.integer != 0) {
      found = true;
      break;
    }
  }
  return !found && !open.null() ? open : Bool(found);
}

// --- indices --------------------------------------------------------------------------------------

Value Machine::GetIndex(const Value& raw, const Value& index) {
  const Value object = Resolve(raw);
  if (!object.is_object()) {
    Raise("TypeError", "'" + std::string(TypeNameOf(*this, object)) + "' object is not subscriptable");
  }
  Class* cls = object.object->type;
  const Form form = object.object->form;
  if (form == Form::kUnknown) return object;
  if (form == Form::kClass) {
    if (cls != type_class) {
      if (Value* hook = LookUp(cls, names.getitem)) return Call(*hook, {object, index});
    }
    Value* hook = LookUp(object.As<Class>(), names.class_getitem);
    if (hook != nullptr) return Call(BindAttribute(*hook, Value(), object.As<Class>()), {index});
    Object* alias = New<Object>(alias_class, Form::kInstance);
    alias->attributes = NewDict();
    Set_(alias->attributes, "__origin__", object);
    Set_(alias->attributes, "__args__",
         index.Is(Form::kTuple) ? index : Obj(NewTuple(std::span(&index, 1))));
    return Obj(alias);
  }
  if (!cls->native || form == Form::kInstance || form == Form::kForeign) {
    Value* hook = LookUp(cls, names.getitem);
    if (hook != nullptr && (form == Form::kInstance || form == Form::kForeign || !hook->Is(Form::kNative))) {
      return Call(BindAttribute(*hook, object, cls), {index});
    }
  }
  switch (form) {
    case Form::kDict: {
      Dict* dict = object.As<Dict>();
      if (index.Is(Form::kUnknown)) return index;
      if (Dict::Entry* entry = Find(*dict, index)) return Resolve(entry->value);
      Value missing;
      if (cls != dict_class && Special(object, names.missing, &missing)) return Call(missing, {index});
      if (!dict->default_factory.null() && !dict->default_factory.none()) {
        const Value made = Call(dict->default_factory);
        Set_(dict, index, made);
        return made;
      }
      RaiseObject(Call(Obj(ExceptionClass("KeyError")), {index}));
    }
    case Form::kList:
    case Form::kTuple: {
      const std::span<Value> items = form == Form::kList
                                         ? std::span(object.As<List>()->items.data, object.As<List>()->items.size)
                                         : object.As<Tuple>()->items();
      if (index.Is(Form::kSlice)) {
        int64_t start = 0, step = 1, count = 0;
        SliceBounds(*this, *index.As<Slice>(), static_cast<int64_t>(items.size()), &start, &step, &count);
        std::vector<Value> out;
        for (int64_t i = 0; i < count; ++i) out.push_back(items[static_cast<size_t>(start + i * step)]);
        return form == Form::kList ? Obj(NewList(out)) : Obj(NewTuple(out));
      }
      if (index.Is(Form::kUnknown)) return index;
      int64_t i = Index(index);
      if (i < 0) i += static_cast<int64_t>(items.size());
      if (i < 0 || i >= static_cast<int64_t>(items.size())) {
        Raise("IndexError", form == Form::kList ? "list index out of range" : "tuple index out of range");
      }
      return Resolve(items[static_cast<size_t>(i)]);
    }
    case Form::kStr: {
      Str* str = object.As<Str>();
      const std::string_view text = str->view();
      const int64_t length = str->ascii ? str->size : python::CountCodePoints(text);
      auto at = [&](int64_t i) {
        if (str->ascii) return text.substr(static_cast<size_t>(i), 1);
        const size_t offset = python::OffsetOf(text, i);
        return text.substr(offset, python::CodePointBytes(text[offset]));
      };
      if (index.Is(Form::kSlice)) {
        int64_t start = 0, step = 1, count = 0;
        SliceBounds(*this, *index.As<Slice>(), length, &start, &step, &count);
        std::string out;
        if (step == 1 && str->ascii) {
          out = std::string(text.substr(static_cast<size_t>(start), static_cast<size_t>(count)));
        } else {
          for (int64_t i = 0; i < count; ++i) out += at(start + i * step);
        }
        return String(out);
      }
      if (index.Is(Form::kUnknown)) return index;
      int64_t i = Index(index);
      if (i < 0) i += length;
      if (i < 0 || i >= length) Raise("IndexError", "string index out of range");
      return Obj(Intern(at(i)));
    }
    case Form::kRange: {
      const Range* range = object.As<Range>();
      if (index.Is(Form::kSlice)) {
        int64_t start = 0, step = 1, count = 0;
        SliceBounds(*this, *index.As<Slice>(), range->size(), &start, &step, &count);
        Range* out = New<Range>(range_class, Form::kRange);
        out->start = range->start + start * range->step;
        out->step = range->step * step;
        out->stop = out->start + out->step * count;
        return Obj(out);
      }
      int64_t i = Index(index);
      if (i < 0) i += range->size();
      if (i < 0 || i >= range->size()) Raise("IndexError", "range object index out of range");
      return Int(range->start + range->step * i);
    }
    default:
      break;
  }
  if (cls == alias_class) return object;
  Value special;
  if (Special(object, names.getitem, &special)) return Call(special, {index});
  if (cls->open) return NewUnknown("an item of a class that is not read");
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, object)) + "' object is not subscriptable");
}

void Machine::SetIndex(const Value& raw, const Value& index, const Value& value) {
  const Value object = Resolve(raw);
  if (object.is_object()) {
    Class* cls = object.object->type;
    const Form form = object.object->form;
    if (form == Form::kUnknown) return;
    if (!cls->native || form == Form::kInstance || form == Form::kForeign) {
      Value* hook = LookUp(cls, names.setitem);
      if (hook != nullptr && (form == Form::kInstance || form == Form::kForeign || !hook->Is(Form::kNative))) {
        Call(BindAttribute(*hook, object, cls), {index, value});
        return;
      }
    }
    if (form == Form::kDict) {
      Set_(object.As<Dict>(), index, value);
      return;
    }
    if (form == Form::kList) {
      List* list = object.As<List>();
      if (index.Is(Form::kSlice)) {
        int64_t start = 0, step = 1, count = 0;
        SliceBounds(*this, *index.As<Slice>(), list->items.size, &start, &step, &count);
        const std::vector<Value> items = Items(value);
        if (step == 1) {
          std::vector<Value> all(list->items.begin(), list->items.begin() + start);
          all.insert(all.end(), items.begin(), items.end());
          all.insert(all.end(), list->items.begin() + start + count, list->items.end());
          list->items.size = 0;
          for (const Value& v : all) list->items.Push(arena_, v);
          return;
        }
        if (items.size() != static_cast<size_t>(count)) {
          Raise("ValueError", "attempt to assign sequence of another size to extended slice");
        }
        for (int64_t i = 0; i < count; ++i) list->items[static_cast<size_t>(start + i * step)] = items[static_cast<size_t>(i)];
        return;
      }
      int64_t i = Index(index);
      if (i < 0) i += list->items.size;
      if (i < 0 || i >= list->items.size) Raise("IndexError", "list assignment index out of range");
      list->items[static_cast<size_t>(i)] = value;
      return;
    }
    if (cls->open) return;
  }
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, object)) + "' object does not support item assignment");
}

void Machine::DeleteIndex(const Value& object, const Value& index) {
  if (object.is_object()) {
    Class* cls = object.object->type;
    const Form form = object.object->form;
    if (form == Form::kUnknown) return;
    Value special;
    Value* hook = LookUp(cls, names.delitem);
    if (hook != nullptr && (form == Form::kInstance || form == Form::kForeign || !hook->Is(Form::kNative))) {
      Call(BindAttribute(*hook, object, cls), {index});
      return;
    }
    if (form == Form::kDict) {
      if (!Erase(object.As<Dict>(), index)) RaiseObject(Call(Obj(ExceptionClass("KeyError")), {index}));
      return;
    }
    if (form == Form::kList) {
      List* list = object.As<List>();
      int64_t start = 0, step = 1, count = 1;
      if (index.Is(Form::kSlice)) {
        SliceBounds(*this, *index.As<Slice>(), list->items.size, &start, &step, &count);
      } else {
        start = Index(index);
        if (start < 0) start += list->items.size;
        if (start < 0 || start >= list->items.size) Raise("IndexError", "list assignment index out of range");
      }
      std::vector<bool> gone(list->items.size, false);
      for (int64_t i = 0; i < count; ++i) gone[static_cast<size_t>(start + i * step)] = true;
      uint32_t to = 0;
      for (uint32_t i = 0; i < list->items.size; ++i) {
        if (!gone[i]) list->items[to++] = list->items[i];
      }
      list->items.size = to;
      return;
    }
  }
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, object)) + "' object doesn't support item deletion");
}

Value Machine::Length(const Value& raw) {
  const Value value = Resolve(raw);
  if (value.is_object()) {
    Class* cls = value.object->type;
    if (value.object->form == Form::kUnknown) return value;
    if (!cls->native || value.object->form == Form::kForeign || value.object->form == Form::kInstance) {
      Value special;
      if (Special(value, names.len, &special)) return Call(special);
    }
    switch (value.object->form) {
      case Form::kStr:
        return Int(value.As<Str>()->ascii ? value.As<Str>()->size
                                          : python::CountCodePoints(value.As<Str>()->view()));
      case Form::kTuple:
        return Int(value.As<Tuple>()->size);
      case Form::kList:
        return Int(value.As<List>()->items.size);
      case Form::kDict:
        return Int(value.As<Dict>()->count);
      case Form::kSet:
        return Int(value.As<Set>()->table.count);
      case Form::kView:
        return Int(value.As<View>()->dict->count);
      case Form::kRange:
        return Int(value.As<Range>()->size());
      default:
        break;
    }
    Value special;
    if (Special(value, names.len, &special)) return Call(special);
    if (cls->open) return NewUnknown("the length of a class that is not read");
  }
  Raise("TypeError", "object of type '" + std::string(TypeNameOf(*this, value)) + "' has no len()");
}

// --- iteration ------------------------------------------------------------------------------------

Value Machine::Iterate(const Value& raw) {
  const Value value = Resolve(raw);
  if (!value.is_object()) {
    Raise("TypeError", "'" + std::string(TypeNameOf(*this, value)) + "' object is not iterable");
  }
  Class* cls = value.object->type;
  const Form form = value.object->form;
  if (form == Form::kUnknown) throw Open{value.As<Unknown>()};
  if (form == Form::kIterator || form == Form::kGenerator) return value;
  if (!cls->native || form == Form::kForeign || form == Form::kInstance || form == Form::kClass) {
    Value* hook = LookUp(cls, names.iter);
    if (hook != nullptr && !hook->none() && !(hook->Is(Form::kNative) && form != Form::kForeign && form != Form::kInstance)) {
      const Value iterator = Call(BindAttribute(*hook, value, cls));
      if (iterator.Is(Form::kUnknown)) throw Open{iterator.As<Unknown>()};
      return iterator;
    }
  }
  switch (form) {
    case Form::kList:
      return NewIterator(NextOfList, value);
    case Form::kTuple:
      return NewIterator(NextOfTuple, value);
    case Form::kRange:
      return NewIterator(NextOfRange, value, value.As<Range>()->size());
    case Form::kDict:
      return NewIterator(NextOfDict, value, static_cast<int64_t>(View::Of::kKeys));
    case Form::kView:
      return NewIterator(NextOfDict, Obj(value.As<View>()->dict), static_cast<int64_t>(value.As<View>()->of));
    case Form::kSet:
      return NewIterator(NextOfSet, value);
    case Form::kStr:
      return NewIterator(NextOfStr, value);
    default:
      break;
  }
  if (cls == alias_class || cls == union_class) return Iterate(Obj(NewTuple(std::span(&value, 1))));
  if (LookUp(cls, names.getitem) != nullptr) return NewIterator(NextByIndex, value);
  if (cls->open) throw Open{NewUnknown("an iteration over a class that is not read").As<Unknown>()};
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, value)) + "' object is not iterable");
}

Value Machine::Next(const Value& iterator) {
  if (iterator.Is(Form::kIterator)) {
    Step();
    return iterator.As<Iterator>()->next(*this, iterator.As<Iterator>());
  }
  if (iterator.Is(Form::kGenerator)) return Resume(iterator.As<Generator>(), None(), nullptr);
  if (iterator.Is(Form::kUnknown)) throw Open{iterator.As<Unknown>()};
  Value next;
  if (!Special(iterator, names.next, &next)) {
    Raise("TypeError", "'" + std::string(TypeNameOf(*this, iterator)) + "' object is not an iterator");
  }
  try {
    return Call(next);
  } catch (const Raised& raised) {
    if (!IsException(raised.exception, "StopIteration")) throw;
    return Value();
  }
}

std::vector<Value> Machine::Items(const Value& raw) {
  const Value iterable = Resolve(raw);
  if (iterable.Is(Form::kList) && iterable.object->type == list_class) {
    const List* list = iterable.As<List>();
    return {list->items.begin(), list->items.end()};
  }
  if (iterable.Is(Form::kTuple) && iterable.object->type == tuple_class) {
    const Tuple* tuple = iterable.As<Tuple>();
    return {tuple->data, tuple->data + tuple->size};
  }
  std::vector<Value> out;
  const Value iterator = Iterate(iterable);
  for (Value v = Next(iterator); !v.null(); v = Next(iterator)) {
    out.push_back(v);
    if (out.size() > (size_t{1} << 24)) throw LimitReached{"memory"};
  }
  return out;
}

void Machine::ForEach(const Value& iterable, const std::function<void(const Value&)>& each) {
  const Value iterator = Iterate(iterable);
  for (Value v = Next(iterator); !v.null(); v = Next(iterator)) each(v);
}

// --- text -----------------------------------------------------------------------------------------

namespace {

std::string Quoted(std::string_view text) {
  const bool doubles = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = doubles ? '"' : '\'';
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out + quote;
}

}  // namespace

std::optional<std::string> Machine::ToRepr(const Value& raw) {
  const Value value = Resolve(raw);
  switch (value.tag) {
    case Tag::kNull:
    case Tag::kNone:
      return "None";
    case Tag::kBool:
      return value.integer != 0 ? "True" : "False";
    case Tag::kInt:
      return std::to_string(value.integer);
    case Tag::kFloat:
      return python::FloatRepr(value.number);
    case Tag::kObject:
      break;
  }
  if (value.Is(Form::kUnknown)) return std::nullopt;
  Class* cls = value.object->type;
  const Form form = value.object->form;
  if (!cls->native || form == Form::kInstance || form == Form::kForeign) {
    Value* hook = LookUp(cls, names.repr);
    if (hook != nullptr && hook->Same(Find(*object_class->dict, names.repr)->value)) hook = nullptr;
    if (hook != nullptr && !(hook->Is(Form::kNative) && form != Form::kInstance && form != Form::kForeign)) {
      const Value text = Call(BindAttribute(*hook, value, cls));
      if (!text.Is(Form::kStr)) return std::nullopt;
      return std::string(text.As<Str>()->view());
    }
  }
  Step();
  if (native_depth_ > 600) return "...";
  const Nested nested(&native_depth_);
  auto join = [&](std::span<Value> items, std::string open, const std::string& close,
                  bool comma) -> std::optional<std::string> {
    for (size_t i = 0; i < items.size(); ++i) {
      if (i != 0) open += ", ";
      auto text = ToRepr(items[i]);
      if (!text) return std::nullopt;
      open += *text;
    }
    if (comma && items.size() == 1) open += ",";
    return open + close;
  };
  switch (form) {
    case Form::kStr:
      return Quoted(value.As<Str>()->view());
    case Form::kInt:
      return std::to_string(value.As<BoxedInt>()->integer);
    case Form::kFloat:
      return python::FloatRepr(value.As<BoxedFloat>()->number);
    case Form::kTuple:
      return join(value.As<Tuple>()->items(), "(", ")", true);
    case Form::kList:
      return join({value.As<List>()->items.data, value.As<List>()->items.size}, "[", "]", false);
    case Form::kSet: {
      if (value.As<Set>()->table.count == 0) return "set()";
      std::vector<Value> items = Items(value);
      return join(items, value.As<Set>()->frozen ? "frozenset({" : "{", value.As<Set>()->frozen ? "})" : "}", false);
    }
    case Form::kDict: {
      std::string out = "{";
      for (const Dict::Entry& e : value.As<Dict>()->entries) {
        if (e.key.null()) continue;
        if (out.size() > 1) out += ", ";
        auto key = ToRepr(e.key);
        auto item = ToRepr(e.value);
        if (!key || !item) return std::nullopt;
        out += *key + ": " + *item;
      }
      return out + "}";
    }
    case Form::kView: {
      std::vector<Value> items = Items(value);
      return join(items, "dict_keys([", "])", false);
    }
    case Form::kClass: {
      const Class* c = value.As<Class>();
      std::string module;
      if (c->module_name.Is(Form::kStr)) module = c->module_name.As<Str>()->view();
      if (module == "builtins" || module.empty()) return "<class '" + std::string(c->qualified_name->view()) + "'>";
      return "<class '" + module + "." + std::string(c->qualified_name->view()) + "'>";
    }
    case Form::kFunction:
      return "<function " + std::string(value.As<Function>()->qualified_name->view()) + " at 0x7f0000000000>";
    case Form::kNative:
      return "<built-in function " + std::string(value.As<Native>()->name->view()) + ">";
    case Form::kModule:
      return "<module '" + std::string(value.As<Module>()->name->view()) + "'>";
    case Form::kRange: {
      const Range* r = value.As<Range>();
      std::string out = "range(" + std::to_string(r->start) + ", " + std::to_string(r->stop);
      if (r->step != 1) out += ", " + std::to_string(r->step);
      return out + ")";
    }
    case Form::kSingleton:
      return value.Same(ellipsis_) ? "Ellipsis" : "NotImplemented";
    default:
      break;
  }
  if (cls->is_exception) {
    std::string out(cls->name->view());
    Value args;
    if (!GenericFind(value, names.args, &args)) return out + "()";
    auto text = ToRepr(args);
    if (!text) return std::nullopt;
    if (args.Is(Form::kTuple) && args.As<Tuple>()->size == 1) {
      text = ToRepr(args.As<Tuple>()->data[0]);
      if (!text) return std::nullopt;
      return out + "(" + *text + ")";
    }
    return out + *text;
  }
  return "<" + std::string(cls->qualified_name->view()) + " object at 0x7f0000000000>";
}

std::optional<std::string> Machine::ToStr(const Value& raw) {
  const Value value = Resolve(raw);
  if (!value.is_object()) return ToRepr(value);
  if (value.Is(Form::kUnknown)) return std::nullopt;
  Class* cls = value.object->type;
  Value* hook = LookUp(cls, names.str);
  if (hook != nullptr && !hook->Is(Form::kNative)) {
    const Value text = Call(BindAttribute(*hook, value, cls));
    if (!text.Is(Form::kStr)) return std::nullopt;
    return std::string(text.As<Str>()->view());
  }
  if (value.Is(Form::kStr)) return std::string(value.As<Str>()->view());
  if (cls->is_exception) {
    Value args;
    if (!GenericFind(value, names.args, &args) || !args.Is(Form::kTuple)) return "";
    const Tuple* tuple = args.As<Tuple>();
    if (tuple->size == 0) return "";
    if (tuple->size == 1) {
      return IsException(value, "KeyError") ? ToRepr(tuple->data[0]) : ToStr(tuple->data[0]);
    }
    return ToRepr(args);
  }
  if (hook != nullptr && !hook->Same(Find(*object_class->dict, names.str)->value) &&
      (value.object->form == Form::kForeign || value.object->form == Form::kInstance)) {
    const Value text = Call(BindAttribute(*hook, value, cls));
    if (text.Is(Form::kStr)) return std::string(text.As<Str>()->view());
  }
  return ToRepr(value);
}

Value Machine::FormatValue(const Value& value, std::string_view specification) {
  if (value.Is(Form::kUnknown)) return value;
  Value* hook = value.is_object() ? LookUp(value.object->type, names.format) : nullptr;
  if (hook != nullptr && !hook->Is(Form::kNative)) {
    return Call(BindAttribute(*hook, value, value.object->type), {String(specification)});
  }
  python::FormatSpec spec;
  if (!python::ParseFormatSpec(specification, &spec)) Raise("ValueError", "Invalid format specifier");
  std::string out;
  int64_t integer = 0;
  double number = 0;
  bool fits = false;
  if (!value.is_bool() && IsInteger(value, &integer)) {
    fits = python::FormatInteger(spec, integer, &out);
  } else if (IsNumber(value, &number) && !value.is_bool()) {
    fits = python::FormatFloat(spec, number, &out);
  } else {
    auto text = ToStr(value);
    if (!text) return NewUnknown("a text with an unknown part");
    fits = python::FormatText(spec, *text, &out);
  }
  if (!fits) Raise("ValueError", "Unknown format code");
  return String(out);
}

Value Machine::Format(const Value& raw, uint32_t conversion, const Value* specification) {
  Value value = Resolve(raw);
  if (value.Is(Form::kUnknown)) return value;
  if (conversion != 0) {
    auto text = conversion == 's' ? ToStr(value) : ToRepr(value);
    if (!text) return NewUnknown("a text with an unknown part");
    value = String(*text);
  }
  if (specification != nullptr && specification->Is(Form::kStr) && specification->As<Str>()->size != 0) {
    return FormatValue(value, specification->As<Str>()->view());
  }
  if (value.Is(Form::kStr) && value.object->type == str_class) return value;
  Value* hook = value.is_object() ? LookUp(value.object->type, names.format) : nullptr;
  if (hook != nullptr && !hook->Is(Form::kNative)) {
    return Call(BindAttribute(*hook, value, value.object->type), {Obj(Intern(""))});
  }
  auto text = ToStr(value);
  if (!text) return NewUnknown("a text with an unknown part");
  return String(*text);
}

// --- copies ---------------------------------------------------------------------------------------

Value Machine::Copy(const Value& value) {
  if (!value.is_object()) return value;
  Value special;
  if (value.object->form != Form::kClass && Special(value, names.copy, &special)) return Call(special);
  Object* made = nullptr;
  switch (value.object->form) {
    case Form::kList: {
      List* list = New<List>(value.object->type, Form::kList);
      for (const Value& item : value.As<List>()->items) list->items.Push(arena_, item);
      made = list;
      break;
    }
    case Form::kDict: {
      Dict* dict = New<Dict>(value.object->type, Form::kDict);
      CopyInto(dict, *value.As<Dict>());
      dict->default_factory = value.As<Dict>()->default_factory;
      made = dict;
      break;
    }
    case Form::kSet: {
      Set* set = New<Set>(value.object->type, Form::kSet);
      CopyInto(&set->table, value.As<Set>()->table);
      set->frozen = value.As<Set>()->frozen;
      made = set;
      break;
    }
    case Form::kInstance:
      made = New<Object>(value.object->type, Form::kInstance);
      break;
    default:
      return value;
  }
  if (value.object->attributes != nullptr) {
    made->attributes = NewDict();
    CopyInto(made->attributes, *value.object->attributes);
  }
  return Obj(made);
}

Value Machine::DeepCopy(const Value& raw, Dict* memo) {
  const Value value = Resolve(raw);
  if (!value.is_object()) return value;
  switch (value.object->form) {
    case Form::kStr:
    case Form::kFunction:
    case Form::kNative:
    case Form::kModule:
    case Form::kClass:
    case Form::kUnknown:
    case Form::kSingleton:
    case Form::kRange:
    case Form::kSlice:
    case Form::kProperty:
    case Form::kInt:
    case Form::kFloat:
      return value;
    default:
      break;
  }
  Step();
  const Value key = Int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(value.object)));
  if (Dict::Entry* done = Find(*memo, key)) return done->value;
  const Nested nested(&native_depth_);
  Value special;
  if (Special(value, names.deepcopy, &special)) {
    const Value copy = Call(special, {Obj(memo)});
    Set_(memo, key, copy);
    return copy;
  }
  auto attributes = [&](Object* made) {
    if (value.object->attributes == nullptr) return;
    made->attributes = NewDict();
    for (uint32_t i = 0; i < value.object->attributes->entries.size; ++i) {
      const Dict::Entry e = value.object->attributes->entries[i];
      if (!e.key.null()) Set_(made->attributes, e.key, DeepCopy(e.value, memo));
    }
  };
  switch (value.object->form) {
    case Form::kTuple: {
      const Tuple* from = value.As<Tuple>();
      Tuple* tuple = New<Tuple>(value.object->type, Form::kTuple);
      tuple->data = arena_.Array<Value>(from->size);
      tuple->size = from->size;
      for (uint32_t i = 0; i < from->size; ++i) tuple->data[i] = DeepCopy(from->data[i], memo);
      Set_(memo, key, Obj(tuple));
      attributes(tuple);
      return Obj(tuple);
    }
    case Form::kList: {
      List* list = New<List>(value.object->type, Form::kList);
      Set_(memo, key, Obj(list));
      const std::vector<Value> items(value.As<List>()->items.begin(), value.As<List>()->items.end());
      for (const Value& item : items) list->items.Push(arena_, DeepCopy(item, memo));
      attributes(list);
      return Obj(list);
    }
    case Form::kDict: {
      Dict* dict = New<Dict>(value.object->type, Form::kDict);
      Set_(memo, key, Obj(dict));
      for (uint32_t i = 0; i < value.As<Dict>()->entries.size; ++i) {
        const Dict::Entry e = value.As<Dict>()->entries[i];
        if (!e.key.null()) Set_(dict, DeepCopy(e.key, memo), DeepCopy(e.value, memo));
      }
      dict->default_factory = value.As<Dict>()->default_factory;
      attributes(dict);
      return Obj(dict);
    }
    case Form::kSet: {
      Set* set = New<Set>(value.object->type, Form::kSet);
      set->frozen = value.As<Set>()->frozen;
      Set_(memo, key, Obj(set));
      for (const Value& item : Items(value)) Add(set, DeepCopy(item, memo));
      return Obj(set);
    }
    case Form::kInstance: {
      Object* made = New<Object>(value.object->type, Form::kInstance);
      Set_(memo, key, Obj(made));
      attributes(made);
      return Obj(made);
    }
    case Form::kMethod: {
      const Method* method = value.As<Method>();
      return Bind(DeepCopy(method->self, memo), method->function);
    }
    default:
      return value;
  }
}

}  // namespace wcheck::machine
