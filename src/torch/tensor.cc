#include "torch/tensor.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace wcheck::torch {
namespace {

using namespace machine;  // NOLINT: a file of functions over its types

using Sizes = std::vector<int64_t>;

constexpr DtypeRow kDtypes[] = {
    {"bool", false, false, 0, 1},          {"uint8", false, false, 1, 1},
    {"int8", false, false, 1, 1},          {"int16", false, false, 2, 2},
    {"int32", false, false, 3, 4},         {"int64", false, false, 4, 8},
    {"uint16", false, false, 3, 2},        {"uint32", false, false, 3, 4},
    {"uint64", false, false, 3, 8},        {"float8_e4m3fn", true, false, 5, 1},
    {"float8_e5m2", true, false, 5, 1},    {"float8_e8m0fnu", true, false, 5, 1},
    {"float4_e2m1fn_x2", true, false, 5, 1}, {"float8_e4m3fnuz", true, false, 5, 1},
    {"float8_e5m2fnuz", true, false, 5, 1}, {"float16", true, false, 6, 2},
    {"bfloat16", true, false, 6, 2},       {"float32", true, false, 7, 4},
    {"float64", true, false, 8, 8},        {"complex32", false, true, 9, 4},
    {"complex64", false, true, 9, 8},      {"complex128", false, true, 10, 16},
};
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"float", "float32"}, {"double", "float64"}, {"half", "float16"}, {"short", "int16"},
    {"int", "int32"},     {"long", "int64"},     {"cfloat", "complex64"}, {"cdouble", "complex128"}};

constexpr int64_t kMaxValues = 8192;

Tensor* Self(Machine& m, const Arguments& a) {
  if (a.count == 0 || !IsTensor(m, a[0])) m.Raise("TypeError", "expected a Tensor");
  return a[0].As<Tensor>();
}

int64_t Count(std::span<const int64_t> shape) {
  int64_t n = 1;
  for (int64_t s : shape) {
    if (s == kUnknownSize) return kUnknownSize;
    if (__builtin_mul_overflow(n, s, &n)) return kUnknownSize;
  }
  return n;
}

Sizes ShapeOf(const Tensor* t) { return {t->sizes, t->sizes + t->rank}; }

Tensor* Like(Machine& m, const Tensor* t, std::span<const int64_t> shape, Dtype* dtype = nullptr) {
  return NewTensor(m, shape, dtype == nullptr ? t->dtype : dtype, t->device);
}
Tensor* ShapeUnknown(Machine& m, const Tensor* t, Dtype* dtype = nullptr) {
  Tensor* made = Like(m, t, {}, dtype);
  made->shape_known = false;
  return made;
}
void TakeValues(Machine& m, Tensor* t, const std::vector<double>& values) {
  if (t->device->view() == "meta" || static_cast<int64_t>(values.size()) > kMaxValues) return;
  const std::string_view dtype = t->dtype->row->name;
  const bool single = dtype == "float32";
  if (t->dtype->row->complex || (t->dtype->row->floating && !single && dtype != "float64")) return;
  t->values = m.arena().Array<double>(values.size() + 1);
  for (size_t i = 0; i < values.size(); ++i) {
    t->values[i] = single ? static_cast<double>(static_cast<float>(values[i])) : values[i];
  }
}

int64_t SizeFrom(Machine& m, const Value& raw) {
  const Value v = m.Resolve(raw);
  if (v.Is(Form::kUnknown)) return kUnknownSize;
  int64_t i = 0;
  if (m.IsInteger(v, &i)) {
    if (i < 0) m.Raise("RuntimeError", "Trying to create tensor with negative dimension " + std::to_string(i));
    return i;
  }
  if (v.is_float() || v.Is(Form::kFloat) || v.none() || v.Is(Form::kStr)) {
    m.Raise("TypeError", "'" + std::string(TypeNameOf(m, v)) + "' object cannot be interpreted as an integer");
  }
  if (IsTensor(m, v)) {
    const Value item = m.CallMethod(v, "item");
    return SizeFrom(m, item);
  }
  return m.Index(v);
}

// A shape from `*size`, a sequence, or `size=`.
std::optional<Sizes> ShapeFrom(Machine& m, const Arguments& a, size_t first, bool negative = false) {
  Sizes shape;
  auto one = [&](const Value& v) {
    int64_t i = 0;
    if (negative && m.IsInteger(m.Resolve(v), &i)) {
      shape.push_back(i == -1 ? INT64_MIN : i);
    } else {
      shape.push_back(SizeFrom(m, v));
    }
  };
  const Value* named = a.Keyword("size");
  if (named == nullptr) named = a.Keyword("shape");
  int64_t single = 0;
  if (named != nullptr || (a.count == first + 1 && !m.IsInteger(a[first], &single))) {
    const Value source = m.Resolve(named != nullptr ? *named : a[first]);
    if (source.Is(Form::kUnknown)) return std::nullopt;
    int64_t i = 0;
    if (m.IsInteger(source, &i)) {
      one(source);
      return shape;
    }
    if (source.is_object() && (source.Is(Form::kTuple) || source.Is(Form::kList) || source.Is(Form::kRange))) {
      for (const Value& v : m.Items(source)) one(v);
      return shape;
    }
    one(source);
    return shape;
  }
  for (size_t i = first; i < a.count; ++i) one(a[i]);
  return shape;
}

Dtype* DtypeFrom(Machine& m, const Value* v) {
  if (v == nullptr || v->none()) return nullptr;
  if (v->is_object() && m.IsInstance(*v, TorchOf(m).dtype)) return v->As<Dtype>();
  if (v->Is(Form::kClass)) {
    if (v->As<Class>() == m.bool_class) return FindDtype(m, "bool");
    if (v->As<Class>() == m.int_class) return FindDtype(m, "int64");
    if (v->As<Class>() == m.float_class) return FindDtype(m, "float64");
  }
  if (v->Is(Form::kUnknown)) throw Open{v->As<Unknown>()};
  m.Raise("TypeError", "dtype must be torch.dtype, not " + std::string(TypeNameOf(m, *v)));
}

Str* DeviceFrom(Machine& m, const Value* v) {
  if (v == nullptr || v->none()) return nullptr;
  Value text = *v;
  if (v->is_object() && !v->Is(Form::kStr)) {
    Value type;
    if (!m.FindAttribute(*v, "type", &type)) return nullptr;
    text = type;
  }
  if (!text.Is(Form::kStr)) return nullptr;
  const std::string_view name = text.As<Str>()->view();
  return m.Intern(name.substr(0, name.find(':')));
}

Dtype* Promote(Machine& m, std::span<const Value> values) {
  Torch& torch = TorchOf(m);
  Dtype* best = nullptr;
  bool only_scalars = true;
  for (const Value& v : values) {
    if (IsTensor(m, v) && (!v.As<Tensor>()->shape_known || v.As<Tensor>()->rank > 0)) only_scalars = false;
  }
  for (const Value& v : values) {
    if (!IsTensor(m, v)) continue;
    const Tensor* t = v.As<Tensor>();
    if (!only_scalars && t->shape_known && t->rank == 0) continue;
    if (best == nullptr || t->dtype->row->rank > best->row->rank) best = t->dtype;
  }
  // A scalar tensor of a higher category still decides.
  for (const Value& v : values) {
    if (!IsTensor(m, v) || best == nullptr) continue;
    const DtypeRow* row = v.As<Tensor>()->dtype->row;
    if (row->floating && !best->row->floating && !best->row->complex) best = v.As<Tensor>()->dtype;
  }
  for (const Value& v : values) {
    if (best == nullptr) break;
    if ((v.is_float() || v.Is(Form::kFloat)) && !best->row->floating && !best->row->complex) best = torch.default_dtype;
    if (v.is_int() && best->row->name == "bool") best = FindDtype(m, "int64");
  }
  return best == nullptr ? torch.default_dtype : best;
}

bool Broadcast(Machine& m, std::span<const Value> values, Sizes* out, const Tensor** first) {
  Sizes shape;
  *first = nullptr;
  for (const Value& v : values) {
    if (!IsTensor(m, v)) continue;
    const Tensor* t = v.As<Tensor>();
    if (*first == nullptr || t->rank > 0) *first = *first == nullptr || (*first)->rank == 0 ? t : *first;
    if (!t->shape_known) return false;
    Sizes own = ShapeOf(t);
    if (own.size() > shape.size()) shape.insert(shape.begin(), own.size() - shape.size(), 1);
    for (size_t i = 0; i < own.size(); ++i) {
      int64_t& s = shape[shape.size() - 1 - i];
      const int64_t o = own[own.size() - 1 - i];
      if (o == 1) continue;
      if (s == 1) {
        s = o;
      } else if (s == kUnknownSize || o == kUnknownSize) {
        s = kUnknownSize;
      } else if (s != o) {
        m.Raise("RuntimeError", "The size of tensor a (" + std::to_string(s) + ") must match the size of tensor b (" +
                                    std::to_string(o) + ") at non-singleton dimension " +
                                    std::to_string(shape.size() - 1 - i));
      }
    }
  }
  *out = shape;
  return true;
}

struct ElementRow {
  const char* name;
  enum Type { kSame, kFloating, kCompare } type;
  double (*two)(double, double);
  double (*one)(double);
};

double Add(double a, double b) { return a + b; }
double Sub(double a, double b) { return a - b; }
double Mul(double a, double b) { return a * b; }
double Div(double a, double b) { return a / b; }
double FloorDiv(double a, double b) { return std::floor(a / b); }
double Mod(double a, double b) { return a - b * std::floor(a / b); }
double Power(double a, double b) { return std::pow(a, b); }
double Neg(double a) { return -a; }
double Less(double a, double b) { return a < b; }
double LessEqual(double a, double b) { return a <= b; }
double Greater(double a, double b) { return a > b; }
double GreaterEqual(double a, double b) { return a >= b; }
double Equals(double a, double b) { return a == b; }
double NotEquals(double a, double b) { return a != b; }

constexpr ElementRow kElementwise[] = {
    {"add", ElementRow::kSame, Add, nullptr}, {"sub", ElementRow::kSame, Sub, nullptr},
    {"mul", ElementRow::kSame, Mul, nullptr}, {"subtract", ElementRow::kSame, Sub, nullptr},
    {"multiply", ElementRow::kSame, Mul, nullptr}, {"pow", ElementRow::kSame, Power, nullptr},
    {"div", ElementRow::kFloating, Div, nullptr}, {"true_divide", ElementRow::kFloating, Div, nullptr},
    {"floor_divide", ElementRow::kSame, FloorDiv, nullptr}, {"remainder", ElementRow::kSame, Mod, nullptr},
    {"fmod", ElementRow::kSame, nullptr, nullptr}, {"neg", ElementRow::kSame, nullptr, Neg},
    {"abs", ElementRow::kSame, nullptr, std::fabs}, {"round", ElementRow::kSame, nullptr, nullptr},
    {"floor", ElementRow::kSame, nullptr, std::floor}, {"ceil", ElementRow::kSame, nullptr, std::ceil},
    {"trunc", ElementRow::kSame, nullptr, std::trunc}, {"sign", ElementRow::kSame, nullptr, nullptr},
    {"exp", ElementRow::kFloating, nullptr, nullptr}, {"log", ElementRow::kFloating, nullptr, nullptr},
    {"sqrt", ElementRow::kFloating, nullptr, std::sqrt}, {"rsqrt", ElementRow::kFloating, nullptr, nullptr},
    {"sin", ElementRow::kFloating, nullptr, nullptr}, {"cos", ElementRow::kFloating, nullptr, nullptr},
    {"tan", ElementRow::kFloating, nullptr, nullptr}, {"tanh", ElementRow::kFloating, nullptr, nullptr},
    {"sigmoid", ElementRow::kFloating, nullptr, nullptr}, {"log2", ElementRow::kFloating, nullptr, nullptr},
    {"log10", ElementRow::kFloating, nullptr, nullptr}, {"log1p", ElementRow::kFloating, nullptr, nullptr},
    {"expm1", ElementRow::kFloating, nullptr, nullptr}, {"erf", ElementRow::kFloating, nullptr, nullptr},
    {"reciprocal", ElementRow::kFloating, nullptr, nullptr}, {"logit", ElementRow::kFloating, nullptr, nullptr},
    {"softmax", ElementRow::kFloating, nullptr, nullptr}, {"log_softmax", ElementRow::kFloating, nullptr, nullptr},
    {"square", ElementRow::kSame, nullptr, nullptr}, {"atan2", ElementRow::kSame, nullptr, nullptr},
    {"clamp", ElementRow::kSame, nullptr, nullptr}, {"clip", ElementRow::kSame, nullptr, nullptr},
    {"clamp_min", ElementRow::kSame, nullptr, nullptr}, {"clamp_max", ElementRow::kSame, nullptr, nullptr},
    {"minimum", ElementRow::kSame, nullptr, nullptr}, {"maximum", ElementRow::kSame, nullptr, nullptr},
    {"masked_fill", ElementRow::kSame, nullptr, nullptr}, {"relu", ElementRow::kSame, nullptr, nullptr},
    {"silu", ElementRow::kSame, nullptr, nullptr}, {"gelu", ElementRow::kSame, nullptr, nullptr},
    {"softplus", ElementRow::kSame, nullptr, nullptr}, {"bitwise_and", ElementRow::kSame, nullptr, nullptr},
    {"bitwise_or", ElementRow::kSame, nullptr, nullptr}, {"bitwise_xor", ElementRow::kSame, nullptr, nullptr},
    {"bitwise_not", ElementRow::kSame, nullptr, nullptr}, {"flip", ElementRow::kSame, nullptr, nullptr},
    {"fliplr", ElementRow::kSame, nullptr, nullptr}, {"flipud", ElementRow::kSame, nullptr, nullptr},
    {"tril", ElementRow::kSame, nullptr, nullptr}, {"triu", ElementRow::kSame, nullptr, nullptr},
    {"roll", ElementRow::kSame, nullptr, nullptr}, {"lerp", ElementRow::kSame, nullptr, nullptr},
    {"nan_to_num", ElementRow::kSame, nullptr, nullptr}, {"conj", ElementRow::kSame, nullptr, nullptr},
    {"dropout", ElementRow::kSame, nullptr, nullptr},
    {"eq", ElementRow::kCompare, Equals, nullptr}, {"ne", ElementRow::kCompare, NotEquals, nullptr},
    {"lt", ElementRow::kCompare, Less, nullptr}, {"le", ElementRow::kCompare, LessEqual, nullptr},
    {"gt", ElementRow::kCompare, Greater, nullptr}, {"ge", ElementRow::kCompare, GreaterEqual, nullptr},
    {"logical_and", ElementRow::kCompare, nullptr, nullptr}, {"logical_or", ElementRow::kCompare, nullptr, nullptr},
    {"logical_not", ElementRow::kCompare, nullptr, nullptr}, {"logical_xor", ElementRow::kCompare, nullptr, nullptr},
    {"isnan", ElementRow::kCompare, nullptr, nullptr}, {"isinf", ElementRow::kCompare, nullptr, nullptr},
    {"isfinite", ElementRow::kCompare, nullptr, nullptr}, {"isin", ElementRow::kCompare, nullptr, nullptr},
    {"greater", ElementRow::kCompare, Greater, nullptr}, {"less", ElementRow::kCompare, Less, nullptr},
    {"isclose", ElementRow::kCompare, nullptr, nullptr}, {"sinc", ElementRow::kFloating, nullptr, nullptr},
};

// The value of element `i` of a tensor that is broadcast to `shape`.
double At(Machine& m, const Value& v, const Sizes& shape, int64_t i, bool* known) {
  double d = 0;
  if (m.IsNumber(v, &d)) return d;
  if (!IsTensor(m, v) || v.As<Tensor>()->values == nullptr) {
    *known = false;
    return 0;
  }
  const Tensor* t = v.As<Tensor>();
  int64_t offset = 0, stride = 1;
  for (size_t k = 0; k < shape.size(); ++k) {
    const int64_t s = shape[shape.size() - 1 - k];
    const int64_t at = s == 0 ? 0 : i % s;
    if (s != 0) i /= s;
    if (k < t->rank) {
      const int64_t own = t->sizes[t->rank - 1 - k];
      if (own != 1) offset += at * stride;
      stride *= own;
    }
  }
  return t->values[offset];
}

Value Elementwise(Machine& m, const ElementRow& row, std::span<const Value> operands) {
  for (const Value& v : operands) {
    if (v.Is(Form::kUnknown) && operands.size() == 1) return v;
  }
  Sizes shape;
  const Tensor* first = nullptr;
  Dtype* dtype = row.type == ElementRow::kCompare ? FindDtype(m, "bool") : Promote(m, operands);
  if (row.type == ElementRow::kFloating && !dtype->row->floating && !dtype->row->complex) dtype = TorchOf(m).default_dtype;
  const bool known = Broadcast(m, operands, &shape, &first);
  if (first == nullptr) return m.NewUnknown(std::string("torch.") + row.name + " of what is no tensor");
  if (!known) return Obj(ShapeUnknown(m, first, dtype));
  Str* device = first->device;
  for (const Value& v : operands) {
    if (IsTensor(m, v) && v.As<Tensor>()->device->view() == "meta") device = v.As<Tensor>()->device;
  }
  Tensor* made = NewTensor(m, shape, dtype, device);
  const int64_t count = Count(shape);
  if (count >= 0 && count <= kMaxValues && device->view() != "meta" && (row.two != nullptr || row.one != nullptr)) {
    bool all = true;
    std::vector<double> values;
    const size_t need = row.two != nullptr ? 2 : 1;
    if (operands.size() != need) all = false;
    for (int64_t i = 0; i < count && all; ++i) {
      const double x = At(m, operands[0], shape, i, &all);
      if (need == 1) {
        values.push_back(row.one(x));
      } else {
        values.push_back(row.two(x, At(m, operands[1], shape, i, &all)));
      }
    }
    // Integers beyond what a double holds exactly are not known.
    for (double v : values) all = all && (dtype->row->floating || std::abs(v) < 9e15);
    if (all) TakeValues(m, made, values);
  }
  return Obj(made);
}

Value ElementFunction(Machine& m, const Arguments& a) {
  const ElementRow& row = *static_cast<const ElementRow*>(m.native->data);
  // Keywords and what is no operand do not matter to the shape.
  std::vector<Value> operands;
  const std::string_view name = row.name;
  const bool unary = row.two == nullptr && name != "minimum" && name != "maximum" && name != "masked_fill" &&
                     name != "lerp" && name != "atan2" && !name.starts_with("bitwise_") && !name.starts_with("logical_") && name != "fmod";
  for (size_t i = 0; i < a.count; ++i) {
    if (i == 0 || !unary) operands.push_back(m.Resolve(a[i]));
  }
  if (const Value* other = a.Keyword("other")) operands.push_back(*other);
  if (operands.empty()) {
    if (const Value* input = a.Keyword("input")) operands.push_back(*input);
  }
  if (operands.empty()) m.Raise("TypeError", std::string(name) + "() misses an argument");
  if (IsTensor(m, operands[0]) == false && operands.size() == 1) return m.NewUnknown("torch." + std::string(name));
  const Value result = Elementwise(m, row, operands);
  if (const Value* dtype = a.Keyword("dtype"); dtype != nullptr && IsTensor(m, result)) {
    if (Dtype* d = DtypeFrom(m, dtype)) result.As<Tensor>()->dtype = d;
  }
  return result;
}
const ElementRow* RowOf(std::string_view name) {
  for (const ElementRow& row : kElementwise) {
    if (row.name == name) return &row;
  }
  return nullptr;
}
// Methods that end in `_` change the tensor, whose shape stays.
Value InPlace(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  t->values = nullptr;
  return a[0];
}
Value SameTensor(Machine& m, const Arguments& a) { return a.count > 0 ? a[0] : *a.Get(0, "input"); }
Value CopyOf(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Tensor* made = Like(m, t, t->shape());
  made->shape_known = t->shape_known;
  made->values = t->values;
  return Obj(made);
}

template <int kSide>
Value BinaryDunder(Machine& m, const Arguments& a) {
  const ElementRow& row = *static_cast<const ElementRow*>(m.native->data);
  if (a.count < 2) m.Raise("TypeError", "an operator misses an operand");
  const Value other = m.Resolve(a[1]);
  double d = 0;
  if (!IsTensor(m, other) && !m.IsNumber(other, &d) && !other.Is(Form::kUnknown)) {
    if (other.none() || other.Is(Form::kStr) || row.type == ElementRow::kCompare) return m.not_implemented();
    return m.NewUnknown("an operation on a tensor");
  }
  const Value operands[] = {kSide == 0 ? a[0] : other, kSide == 0 ? other : a[0]};
  return Elementwise(m, row, operands);
}
Value UnaryDunder(Machine& m, const Arguments& a) {
  const ElementRow& row = *static_cast<const ElementRow*>(m.native->data);
  return Elementwise(m, row, std::span(a.values, 1));
}

// --- making ---------------------------------------------------------------------------------------

struct Options {
  Dtype* dtype;
  Str* device;
};
Options OptionsOf(Machine& m, const Arguments& a) {
  Torch& torch = TorchOf(m);
  Options o{DtypeFrom(m, a.Keyword("dtype")), DeviceFrom(m, a.Keyword("device"))};
  if (o.device == nullptr) o.device = torch.default_device;
  return o;
}
void TakeRequiresGrad(Machine& m, const Arguments& a, Tensor* t) {
  if (const Value* v = a.Keyword("requires_grad")) t->requires_grad = v->is_bool() && v->integer != 0;
}

// native->data: the value that fills it, or null.
Value Filled(Machine& m, const Arguments& a) {
  const double* fill = static_cast<const double*>(m.native->data);
  const Options o = OptionsOf(m, a);
  std::optional<Sizes> shape = ShapeFrom(m, a, 0);
  Tensor* t = NewTensor(m, shape ? std::span<const int64_t>(*shape) : std::span<const int64_t>(),
                        o.dtype == nullptr ? TorchOf(m).default_dtype : o.dtype, o.device);
  if (!shape) t->shape_known = false;
  TakeRequiresGrad(m, a, t);
  if (fill != nullptr && shape) {
    const int64_t count = Count(*shape);
    if (count >= 0 && count <= 512) TakeValues(m, t, std::vector<double>(static_cast<size_t>(count), *fill));
  }
  return Obj(t);
}
Value Full(Machine& m, const Arguments& a) {
  Options o = OptionsOf(m, a);
  const Value* size = a.Get(0, "size");
  const Value* fill = a.Get(1, "fill_value");
  if (size == nullptr || fill == nullptr) m.Raise("TypeError", "full() misses an argument");
  std::optional<Sizes> shape = ShapeFrom(m, Arguments{size, 1, {}}, 0);
  if (o.dtype == nullptr) {
    o.dtype = fill->is_bool() ? FindDtype(m, "bool") : fill->is_int() ? FindDtype(m, "int64") : TorchOf(m).default_dtype;
  }
  Tensor* t = NewTensor(m, shape ? std::span<const int64_t>(*shape) : std::span<const int64_t>(), o.dtype, o.device);
  if (!shape) t->shape_known = false;
  double d = 0;
  if (shape && m.IsNumber(*fill, &d)) {
    const int64_t count = Count(*shape);
    if (count >= 0 && count <= 512) TakeValues(m, t, std::vector<double>(static_cast<size_t>(count), d));
  }
  return Obj(t);
}
Value FilledLike(Machine& m, const Arguments& a) {
  const double* fill = static_cast<const double*>(m.native->data);
  Tensor* from = Self(m, a);
  Dtype* dtype = DtypeFrom(m, a.Keyword("dtype"));
  Str* device = DeviceFrom(m, a.Keyword("device"));
  Tensor* t = NewTensor(m, from->shape(), dtype == nullptr ? from->dtype : dtype, device == nullptr ? from->device : device);
  t->shape_known = from->shape_known;
  if (fill != nullptr && from->shape_known) {
    const int64_t count = Count(from->shape());
    if (count >= 0 && count <= 512) TakeValues(m, t, std::vector<double>(static_cast<size_t>(count), *fill));
  }
  return Obj(t);
}
Value NewFilled(Machine& m, const Arguments& a) {
  Tensor* from = Self(m, a);
  Dtype* dtype = DtypeFrom(m, a.Keyword("dtype"));
  Str* device = DeviceFrom(m, a.Keyword("device"));
  const bool full = m.native->name->view() == "new_full";
  Arguments rest = {a.values + 1, full ? 1 : a.count - 1, {}};
  std::optional<Sizes> shape = ShapeFrom(m, rest, 0);
  Tensor* t = NewTensor(m, shape ? std::span<const int64_t>(*shape) : std::span<const int64_t>(),
                        dtype == nullptr ? from->dtype : dtype, device == nullptr ? from->device : device);
  if (!shape) t->shape_known = false;
  return Obj(t);
}

struct Flat {
  std::vector<Value> items;
  Sizes shape;
  bool ok = true;
};
void Flatten(Machine& m, const Value& raw, size_t depth, Flat* flat) {
  const Value v = m.Resolve(raw);
  if (v.Is(Form::kList) || v.Is(Form::kTuple) || v.Is(Form::kRange)) {
    const std::vector<Value> items = m.Items(v);
    if (flat->shape.size() == depth) flat->shape.push_back(static_cast<int64_t>(items.size()));
    if (depth >= flat->shape.size() || flat->shape[depth] != static_cast<int64_t>(items.size())) flat->ok = false;
    if (flat->items.size() > (size_t{1} << 22)) throw LimitReached{"memory"};
    for (const Value& item : items) Flatten(m, item, depth + 1, flat);
    return;
  }
  flat->items.push_back(v);
}
Value MakeTensor(Machine& m, const Arguments& a) {
  const Value* data = a.Get(0, "data");
  if (data == nullptr) m.Raise("TypeError", "tensor() misses its data");
  Options o = OptionsOf(m, a);
  if (a.count > 1 && o.dtype == nullptr && m.IsInstance(a[1], TorchOf(m).dtype)) o.dtype = a[1].As<Dtype>();
  const Value v = m.Resolve(*data);
  if (IsTensor(m, v)) {
    Tensor* from = v.As<Tensor>();
    Str* device = DeviceFrom(m, a.Keyword("device"));
    Tensor* t = NewTensor(m, from->shape(), o.dtype == nullptr ? from->dtype : o.dtype, device == nullptr ? from->device : device);
    t->shape_known = from->shape_known;
    if (t->device->view() != "meta") t->values = from->values;
    return Obj(t);
  }
  Flat flat;
  if (v.Is(Form::kUnknown)) {
    flat.ok = false;
  } else {
    Flatten(m, v, 0, &flat);
  }
  bool floats = false, doubles = false, ints = false, tensors = false, unknown = !flat.ok;
  std::vector<double> values;
  for (const Value& item : flat.items) {
    double d = 0;
    if (IsTensor(m, item)) {
      tensors = true;
    } else if (item.Is(Form::kUnknown)) {
      unknown = true;
    } else if (item.is_float()) {
      floats = true;
    } else if (item.Is(Form::kFloat)) {
      doubles = true;  // NumPy's
    } else if (item.is_bool()) {
    } else if (item.is_int() || item.Is(Form::kInt)) {
      ints = true;
    } else {
      m.Raise("TypeError", "new(): invalid data type '" + std::string(TypeNameOf(m, item)) + "'");
    }
    if (m.IsNumber(item, &d)) values.push_back(d);
  }
  if (o.dtype == nullptr) {
    if (unknown) {
      o.dtype = TorchOf(m).default_dtype;
      if (flat.items.empty() || !flat.ok) return m.NewUnknown("a tensor of unknown data");
    } else if (tensors) {
      o.dtype = Promote(m, flat.items);
    } else {
      o.dtype = doubles ? FindDtype(m, "float64") : floats || flat.items.empty() ? TorchOf(m).default_dtype : ints ? FindDtype(m, "int64") : FindDtype(m, "bool");
    }
  }
  Tensor* t = NewTensor(m, flat.shape, o.dtype, o.device);
  if (!flat.ok) t->shape_known = false;
  TakeRequiresGrad(m, a, t);
  if (!unknown && !tensors && values.size() == flat.items.size()) TakeValues(m, t, values);
  return Obj(t);
}
Value Arange(Machine& m, const Arguments& a) {
  Options o = OptionsOf(m, a);
  Value start = Int(0), end, step = Int(1);
  if (const Value* v = a.Keyword("start")) start = *v;
  if (const Value* v = a.Keyword("end")) end = *v;
  if (const Value* v = a.Keyword("step")) step = *v;
  if (a.count == 1 && end.null()) {
    end = a[0];
  } else {
    if (a.count > 0) start = a[0];
    if (a.count > 1) end = a[1];
    if (a.count > 2) step = a[2];
  }
  double x = 0, y = 0, by = 1;
  auto number = [&](Value v, double* out) {
    if (IsTensor(m, v)) v = m.CallMethod(v, "item");
    return m.IsNumber(v, out);
  };
  const bool known = number(start, &x) && number(end, &y) && number(step, &by) && by != 0;
  const bool floats = start.is_float() || end.is_float() || step.is_float();
  if (o.dtype == nullptr) o.dtype = floats ? TorchOf(m).default_dtype : FindDtype(m, "int64");
  if (!known) {
    const int64_t shape[] = {kUnknownSize};
    return Obj(NewTensor(m, shape, o.dtype, o.device));
  }
  const double n = std::max(0.0, std::ceil((y - x) / by));
  if (n > 1e12) throw LimitReached{"memory"};
  const int64_t shape[] = {static_cast<int64_t>(n)};
  Tensor* t = NewTensor(m, shape, o.dtype, o.device);
  if (n <= kMaxValues) {
    std::vector<double> values;
    for (int64_t i = 0; i < shape[0]; ++i) values.push_back(x + static_cast<double>(i) * by);
    TakeValues(m, t, values);
  }
  return Obj(t);
}
Value Linspace(Machine& m, const Arguments& a) {
  Options o = OptionsOf(m, a);
  const Value* start = a.Get(0, "start");
  const Value* end = a.Get(1, "end");
  const Value* steps = a.Get(2, "steps");
  if (start == nullptr || end == nullptr || steps == nullptr) m.Raise("TypeError", "linspace() misses an argument");
  const int64_t shape[] = {SizeFrom(m, *steps)};
  Tensor* t = NewTensor(m, shape, o.dtype == nullptr ? TorchOf(m).default_dtype : o.dtype, o.device);
  double x = 0, y = 0;
  const bool log = m.native->name->view() == "logspace";
  if (!log && m.IsNumber(*start, &x) && m.IsNumber(*end, &y) && shape[0] >= 0 && shape[0] <= kMaxValues) {
    std::vector<double> values;
    const double n = static_cast<double>(shape[0]);
    const float step = shape[0] > 1 ? (static_cast<float>(y) - static_cast<float>(x)) / static_cast<float>(shape[0] - 1) : 0;
    for (int64_t i = 0; i < shape[0]; ++i) {
      // PyTorch counts from the nearer end.
      values.push_back(static_cast<double>(i) < n / 2
                           ? static_cast<float>(x) + step * static_cast<float>(i)
                           : static_cast<float>(y) - step * static_cast<float>(shape[0] - i - 1));
    }
    TakeValues(m, t, values);
  }
  return Obj(t);
}
Value Eye(Machine& m, const Arguments& a) {
  const Options o = OptionsOf(m, a);
  const int64_t n = SizeFrom(m, a[0]);
  const int64_t shape[] = {n, a.count > 1 ? SizeFrom(m, a[1]) : n};
  return Obj(NewTensor(m, shape, o.dtype == nullptr ? TorchOf(m).default_dtype : o.dtype, o.device));
}
Value Randint(Machine& m, const Arguments& a) {
  const Options o = OptionsOf(m, a);
  const Value* size = a.Keyword("size");
  if (size == nullptr && a.count > 0) size = &a[a.count - 1];
  std::optional<Sizes> shape = ShapeFrom(m, Arguments{size, 1, {}}, 0);
  return Obj(NewTensor(m, shape ? *shape : Sizes{}, o.dtype == nullptr ? FindDtype(m, "int64") : o.dtype, o.device));
}
Value Randperm(Machine& m, const Arguments& a) {
  const Options o = OptionsOf(m, a);
  const int64_t shape[] = {SizeFrom(m, a[0])};
  return Obj(NewTensor(m, shape, FindDtype(m, "int64"), o.device));
}
Value Window(Machine& m, const Arguments& a) {
  const Options o = OptionsOf(m, a);
  const int64_t shape[] = {SizeFrom(m, a[0])};
  return Obj(NewTensor(m, shape, o.dtype == nullptr ? TorchOf(m).default_dtype : o.dtype, o.device));
}

// --- shapes ---------------------------------------------------------------------------------------

int64_t Axis(Machine& m, const Value& v, size_t rank) {
  int64_t i = m.Index(v);
  if (i < 0) i += static_cast<int64_t>(rank);
  if (i < 0 || i >= static_cast<int64_t>(std::max<size_t>(rank, 1))) {
    m.Raise("IndexError", "Dimension out of range");
  }
  return i;
}
// The tensor, if its shape is known; otherwise *out is the result.
bool Known(Machine& m, const Tensor* t, Value* out) {
  if (t->shape_known) return true;
  *out = Obj(ShapeUnknown(m, t));
  return false;
}
Value Reshape(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (a.count == 2 && m.IsInstance(a[1], TorchOf(m).dtype)) {
    Tensor* made = Like(m, t, t->shape(), a[1].As<Dtype>());
    return Obj(made);
  }
  if (!Known(m, t, &out)) return out;
  std::optional<Sizes> shape = ShapeFrom(m, a, 1, true);
  if (!shape) return Obj(ShapeUnknown(m, t));
  const int64_t count = Count(t->shape());
  int64_t rest = 1;
  int64_t* open = nullptr;
  for (int64_t& s : *shape) {
    if (s == INT64_MIN) {
      open = &s;
    } else if (s == kUnknownSize || rest == kUnknownSize) {
      rest = kUnknownSize;
    } else {
      rest *= s;
    }
  }
  if (open != nullptr) *open = count == kUnknownSize || rest == kUnknownSize || rest == 0 ? kUnknownSize : count / rest;
  const int64_t made = Count(*shape);
  if (made != kUnknownSize && count != kUnknownSize && made != count) {
    m.Raise("RuntimeError", "shape is invalid for input of size " + std::to_string(count));
  }
  Tensor* result = Like(m, t, *shape);
  result->values = t->values;
  return Obj(result);
}
Value Unsqueeze(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  const Value* dim = a.Get(1, "dim");
  const int64_t at = Axis(m, *dim, s.size() + 1);
  s.insert(s.begin() + at, 1);
  Tensor* made = Like(m, t, s);
  made->values = t->values;
  return Obj(made);
}
Value Squeeze(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t), kept;
  const Value* dim = a.Get(1, "dim");
  std::vector<bool> drop(s.size(), dim == nullptr);
  if (dim != nullptr) {
    if (dim->Is(Form::kTuple)) {
      for (const Value& d : dim->As<Tuple>()->items()) drop[static_cast<size_t>(Axis(m, d, s.size()))] = true;
    } else if (!s.empty()) {
      drop[static_cast<size_t>(Axis(m, *dim, s.size()))] = true;
    }
  }
  for (size_t i = 0; i < s.size(); ++i) {
    if (!(drop[i] && s[i] == 1)) kept.push_back(s[i]);
  }
  Tensor* made = Like(m, t, kept);
  made->values = t->values;
  return Obj(made);
}
Value Permute(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  std::vector<Value> dims;
  if (const Value* named = a.Keyword("dims")) {
    dims = m.Items(*named);
  } else if (a.count == 2 && !a[1].is_int()) {
    dims = m.Items(a[1]);
  } else {
    dims.assign(a.values + 1, a.values + a.count);
  }
  Sizes s;
  for (const Value& d : dims) s.push_back(t->sizes[Axis(m, d, t->rank)]);
  return Obj(Like(m, t, s));
}
Value Transpose(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  const int64_t x = Axis(m, *a.Get(1, "dim0"), s.size()), y = Axis(m, *a.Get(2, "dim1"), s.size());
  if (!s.empty()) std::swap(s[static_cast<size_t>(x)], s[static_cast<size_t>(y)]);
  return Obj(Like(m, t, s));
}
Value Reversed(Machine& m, const Value& self) {
  const Tensor* t = self.As<Tensor>();
  if (!t->shape_known) return Obj(ShapeUnknown(m, t));
  Sizes s = ShapeOf(t);
  std::reverse(s.begin(), s.end());
  return Obj(Like(m, t, s));
}
Value TMethod(Machine& m, const Arguments& a) { return Reversed(m, a[0]); }
Value FlattenMethod(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  if (s.empty()) s.push_back(1);
  const Value* first = a.Get(1, "start_dim");
  const Value* last = a.Get(2, "end_dim");
  const size_t x = first == nullptr ? 0 : static_cast<size_t>(Axis(m, *first, s.size()));
  const size_t y = last == nullptr ? s.size() - 1 : static_cast<size_t>(Axis(m, *last, s.size()));
  Sizes made(s.begin(), s.begin() + static_cast<int64_t>(x));
  made.push_back(Count(std::span(s).subspan(x, y + 1 - x)));
  made.insert(made.end(), s.begin() + static_cast<int64_t>(y) + 1, s.end());
  Tensor* result = Like(m, t, made);
  result->values = t->values;
  return Obj(result);
}
Value Expand(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  std::optional<Sizes> shape = ShapeFrom(m, a, 1, true);
  if (!shape) return Obj(ShapeUnknown(m, t));
  for (size_t i = 0; i < shape->size(); ++i) {
    int64_t& s = (*shape)[shape->size() - 1 - i];
    if (s == INT64_MIN) s = i < t->rank ? t->sizes[t->rank - 1 - i] : kUnknownSize;
  }
  return Obj(Like(m, t, *shape));
}
Value ExpandAs(Machine& m, const Arguments& a) {
  return Obj(Like(m, Self(m, a), a[1].As<Tensor>()->shape()));
}
Value Repeat(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  std::optional<Sizes> times = ShapeFrom(m, a, 1);
  if (!times) return Obj(ShapeUnknown(m, t));
  Sizes s = ShapeOf(t);
  if (times->size() > s.size()) s.insert(s.begin(), times->size() - s.size(), 1);
  for (size_t i = 0; i < times->size(); ++i) {
    int64_t& d = s[s.size() - times->size() + i];
    d = d == kUnknownSize || (*times)[i] == kUnknownSize ? kUnknownSize : d * (*times)[i];
  }
  return Obj(Like(m, t, s));
}
Value RepeatInterleave(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  const Value* times = a.Get(1, "repeats");
  const Value* dim = a.Get(2, "dim");
  int64_t n = 0;
  if (times == nullptr || !m.IsInteger(*times, &n)) return Obj(ShapeUnknown(m, t));
  Sizes s = ShapeOf(t);
  if (dim == nullptr || dim->none()) {
    const int64_t count = Count(s);
    s = {count == kUnknownSize ? kUnknownSize : count * n};
  } else {
    int64_t& d = s[static_cast<size_t>(Axis(m, *dim, s.size()))];
    if (d != kUnknownSize) d *= n;
  }
  return Obj(Like(m, t, s));
}
Value Pieces(Machine& m, const Tensor* t, size_t axis, const Sizes& sizes) {
  Tuple* tuple = m.NewTuple(sizes.size());
  int64_t at = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    Sizes s = ShapeOf(t);
    s[axis] = sizes[i];
    Tensor* piece = Like(m, t, s);
    if (t->values != nullptr && t->rank == 1 && sizes[i] >= 0) {
      piece->values = t->values + at;
      at += sizes[i];
    }
    tuple->data[i] = Obj(piece);
  }
  return Obj(tuple);
}
Value Chunk(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  const Value* dim = a.Get(2, "dim");
  const int64_t n = m.Index(*a.Get(1, "chunks"));
  if (!t->shape_known) return m.NewUnknown("pieces of an unknown tensor");
  const size_t axis = static_cast<size_t>(dim == nullptr ? 0 : Axis(m, *dim, t->rank));
  const int64_t whole = t->sizes[axis];
  Sizes sizes;
  if (whole == kUnknownSize) {
    sizes.assign(static_cast<size_t>(n), kUnknownSize);
  } else {
    const int64_t each = std::max<int64_t>(1, (whole + n - 1) / n);
    for (int64_t left = whole; left > 0; left -= each) sizes.push_back(std::min(each, left));
  }
  return Pieces(m, t, axis, sizes);
}
Value Split(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  const Value* dim = a.Get(2, "dim");
  const Value* how = a.Get(1, "split_size");
  if (how == nullptr) how = a.Keyword("split_size_or_sections");
  if (!t->shape_known || how == nullptr) return m.NewUnknown("pieces of an unknown tensor");
  const size_t axis = static_cast<size_t>(dim == nullptr ? 0 : Axis(m, *dim, t->rank));
  Sizes sizes;
  int64_t each = 0;
  if (m.IsInteger(*how, &each)) {
    const int64_t whole = t->sizes[axis];
    if (whole == kUnknownSize || each <= 0) return m.NewUnknown("pieces of an unknown tensor");
    if (whole / each > 100000) throw LimitReached{"memory"};
    for (int64_t left = whole; left > 0; left -= each) sizes.push_back(std::min(each, left));
  } else {
    for (const Value& v : m.Items(*how)) sizes.push_back(SizeFrom(m, v));
  }
  return Pieces(m, t, axis, sizes);
}
Value Unbind(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  const Value* dim = a.Get(1, "dim");
  if (!t->shape_known || t->rank == 0) return m.NewUnknown("pieces of an unknown tensor");
  const size_t axis = static_cast<size_t>(dim == nullptr ? 0 : Axis(m, *dim, t->rank));
  const int64_t n = t->sizes[axis];
  if (n == kUnknownSize) return m.NewUnknown("pieces of an unknown tensor");
  if (n > 1'000'000) throw LimitReached{"memory"};
  Sizes s = ShapeOf(t);
  s.erase(s.begin() + static_cast<int64_t>(axis));
  Tuple* tuple = m.NewTuple(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) {
    Tensor* piece = Like(m, t, s);
    if (t->values != nullptr && t->rank == 1) piece->values = t->values + i;
    tuple->data[i] = Obj(piece);
  }
  return Obj(tuple);
}
Value TensorIter(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  if (t->shape_known && t->rank == 0) m.Raise("TypeError", "iteration over a 0-d tensor");
  const Value pieces = Unbind(m, Arguments{a.values, 1, {}});
  return m.Iterate(pieces);
}
Value Narrow(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  s[static_cast<size_t>(Axis(m, a[1], s.size()))] = SizeFrom(m, a[3]);
  return Obj(Like(m, t, s));
}
Value Select(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  s.erase(s.begin() + Axis(m, a[1], s.size()));
  return Obj(Like(m, t, s));
}
Value GetItem(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  std::vector<Value> index;
  if (a[1].Is(Form::kTuple)) {
    index = m.Items(a[1]);
  } else {
    index.push_back(a[1]);
  }
  size_t used = 0;
  for (const Value& i : index) {
    if (i.none() || i.Same(m.ellipsis()) || i.is_bool()) continue;
    used += IsTensor(m, i) && i.As<Tensor>()->dtype->row->name == "bool" && i.As<Tensor>()->shape_known ? i.As<Tensor>()->rank : 1;
  }
  if (used > t->rank) m.Raise("IndexError", "too many indices for tensor of dimension " + std::to_string(t->rank));
  Sizes s;
  size_t at = 0;
  std::vector<Value> advanced;
  size_t advanced_at = SIZE_MAX;
  for (const Value& i : index) {
    int64_t k = 0;
    if (i.none()) {
      s.push_back(1);
    } else if (i.Same(m.ellipsis())) {
      for (size_t n = t->rank - used; n > 0; --n) s.push_back(t->sizes[at++]);
    } else if (i.Is(Form::kSlice)) {
      const int64_t size = t->sizes[at++];
      const Slice* slice = i.As<Slice>();
      if (slice->start.none() && slice->stop.none() && slice->step.none()) {
        s.push_back(size);
        continue;
      }
      bool unknown = size == kUnknownSize;
      for (const Value* part : {&slice->start, &slice->stop, &slice->step}) unknown |= part->Is(Form::kUnknown);
      if (unknown) {
        s.push_back(kUnknownSize);
        continue;
      }
      Range* range = m.New<Range>(m.range_class, Form::kRange);
      range->stop = size;
      const Value cut = m.GetIndex(Obj(range), i);
      s.push_back(cut.As<Range>()->size());
    } else if (i.is_bool()) {
      return Obj(ShapeUnknown(m, t));
    } else if (m.IsInteger(i, &k)) {
      const int64_t size = t->sizes[at++];
      if (size != kUnknownSize && (k >= size || k < -size)) {
        m.Raise("IndexError", "index " + std::to_string(k) + " is out of bounds for dimension with size " + std::to_string(size));
      }
      if (t->rank == 1 && index.size() == 1 && t->values != nullptr) {
        Tensor* one = Like(m, t, {});
        one->values = t->values + (k < 0 ? k + size : k);
        return Obj(one);
      }
    } else if (IsTensor(m, i)) {
      const Tensor* x = i.As<Tensor>();
      if (x->dtype->row->name == "bool" || !x->shape_known) return Obj(ShapeUnknown(m, t));
      if (advanced_at == SIZE_MAX) advanced_at = s.size();
      advanced.push_back(i);
      ++at;
    } else if (i.Is(Form::kList) || i.Is(Form::kTuple)) {
      if (advanced_at == SIZE_MAX) advanced_at = s.size();
      advanced.push_back(MakeTensor(m, Arguments{&i, 1, {}}));
      ++at;
    } else if (i.Is(Form::kUnknown)) {
      ++at;  // an integer, by all that is usual; its value does not matter to the shape
      return Obj(ShapeUnknown(m, t));
    } else {
      m.Raise("TypeError", "only integers, slices, ellipsis, None and tensors are valid indices");
    }
  }
  while (at < t->rank) s.push_back(t->sizes[at++]);
  if (!advanced.empty()) {
    Sizes shape;
    const Tensor* first = nullptr;
    if (!Broadcast(m, advanced, &shape, &first)) return Obj(ShapeUnknown(m, t));
    s.insert(s.begin() + static_cast<int64_t>(advanced_at), shape.begin(), shape.end());
  }
  Tensor* made = Like(m, t, s);
  if (t->values != nullptr && t->rank == 1 && index.size() == 1 && index[0].Is(Form::kSlice)) {
    Range* range = m.New<Range>(m.range_class, Form::kRange);
    range->stop = t->sizes[0];
    const Range* cut = m.GetIndex(Obj(range), index[0]).As<Range>();
    std::vector<double> values;
    for (int64_t i = 0; i < cut->size(); ++i) values.push_back(t->values[cut->start + i * cut->step]);
    TakeValues(m, made, values);
  }
  return Obj(made);
}
Value SetItem(Machine& m, const Arguments& a) {
  Self(m, a)->values = nullptr;
  return None();
}
Value To(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Dtype* dtype = DtypeFrom(m, a.Keyword("dtype"));
  Str* device = DeviceFrom(m, a.Keyword("device"));
  for (size_t i = 1; i < a.count; ++i) {
    if (IsTensor(m, a[i])) {
      dtype = a[i].As<Tensor>()->dtype;
      device = a[i].As<Tensor>()->device;
    } else if (a[i].is_object() && m.IsInstance(a[i], TorchOf(m).dtype)) {
      dtype = a[i].As<Dtype>();
    } else if (Str* d = DeviceFrom(m, &a[i])) {
      device = d;
    }
  }
  if ((dtype == nullptr || dtype == t->dtype) && (device == nullptr || device == t->device)) return a[0];
  Tensor* made = NewTensor(m, t->shape(), dtype == nullptr ? t->dtype : dtype, device == nullptr ? t->device : device);
  made->shape_known = t->shape_known;
  if (t->values != nullptr && t->shape_known) {
    std::vector<double> values(t->values, t->values + Count(t->shape()));
    if (!made->dtype->row->floating) {
      for (double& v : values) v = made->dtype->row->name == "bool" ? (v != 0) : std::trunc(v);
    }
    TakeValues(m, made, values);
  }
  return Obj(made);
}
// native->name is the dtype's name or an alias of it.
Value ToNamed(Machine& m, const Arguments& a) {
  Dtype* dtype = FindDtype(m, m.native->name->view());
  const Value arguments[] = {a[0], Obj(dtype)};
  return To(m, Arguments{arguments, 2, {}});
}
Value TypeMethod(Machine& m, const Arguments& a) {
  if (a.count > 1) return To(m, a);
  return m.String("torch.FloatTensor");
}
Value TypeAs(Machine& m, const Arguments& a) {
  const Value arguments[] = {a[0], Obj(a[1].As<Tensor>()->dtype)};
  return To(m, Arguments{arguments, 2, {}});
}

// --- joins and products ---------------------------------------------------------------------------

std::vector<Value> TensorList(Machine& m, const Arguments& a) {
  const Value* list = a.Get(0, "tensors");
  return list == nullptr ? std::vector<Value>() : m.Items(*list);
}
const Value* DimOf(const Arguments& a, size_t at) {
  const Value* dim = a.Get(at, "dim");
  return dim != nullptr ? dim : a.Keyword("axis");
}
Value Cat(Machine& m, const Arguments& a) {
  const std::vector<Value> list = TensorList(m, a);
  if (list.empty()) m.Raise("RuntimeError", "torch.cat(): expected a non-empty list of Tensors");
  Sizes shape;
  const Tensor* first = nullptr;
  for (const Value& v : list) {
    if (v.Is(Form::kUnknown)) return v;
    if (!IsTensor(m, v)) m.Raise("TypeError", "expected Tensor as element of a list");
    const Tensor* t = v.As<Tensor>();
    if (first == nullptr) first = t;
    if (!t->shape_known) return Obj(ShapeUnknown(m, first, Promote(m, list)));
  }
  const Value* dim = DimOf(a, 1);
  bool begun = false;
  for (const Value& v : list) {
    const Tensor* t = v.As<Tensor>();
    if (t->rank == 1 && t->sizes[0] == 0) continue;
    const size_t axis = static_cast<size_t>(dim == nullptr ? 0 : Axis(m, *dim, t->rank));
    if (!begun) {
      shape = ShapeOf(t);
      begun = true;
      continue;
    }
    if (shape.size() != t->rank) m.Raise("RuntimeError", "Tensors must have same number of dimensions");
    if (shape[axis] == kUnknownSize || t->sizes[axis] == kUnknownSize) {
      shape[axis] = kUnknownSize;
    } else {
      shape[axis] += t->sizes[axis];
    }
  }
  if (!begun) shape = {0};
  Tensor* made = Like(m, first, shape, Promote(m, list));
  if (shape.size() == 1) {
    std::vector<double> values;
    bool all = true;
    for (const Value& v : list) {
      const Tensor* t = v.As<Tensor>();
      all = all && (t->values != nullptr || Count(t->shape()) == 0);
      if (all && t->values != nullptr) values.insert(values.end(), t->values, t->values + Count(t->shape()));
    }
    if (all) TakeValues(m, made, values);
  }
  return Obj(made);
}
Value Stack(Machine& m, const Arguments& a) {
  const std::vector<Value> list = TensorList(m, a);
  if (list.empty()) m.Raise("RuntimeError", "stack expects a non-empty TensorList");
  for (const Value& v : list) {
    if (v.Is(Form::kUnknown)) return v;
    if (!IsTensor(m, v)) m.Raise("TypeError", "expected Tensor as element of a list");
  }
  const Tensor* first = list[0].As<Tensor>();
  if (!first->shape_known) return Obj(ShapeUnknown(m, first));
  Sizes s = ShapeOf(first);
  const Value* dim = DimOf(a, 1);
  s.insert(s.begin() + (dim == nullptr ? 0 : Axis(m, *dim, s.size() + 1)), static_cast<int64_t>(list.size()));
  return Obj(Like(m, first, s, Promote(m, list)));
}
Value Meshgrid(Machine& m, const Arguments& a) {
  std::vector<Value> list(a.values, a.values + a.count);
  if (list.size() == 1 && !IsTensor(m, list[0])) list = m.Items(list[0]);
  Sizes s;
  for (const Value& v : list) {
    if (!IsTensor(m, v)) return m.NewUnknown("torch.meshgrid");
    s.push_back(Count(v.As<Tensor>()->shape()));
  }
  const Value* indexing = a.Keyword("indexing");
  if (indexing != nullptr && indexing->Is(Form::kStr) && indexing->As<Str>()->view() == "xy" && s.size() > 1) std::swap(s[0], s[1]);
  Tuple* tuple = m.NewTuple(list.size());
  for (size_t i = 0; i < list.size(); ++i) tuple->data[i] = Obj(Like(m, list[i].As<Tensor>(), s));
  return Obj(tuple);
}
Value Matmul(Machine& m, const Arguments& a) {
  if (a.count < 2 || !IsTensor(m, a[0]) || !IsTensor(m, a[1])) return m.NewUnknown("torch.matmul");
  const Tensor* x = a[0].As<Tensor>();
  const Tensor* y = a[1].As<Tensor>();
  if (!x->shape_known || !y->shape_known) return Obj(ShapeUnknown(m, x));
  Sizes p = ShapeOf(x), q = ShapeOf(y), s;
  if (p.size() == 1 && q.size() == 1) return Obj(Like(m, x, {}));
  if (p.empty() || q.empty()) m.Raise("RuntimeError", "both arguments to matmul need to be at least 1D");
  if (p.size() == 1) {
    s.assign(q.begin(), q.end() - 2);
    s.push_back(q.back());
  } else if (q.size() == 1) {
    s.assign(p.begin(), p.end() - 1);
  } else {
    const Value batches[] = {Obj(Like(m, x, std::span(p).first(p.size() - 2))), Obj(Like(m, y, std::span(q).first(q.size() - 2)))};
    const Tensor* first = nullptr;
    Broadcast(m, batches, &s, &first);
    s.push_back(p[p.size() - 2]);
    s.push_back(q.back());
  }
  return Obj(Like(m, x, s, Promote(m, std::span(a.values, 2))));
}
Value Einsum(Machine& m, const Arguments& a) {
  if (a.count < 2 || !a[0].Is(Form::kStr)) return m.NewUnknown("torch.einsum");
  std::string equation(a[0].As<Str>()->view());
  std::erase(equation, ' ');
  std::vector<Value> tensors(a.values + 1, a.values + a.count);
  if (tensors.size() == 1 && !IsTensor(m, tensors[0])) tensors = m.Items(tensors[0]);
  const size_t arrow = equation.find("->");
  std::map<char, int64_t> sizes;
  std::string inputs = equation.substr(0, arrow);
  size_t which = 0, at = 0;
  for (char c : inputs) {
    if (c == ',') {
      ++which;
      at = 0;
      continue;
    }
    if (c == '.' || which >= tensors.size() || !IsTensor(m, tensors[which]) || !tensors[which].As<Tensor>()->shape_known ||
        at >= tensors[which].As<Tensor>()->rank) {
      return m.NewUnknown("torch.einsum");
    }
    sizes[c] = tensors[which].As<Tensor>()->sizes[at++];
  }
  std::string output;
  if (arrow != std::string::npos) {
    output = equation.substr(arrow + 2);
  } else {
    for (auto& [c, size] : sizes) {
      if (std::count(inputs.begin(), inputs.end(), c) == 1) output += c;
    }
  }
  Sizes s;
  for (char c : output) s.push_back(sizes[c]);
  return Obj(Like(m, tensors[0].As<Tensor>(), s, Promote(m, tensors)));
}
Value Outer(Machine& m, const Arguments& a) {
  if (a.count < 2 || !IsTensor(m, a[0]) || !IsTensor(m, a[1])) return m.NewUnknown("torch.outer");
  const int64_t s[] = {Count(a[0].As<Tensor>()->shape()), Count(a[1].As<Tensor>()->shape())};
  return Obj(Like(m, a[0].As<Tensor>(), s, Promote(m, std::span(a.values, 2))));
}
Value Pad(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s = ShapeOf(t);
  const std::vector<Value> by = m.Items(*a.Get(1, "pad"));
  for (size_t i = 0; i + 1 < by.size(); i += 2) {
    if (i / 2 >= s.size()) break;
    int64_t& d = s[s.size() - 1 - i / 2];
    int64_t x = 0, y = 0;
    if (d != kUnknownSize && m.IsInteger(by[i], &x) && m.IsInteger(by[i + 1], &y)) {
      d += x + y;
    } else {
      d = kUnknownSize;
    }
  }
  return Obj(Like(m, t, s));
}
Value Where(Machine& m, const Arguments& a) {
  if (a.count < 3) return m.NewUnknown("torch.where");
  Sizes shape;
  const Tensor* first = nullptr;
  const Value all[] = {a[0], a[1], a[2]};
  if (!Broadcast(m, all, &shape, &first)) return first == nullptr ? m.NewUnknown("torch.where") : Obj(ShapeUnknown(m, first));
  if (first == nullptr) return m.NewUnknown("torch.where");
  return Obj(Like(m, first, shape, Promote(m, std::span(a.values + 1, 2))));
}
Value Diag(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Value out;
  if (!Known(m, t, &out)) return out;
  Sizes s;
  if (t->rank == 1) s = {t->sizes[0], t->sizes[0]};
  else s = {std::min(t->sizes[0], t->sizes[1])};
  return Obj(Like(m, t, s));
}
Value Complexify(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Tensor* made = Like(m, t, t->shape(), FindDtype(m, "complex64"));
  made->shape_known = t->shape_known;
  return Obj(made);
}
Value UnknownTensor(Machine& m, const Arguments& a) {
  for (size_t i = 0; i < a.count; ++i) {
    if (IsTensor(m, a[i])) return Obj(ShapeUnknown(m, a[i].As<Tensor>()));
  }
  return m.NewUnknown("torch." + std::string(m.native->name->view()));
}

// --- reductions -----------------------------------------------------------------------------------

Value Reduce(Machine& m, const Arguments& a) {
  if (a.count == 0 || !IsTensor(m, a[0])) return m.NewUnknown("a reduction of what is no tensor");
  Tensor* t = Self(m, a);
  const std::string_view name = m.native->name->view();
  const Value* dim = DimOf(a, 1);
  if (dim != nullptr && IsTensor(m, *dim)) return Elementwise(m, *RowOf("minimum"), std::span(a.values, 2));
  if (name == "norm") dim = a.Get(2, "dim");
  Dtype* dtype = t->dtype;
  if (name == "any" || name == "all") dtype = FindDtype(m, "bool");
  if (name == "argmax" || name == "argmin" || name == "count_nonzero") dtype = FindDtype(m, "int64");
  if ((name == "sum" || name == "prod" || name == "cumsum") && !dtype->row->floating && !dtype->row->complex) dtype = FindDtype(m, "int64");
  if (Dtype* given = DtypeFrom(m, a.Keyword("dtype"))) dtype = given;
  const Value* keep = a.Keyword("keepdim");
  const bool keeps = keep != nullptr && m.Truth(*keep);
  if (dim == nullptr || dim->none()) {
    Tensor* made = Like(m, t, {}, dtype);
    if (t->values != nullptr && t->shape_known) {
      const int64_t n = Count(t->shape());
      double r = 0;
      bool known = n > 0;
      if (name == "sum" && !t->dtype->row->floating) {
        for (int64_t i = 0; i < n; ++i) r += t->values[i];
      } else if (name == "max" || name == "amax") {
        r = n > 0 ? *std::max_element(t->values, t->values + n) : 0;
      } else if (name == "min" || name == "amin") {
        r = n > 0 ? *std::min_element(t->values, t->values + n) : 0;
      } else if (name == "any") {
        for (int64_t i = 0; i < n; ++i) r = r != 0 || t->values[i] != 0;
      } else if (name == "all") {
        r = 1;
        for (int64_t i = 0; i < n; ++i) r = r != 0 && t->values[i] != 0;
      } else if (name == "prod" && !t->dtype->row->floating) {
        r = 1;
        for (int64_t i = 0; i < n; ++i) r *= t->values[i];
      } else {
        known = false;
      }
      if (known && std::abs(r) < 9e15) TakeValues(m, made, {r});
    }
    return Obj(made);
  }
  if (!t->shape_known) return Obj(ShapeUnknown(m, t, dtype));
  Sizes s = ShapeOf(t);
  std::vector<bool> gone(s.size(), false);
  if (dim->Is(Form::kTuple) || dim->Is(Form::kList)) {
    for (const Value& d : m.Items(*dim)) gone[static_cast<size_t>(Axis(m, d, s.size()))] = true;
  } else if (!s.empty()) {
    gone[static_cast<size_t>(Axis(m, *dim, s.size()))] = true;
  }
  Sizes left;
  for (size_t i = 0; i < s.size(); ++i) {
    if (!gone[i]) left.push_back(s[i]);
    else if (keeps) left.push_back(1);
  }
  const Value result = Obj(Like(m, t, left, dtype));
  if (name == "max" || name == "min" || name == "median" || name == "mode") {
    const Value pair[] = {result, Obj(Like(m, t, left, FindDtype(m, "int64")))};
    return Obj(m.NewTuple(pair));
  }
  return result;
}
Value Cumsum(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Dtype* dtype = t->dtype;
  if (!dtype->row->floating && !dtype->row->complex) dtype = FindDtype(m, "int64");
  Tensor* made = Like(m, t, t->shape(), dtype);
  made->shape_known = t->shape_known;
  if (t->values != nullptr && t->rank == 1 && !t->dtype->row->floating) {
    std::vector<double> values;
    double total = 0;
    for (int64_t i = 0; i < t->sizes[0]; ++i) values.push_back(total += t->values[i]);
    TakeValues(m, made, values);
  }
  return Obj(made);
}
Value Sort(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Tensor* x = Like(m, t, t->shape());
  Tensor* y = Like(m, t, t->shape(), FindDtype(m, "int64"));
  x->shape_known = y->shape_known = t->shape_known;
  const Value pair[] = {Obj(x), Obj(y)};
  return Obj(m.NewTuple(pair));
}
Value IntegersLike(Machine& m, const Arguments& a) {
  // bucketize(input, …), argsort(input): integers of the input's shape. searchsorted: of the second.
  const Value& v = m.native->name->view() == "searchsorted" && a.count > 1 ? a[1] : a[0];
  if (!IsTensor(m, v)) return m.NewUnknown("integers of an unknown tensor");
  Tensor* t = v.As<Tensor>();
  Tensor* made = Like(m, t, t->shape(), FindDtype(m, "int64"));
  made->shape_known = t->shape_known;
  return Obj(made);
}
Value Topk(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  if (!t->shape_known) return m.NewUnknown("torch.topk");
  Sizes s = ShapeOf(t);
  const Value* dim = a.Get(2, "dim");
  if (!s.empty()) s[static_cast<size_t>(dim == nullptr ? static_cast<int64_t>(s.size()) - 1 : Axis(m, *dim, s.size()))] = SizeFrom(m, *a.Get(1, "k"));
  const Value pair[] = {Obj(Like(m, t, s)), Obj(Like(m, t, s, FindDtype(m, "int64")))};
  return Obj(m.NewTuple(pair));
}

// --- what a tensor tells --------------------------------------------------------------------------

Value SizeValue(int64_t size, Machine& m) {
  return size == kUnknownSize ? m.NewUnknown("a size that is not known") : Int(size);
}
Value GetShape(Machine& m, const Value& self) {
  const Tensor* t = self.As<Tensor>();
  if (!t->shape_known) return m.NewUnknown("the shape of a tensor that is not known");
  Tuple* tuple = m.NewTuple(t->rank);
  tuple->type = TorchOf(m).size;
  for (uint32_t i = 0; i < t->rank; ++i) tuple->data[i] = SizeValue(t->sizes[i], m);
  return Obj(tuple);
}
Value SizeMethod(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  const Value* dim = a.Get(1, "dim");
  if (dim == nullptr || dim->none()) return GetShape(m, a[0]);
  if (!t->shape_known) return m.NewUnknown("the shape of a tensor that is not known");
  return SizeValue(t->sizes[Axis(m, *dim, t->rank)], m);
}
Value GetRank(Machine& m, const Value& self) {
  const Tensor* t = self.As<Tensor>();
  return t->shape_known ? Int(t->rank) : m.NewUnknown("the shape of a tensor that is not known");
}
Value RankMethod(Machine& m, const Arguments& a) { return GetRank(m, a[0]); }
Value Numel(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  return t->shape_known ? SizeValue(Count(t->shape()), m) : m.NewUnknown("the shape of a tensor that is not known");
}
Value TensorLen(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  if (!t->shape_known) return m.NewUnknown("the shape of a tensor that is not known");
  if (t->rank == 0) m.Raise("TypeError", "len() of a 0-d tensor");
  return SizeValue(t->sizes[0], m);
}
Value GetDtype(Machine& m, const Value& self) { return Obj(self.As<Tensor>()->dtype); }
Value GetDevice(Machine& m, const Value& self) {
  return m.Call(m.GetAttribute(Obj(m.Import("torch")), "device"), {Obj(self.As<Tensor>()->device)});
}
Value GetData(Machine& m, const Value& self) { return self; }
void SetData(Machine& m, const Value& self, const Value& v) {
  if (!IsTensor(m, v)) return;
  Tensor* t = self.As<Tensor>();
  const Tensor* from = v.As<Tensor>();
  t->sizes = from->sizes;
  t->rank = from->rank;
  t->shape_known = from->shape_known;
  t->dtype = from->dtype;
  t->values = nullptr;
}
Value GetRequiresGrad(Machine& m, const Value& self) { return Bool(self.As<Tensor>()->requires_grad); }
void SetRequiresGrad(Machine& m, const Value& self, const Value& v) {
  self.As<Tensor>()->requires_grad = v.is_bool() && v.integer != 0;
}
Value RequiresGrad_(Machine& m, const Arguments& a) {
  Self(m, a)->requires_grad = a.count < 2 || m.Truth(a[1]);
  return a[0];
}
Value IsMeta(Machine& m, const Value& self) { return Bool(self.As<Tensor>()->device->view() == "meta"); }
Value False(Machine& m, const Value& self) { return Bool(false); }
Value True(Machine& m, const Value& self) { return Bool(true); }
Value IsFloatingPoint(Machine& m, const Arguments& a) { return Bool(Self(m, a)->dtype->row->floating); }
Value IsComplex(Machine& m, const Arguments& a) { return Bool(Self(m, a)->dtype->row->complex); }
Value IsContiguous(Machine& m, const Arguments& a) { return Bool(true); }
Value ElementSize(Machine& m, const Arguments& a) { return Int(Self(m, a)->dtype->row->bytes); }
Value DataPtr(Machine& m, const Arguments& a) { return Int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(Self(m, a)))); }
Value Number(Machine& m, const Tensor* t, double v) {
  if (t->dtype->row->floating) return Float(v);
  return t->dtype->row->name == "bool" ? Bool(v != 0) : Int(static_cast<int64_t>(v));
}
Value Item(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  if (t->device->view() == "meta") m.Raise("NotImplementedError", "Tensor.item() cannot be called on meta tensors");
  if (t->values == nullptr) return m.NewUnknown("the value of a tensor");
  return Number(m, t, t->values[0]);
}
Value Tolist(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  if (t->device->view() == "meta") m.Raise("NotImplementedError", "Cannot copy out of meta tensor; no data!");
  if (t->values == nullptr || !t->shape_known) return m.NewUnknown("the values of a tensor");
  size_t at = 0;
  std::function<Value(size_t)> build = [&](size_t depth) -> Value {
    if (depth == t->rank) return Number(m, t, t->values[at++]);
    List* list = m.NewList();
    for (int64_t i = 0; i < t->sizes[depth]; ++i) list->items.Push(m.arena(), build(depth + 1));
    return Obj(list);
  };
  return build(0);
}
Value TensorBool(Machine& m, const Arguments& a) { return m.TruthValue(Item(m, a)); }
Value TensorInt(Machine& m, const Arguments& a) {
  const Value v = Item(m, a);
  if (v.is_float()) return m.Call(Obj(m.int_class), {v});
  return v;
}
Value TensorFloat(Machine& m, const Arguments& a) { return Item(m, a); }
Value TensorHash(Machine& m, const Arguments& a) { return DataPtr(m, a); }
Value TensorEq(Machine& m, const Arguments& a) { return BinaryDunder<0>(m, a); }
Value TensorRepr(Machine& m, const Arguments& a) { return m.String("tensor(...)"); }
Value TensorCopy(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Tensor* made = m.New<Tensor>(t->type, Form::kForeign);
  const Object header = *made;
  *made = *t;
  static_cast<Object&>(*made) = header;
  if (t->attributes != nullptr) {
    made->attributes = m.NewDict();
    m.CopyInto(made->attributes, *t->attributes);
  }
  if (a.count > 1 && a[1].Is(Form::kDict)) {
    m.Set_(a[1].As<Dict>(), Int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(t))), Obj(made));
  }
  return Obj(made);
}
Value IsTensorFunction(Machine& m, const Arguments& a) { return Bool(a.count > 0 && IsTensor(m, a[0])); }
Value Same(Machine& m, const Arguments& a) {
  if (a.count > 1 && a[0].Same(a[1])) return Bool(true);
  return m.NewUnknown("whether two tensors are equal");
}
Value AsComplex(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Sizes s = ShapeOf(t);
  if (!s.empty()) s.pop_back();
  return Obj(Like(m, t, s, FindDtype(m, "complex64")));
}
Value AsReal(Machine& m, const Arguments& a) {
  Tensor* t = Self(m, a);
  Sizes s = ShapeOf(t);
  s.push_back(2);
  return Obj(Like(m, t, s, FindDtype(m, "float32")));
}
Value RealPart(Machine& m, const Value& self) {
  const Tensor* t = self.As<Tensor>();
  Tensor* made = Like(m, t, t->shape(), t->dtype->row->complex ? FindDtype(m, "float32") : t->dtype);
  made->shape_known = t->shape_known;
  return Obj(made);
}

// Tensor(2, 3), Tensor([1, 2]), Tensor(tensor): on the CPU, whatever the default device is.
Value TensorNew(Machine& m, const Arguments& a) {
  Class* cls = a[0].As<Class>();
  Torch& torch = TorchOf(m);
  if (a.count == 2 && IsTensor(m, a[1])) {
    const Value made = TensorCopy(m, Arguments{a.values + 1, 1, {}});
    made.object->type = cls;
    return made;
  }
  struct OnCpu {
    Torch* torch;
    Str* outer;
    ~OnCpu() { torch->default_device = outer; }
  } on_cpu{&torch, torch.default_device};
  torch.default_device = m.Intern("cpu");
  Value made;
  if (a.count == 2 && (a[1].Is(Form::kList) || a[1].Is(Form::kTuple))) {
    made = MakeTensor(m, Arguments{a.values + 1, 1, {}});
    if (IsTensor(m, made)) {
      const Value arguments[] = {made, Obj(torch.default_dtype)};
      made = To(m, Arguments{arguments, 2, {}});
    }
  } else if (a.count == 1) {
    made = Obj(NewTensor(m, Sizes{0}, torch.default_dtype, torch.default_device));
  } else {
    const std::optional<Sizes> shape = ShapeFrom(m, Arguments{a.values + 1, a.count - 1, {}}, 0);
    if (!shape) return m.NewUnknown("a tensor of unknown data");
    made = Obj(NewTensor(m, *shape, torch.default_dtype, torch.default_device));
  }
  if (IsTensor(m, made)) made.object->type = cls;
  return made;
}
Value ParameterNew(Machine& m, const Arguments& a) {
  Torch& torch = TorchOf(m);
  Class* cls = a[0].As<Class>();
  const Value* data = a.Get(1, "data");
  Tensor* t = m.New<Tensor>(cls, Form::kForeign);
  const Value source = data == nullptr ? None() : m.Resolve(*data);
  if (source.none()) {
    const Tensor* empty = NewTensor(m, Sizes{0}, torch.default_dtype, torch.default_device);
    t->sizes = empty->sizes;
    t->rank = 1;
    t->dtype = empty->dtype;
    t->device = empty->device;
  } else if (IsTensor(m, source)) {
    const Tensor* from = source.As<Tensor>();
    t->sizes = from->sizes;
    t->rank = from->rank;
    t->shape_known = from->shape_known;
    t->dtype = from->dtype;
    t->device = from->device;
    t->values = from->values;
  } else if (source.Is(Form::kUnknown)) {
    t->shape_known = false;
    t->dtype = torch.default_dtype;
    t->device = torch.default_device;
  } else {
    m.Raise("TypeError", "Parameter data must be a Tensor, not " + std::string(TypeNameOf(m, source)));
  }
  if (Machine::IsSubclass(cls, torch.parameter)) {
    const Value* grad = a.Get(2, "requires_grad");
    t->requires_grad = grad == nullptr || m.Truth(*grad);
    if (t->requires_grad && !t->dtype->row->floating && !t->dtype->row->complex) {
      m.Raise("RuntimeError", "Only Tensors of floating point and complex dtype can require gradients");
    }
  } else {
    const Value* persistent = a.Keyword("persistent");
    t->persistent = persistent == nullptr || m.Truth(*persistent);
  }
  return Obj(t);
}
Value NoInit(Machine& m, const Arguments& a) { return None(); }
Value GetPersistent(Machine& m, const Value& self) { return Bool(self.As<Tensor>()->persistent); }

// --- dtypes ---------------------------------------------------------------------------------------

Value DtypeRepr(Machine& m, const Arguments& a) { return m.String("torch." + std::string(a[0].As<Dtype>()->row->name)); }
Value DtypeFloating(Machine& m, const Value& self) { return Bool(self.As<Dtype>()->row->floating); }
Value DtypeComplex(Machine& m, const Value& self) { return Bool(self.As<Dtype>()->row->complex); }
Value DtypeItemsize(Machine& m, const Value& self) { return Int(self.As<Dtype>()->row->bytes); }

Value GetDefaultDtype(Machine& m, const Arguments& a) { return Obj(TorchOf(m).default_dtype); }
Value SetDefaultDtype(Machine& m, const Arguments& a) {
  if (Dtype* d = DtypeFrom(m, &a[0])) TorchOf(m).default_dtype = d;
  return None();
}
Value GetDefaultDevice(Machine& m, const Arguments& a) { return Obj(TorchOf(m).default_device); }
Value SetDefaultDevice(Machine& m, const Arguments& a) {
  Str* device = DeviceFrom(m, &a[0]);
  TorchOf(m).default_device = device == nullptr ? m.Intern("cpu") : device;
  return None();
}
Value MakeShape(Machine& m, const Arguments& a) {
  // (tensor, shape, dtype or None): a tensor of that shape beside it.
  Tensor* t = Self(m, a);
  std::optional<Sizes> shape = ShapeFrom(m, Arguments{a.values + 1, 1, {}}, 0);
  if (!shape) return Obj(ShapeUnknown(m, t));
  return Obj(Like(m, t, *shape, a.count > 2 ? DtypeFrom(m, &a[2]) : nullptr));
}

const double kZero = 0, kOne = 1;

}  // namespace

Tensor* NewTensor(Machine& m, std::span<const int64_t> shape, Dtype* dtype, Str* device) {
  Tensor* t = m.New<Tensor>(TorchOf(m).tensor, Form::kForeign);
  t->rank = static_cast<uint32_t>(shape.size());
  t->sizes = m.arena().Array<int64_t>(shape.size() + 1);
  std::copy(shape.begin(), shape.end(), t->sizes);
  t->dtype = dtype;
  t->device = device;
  return t;
}

bool IsTensor(Machine& m, const Value& value) {
  return value.Is(Form::kForeign) && value.object->type->foreign == kTensorKind;
}

Dtype* FindDtype(Machine& m, std::string_view name) {
  for (const auto& [alias, real] : kAliases) {
    if (alias == name) name = real;
  }
  for (Dtype* dtype : TorchOf(m).dtypes) {
    if (dtype->row->name == name) return dtype;
  }
  return nullptr;
}

void SetUpTensors(Machine& m, Torch* torch, Module* module) {
  auto add = [&](std::string_view name, const Value& v) { m.Set_(module->dict, name, v); };
  torch->dtype = m.NewNativeClass("dtype", {m.object_class}, Form::kForeign, "torch");
  torch->dtype->foreign = kDtypeKind;
  for (const DtypeRow& row : kDtypes) {
    Dtype* dtype = m.New<Dtype>(torch->dtype, Form::kForeign);
    dtype->row = &row;
    torch->dtypes.push_back(dtype);
    add(row.name, Obj(dtype));
  }
  for (const auto& [alias, name] : kAliases) add(alias, Obj(FindDtype(m, name)));
  m.AddMethod(torch->dtype, "__repr__", DtypeRepr);
  m.AddMethod(torch->dtype, "__str__", DtypeRepr);
  m.AddMethod(torch->dtype, "__deepcopy__", SameTensor);
  m.AddMethod(torch->dtype, "__copy__", SameTensor);
  m.AddAccessor(torch->dtype, "is_floating_point", DtypeFloating);
  m.AddAccessor(torch->dtype, "is_complex", DtypeComplex);
  m.AddAccessor(torch->dtype, "itemsize", DtypeItemsize);
  add("dtype", Obj(torch->dtype));
  torch->default_dtype = FindDtype(m, "float32");
  torch->default_device = m.Intern("cpu");

  torch->tensor = m.NewNativeClass("Tensor", {m.object_class}, Form::kForeign, "torch");
  torch->tensor->foreign = kTensorKind;
  Class* tensor = torch->tensor;
  auto function = [&](std::string_view name, NativeCode code, const void* data = nullptr) {
    add(name, Obj(m.NewNative(name, code, false, data)));
  };
  auto method = [&](std::string_view name, NativeCode code, const void* data = nullptr) {
    m.Set_(tensor->dict, name, Obj(m.NewNative(name, code, true, data)));
  };
  auto both = [&](std::string_view name, NativeCode code, const void* data = nullptr) {
    function(name, code, data);
    method(name, code, data);
  };
  for (const ElementRow& row : kElementwise) both(row.name, ElementFunction, &row);
  const std::pair<const char*, const char*> operators[] = {
      {"add", "add"}, {"sub", "sub"}, {"mul", "mul"}, {"truediv", "div"}, {"floordiv", "floor_divide"},
      {"mod", "remainder"}, {"pow", "pow"}, {"and", "bitwise_and"}, {"or", "bitwise_or"},
      {"xor", "bitwise_xor"}};
  for (const auto& [op, row] : operators) {
    method(std::string("__") + op + "__", BinaryDunder<0>, RowOf(row));
    method(std::string("__r") + op + "__", BinaryDunder<1>, RowOf(row));
  }
  for (const char* op : {"eq", "ne", "lt", "le", "gt", "ge"}) {
    method(std::string("__") + op + "__", op == std::string_view("eq") ? TensorEq : BinaryDunder<0>, RowOf(op));
  }
  method("__neg__", UnaryDunder, RowOf("neg"));
  method("__abs__", UnaryDunder, RowOf("abs"));
  method("__invert__", UnaryDunder, RowOf("bitwise_not"));
  method("__matmul__", Matmul);
  for (const char* name : {"sum", "mean", "max", "min", "prod", "std", "var", "norm", "any", "all", "argmax",
                           "argmin", "amax", "amin", "median", "mode", "logsumexp", "nansum", "count_nonzero"}) {
    both(name, Reduce);
  }
  for (const char* name : {"zero_", "fill_", "copy_", "normal_", "uniform_", "trunc_normal_", "mul_", "add_", "div_",
                           "sub_", "clamp_", "erfinv_", "index_fill_", "masked_fill_", "scatter_", "exponential_",
                           "set_", "detach_", "random_", "bernoulli_", "log_", "exp_", "sqrt_", "pow_", "neg_", "index_copy_", "index_add_", "scatter_add_", "triu_", "tril_", "fill_diagonal_", "resize_", "swapaxes_", "unsqueeze_", "squeeze_"}) {
    method(name, InPlace);
  }
  for (const char* name : {"contiguous", "cpu", "cuda", "pin_memory", "view_as", "numpy", "storage", "untyped_storage"}) method(name, SameTensor);
  for (const char* name : {"detach", "clone", "type_as_", "scatter", "scatter_add", "index_fill", "index_add", "masked_scatter", "index_copy"}) both(name, CopyOf);
  function("normalize", SameTensor);
  function("from_numpy", MakeTensor);
  function("tensor", MakeTensor);
  function("as_tensor", MakeTensor);
  function("asarray", MakeTensor);
  function("scalar_tensor", MakeTensor);
  method("new_tensor", UnknownTensor);
  function("zeros", Filled, &kZero);
  function("ones", Filled, &kOne);
  for (const char* name : {"empty", "randn", "rand"}) function(name, Filled);
  function("full", Full);
  function("zeros_like", FilledLike, &kZero);
  function("ones_like", FilledLike, &kOne);
  for (const char* name : {"empty_like", "full_like", "randn_like", "rand_like"}) function(name, FilledLike);
  for (const char* name : {"new_zeros", "new_ones", "new_empty", "new_full"}) method(name, NewFilled);
  function("arange", Arange);
  function("range", Arange);
  function("linspace", Linspace);
  function("logspace", Linspace);
  function("eye", Eye);
  function("randint", Randint);
  function("randperm", Randperm);
  for (const char* name : {"hann_window", "hamming_window", "kaiser_window", "blackman_window", "fftfreq"}) function(name, Window);
  method("view", Reshape);
  both("reshape", Reshape);
  both("unsqueeze", Unsqueeze);
  both("squeeze", Squeeze);
  both("permute", Permute);
  for (const char* name : {"transpose", "swapaxes", "swapdims"}) both(name, Transpose);
  both("t", TMethod);
  both("flatten", FlattenMethod);
  method("expand", Expand);
  method("expand_as", ExpandAs);
  method("repeat", Repeat);
  both("tile", Repeat);
  both("repeat_interleave", RepeatInterleave);
  both("chunk", Chunk);
  both("split", Split);
  both("unbind", Unbind);
  both("narrow", Narrow);
  both("select", Select);
  method("__getitem__", GetItem);
  method("__setitem__", SetItem);
  method("__iter__", TensorIter);
  method("__len__", TensorLen);
  method("to", To);
  for (const auto& [alias, name] : kAliases) method(alias, ToNamed);
  for (const char* name : {"bool", "bfloat16"}) method(name, ToNamed);
  method("type", TypeMethod);
  method("type_as", TypeAs);
  for (const char* name : {"cat", "concat", "concatenate"}) function(name, Cat);
  function("stack", Stack);
  function("meshgrid", Meshgrid);
  for (const char* name : {"matmul", "bmm", "mm"}) both(name, Matmul);
  function("einsum", Einsum);
  both("outer", Outer);
  both("ger", Outer);
  function("pad", Pad);
  function("where", Where);
  both("diag", Diag);
  function("polar", Complexify);
  function("complex", Complexify);
  function("view_as_complex", AsComplex);
  function("view_as_real", AsReal);
  both("cumsum", Cumsum);
  both("cumprod", CopyOf);
  both("sort", Sort);
  both("argsort", IntegersLike);
  function("bucketize", IntegersLike);
  function("searchsorted", IntegersLike);
  both("topk", Topk);
  for (const char* name : {"nonzero", "unique", "gather", "index_select", "fft", "rfft", "ifft", "irfft", "fftn", "fft2", "ifftn", "cdist", "kron", "interpolate", "unfold", "multinomial", "bincount", "histc", "inverse", "masked_select", "diff", "cartesian_prod", "unflatten", "tensor_split", "take", "trace", "cross", "tensordot", "norm_except_dim", "diag_embed", "rot90"}) both(name, UnknownTensor);
  function("is_tensor", IsTensorFunction);
  both("is_floating_point", IsFloatingPoint);
  both("is_complex", IsComplex);
  both("numel", Numel);
  both("equal", Same);
  both("allclose", Same);
  method("nelement", Numel);
  method("dim", RankMethod);
  method("ndimension", RankMethod);
  method("size", SizeMethod);
  method("is_contiguous", IsContiguous);
  method("element_size", ElementSize);
  method("data_ptr", DataPtr);
  method("item", Item);
  method("tolist", Tolist);
  method("__bool__", TensorBool);
  method("__int__", TensorInt);
  method("__index__", TensorInt);
  method("__float__", TensorFloat);
  method("__hash__", TensorHash);
  method("__repr__", TensorRepr);
  method("__deepcopy__", TensorCopy);
  method("__copy__", TensorCopy);
  method("requires_grad_", RequiresGrad_);
  method("register_hook", NoInit);
  method("new_shape", MakeShape);
  m.AddAccessor(tensor, "shape", GetShape);
  m.AddAccessor(tensor, "ndim", GetRank);
  m.AddAccessor(tensor, "dtype", GetDtype);
  m.AddAccessor(tensor, "device", GetDevice);
  m.AddAccessor(tensor, "data", GetData, SetData);
  m.AddAccessor(tensor, "T", Reversed);
  m.AddAccessor(tensor, "requires_grad", GetRequiresGrad, SetRequiresGrad);
  m.AddAccessor(tensor, "is_meta", IsMeta);
  m.AddAccessor(tensor, "real", RealPart);
  m.AddAccessor(tensor, "imag", RealPart);
  for (const char* name : {"is_cuda", "is_sparse", "is_quantized"}) m.AddAccessor(tensor, name, False);
  m.AddAccessor(tensor, "is_leaf", True);
  for (const char* name : {"grad", "grad_fn"}) m.Set_(tensor->dict, name, None());
  m.AddStatic(tensor, "__new__", TensorNew);
  m.AddMethod(tensor, "__init__", NoInit);
  add("Tensor", Obj(tensor));
  torch->parameter = m.NewNativeClass("Parameter", {tensor}, Form::kForeign, "torch.nn.parameter");
  torch->parameter->foreign = kTensorKind;
  torch->buffer = m.NewNativeClass("Buffer", {tensor}, Form::kForeign, "torch.nn.parameter");
  torch->buffer->foreign = kTensorKind;
  for (Class* cls : {torch->parameter, torch->buffer}) m.AddStatic(cls, "__new__", ParameterNew);
  m.AddAccessor(torch->buffer, "persistent", GetPersistent);
  add("Parameter", Obj(torch->parameter));
  add("Buffer", Obj(torch->buffer));
  torch->size = m.NewNativeClass("Size", {m.tuple_class}, Form::kTuple, "torch");
  m.AddMethod(torch->size, "numel", [](Machine& machine, const Arguments& a) {
    Value total = Int(1);
    for (const Value& v : a[0].As<Tuple>()->items()) total = machine.Binary(python::Op::kMultiply, total, v);
    return total;
  });
  add("Size", Obj(torch->size));
  function("get_default_dtype", GetDefaultDtype);
  function("set_default_dtype", SetDefaultDtype);
  function("default_device", GetDefaultDevice);
  function("set_default_device", SetDefaultDevice);
  m.ForgetLookups();
}

}  // namespace wcheck::torch
