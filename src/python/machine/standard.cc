// Modules of Python's standard library that native code gives; the others are stand-ins in
// library/, read as any other file.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "python/machine/library.h"
#include "python/machine/machine.h"

namespace wcheck::machine {
namespace {

double NumberOf(Machine& m, const Arguments& a, size_t i) {
  if (i >= a.count) m.Raise("TypeError", "a function of math misses an argument");
  const Value v = m.Resolve(a[i]);
  if (v.Is(Form::kUnknown)) throw Open{v.As<Unknown>()};
  double d = 0;
  if (m.IsNumber(v, &d)) return d;
  Value special;
  if (v.is_object() && m.Special(v, m.names.float_, &special)) {
    const Value r = m.Call(special);
    if (r.Is(Form::kUnknown)) throw Open{r.As<Unknown>()};
    if (m.IsNumber(r, &d)) return d;
  }
  m.Raise("TypeError", "must be real number, not " + std::string(TypeNameOf(m, v)));
}
// Unknown in, unknown out.
template <Value (*kFunction)(Machine&, const Arguments&)>
Value Through(Machine& m, const Arguments& a) {
  for (size_t i = 0; i < a.total(); ++i) {
    if (a.values[i].Is(Form::kUnknown)) return a.values[i];
  }
  return kFunction(m, a);
}
template <double (*kFunction)(double)>
Value Real(Machine& m, const Arguments& a) {
  const double d = NumberOf(m, a, 0);
  const double r = kFunction(d);
  if (std::isnan(r) && !std::isnan(d)) m.Raise("ValueError", "math domain error");
  return Float(r);
}
Value Integral(Machine& m, double d) {
  if (std::isnan(d) || std::isinf(d)) m.Raise("OverflowError", "cannot convert float to integer");
  if (std::abs(d) > 9e18) return m.NewUnknown("an integer of more than 64 bits");
  return Int(static_cast<int64_t>(d));
}
template <double (*kFunction)(double)>
Value Rounded(Machine& m, const Arguments& a) {
  int64_t i = 0;
  if (a.count > 0 && m.IsInteger(a[0], &i)) return Int(i);
  return Integral(m, kFunction(NumberOf(m, a, 0)));
}
Value Log(Machine& m, const Arguments& a) {
  const double x = NumberOf(m, a, 0);
  if (x <= 0) m.Raise("ValueError", "math domain error");
  if (a.count > 1) return Float(std::log(x) / std::log(NumberOf(m, a, 1)));
  return Float(std::log(x));
}
template <double (*kFunction)(double)>
Value PositiveLog(Machine& m, const Arguments& a) {
  const double x = NumberOf(m, a, 0);
  if (x <= 0) m.Raise("ValueError", "math domain error");
  return Float(kFunction(x));
}
Value MathPow(Machine& m, const Arguments& a) { return Float(std::pow(NumberOf(m, a, 0), NumberOf(m, a, 1))); }
Value Atan2(Machine& m, const Arguments& a) { return Float(std::atan2(NumberOf(m, a, 0), NumberOf(m, a, 1))); }
Value Prod(Machine& m, const Arguments& a) {
  Value total = Int(1);
  if (const Value* start = a.Get(1, "start")) total = *start;
  m.ForEach(a[0], [&](const Value& v) { total = m.Binary(python::Op::kMultiply, total, v); });
  return total;
}
Value Gcd(Machine& m, const Arguments& a) {
  int64_t g = 0;
  for (size_t i = 0; i < a.count; ++i) g = std::gcd(g, m.Index(a[i]));
  return Int(g);
}
Value Lcm(Machine& m, const Arguments& a) {
  int64_t l = 1;
  for (size_t i = 0; i < a.count; ++i) {
    const int64_t v = m.Index(a[i]);
    if (v == 0) return Int(0);
    if (__builtin_mul_overflow(l / std::gcd(l, v), std::abs(v), &l)) return m.NewUnknown("an integer of more than 64 bits");
  }
  return Int(l);
}
Value Isqrt(Machine& m, const Arguments& a) {
  const int64_t n = m.Index(a[0]);
  if (n < 0) m.Raise("ValueError", "isqrt() argument must be nonnegative");
  int64_t r = static_cast<int64_t>(std::sqrt(static_cast<double>(n)));
  while (r > 0 && r > n / r) --r;
  while (r + 1 <= n / (r + 1)) ++r;
  return Int(r);
}
Value Isnan(Machine& m, const Arguments& a) { return Bool(std::isnan(NumberOf(m, a, 0))); }
Value Isinf(Machine& m, const Arguments& a) { return Bool(std::isinf(NumberOf(m, a, 0))); }
Value Isfinite(Machine& m, const Arguments& a) { return Bool(std::isfinite(NumberOf(m, a, 0))); }
Value Isclose(Machine& m, const Arguments& a) {
  const double x = NumberOf(m, a, 0), y = NumberOf(m, a, 1);
  double relative = 1e-9, absolute = 0;
  if (const Value* v = a.Keyword("rel_tol")) m.IsNumber(*v, &relative);
  if (const Value* v = a.Keyword("abs_tol")) m.IsNumber(*v, &absolute);
  return Bool(x == y || std::abs(x - y) <= std::max(relative * std::max(std::abs(x), std::abs(y)), absolute));
}

void FillMath(Machine& m, Module* module) {
  const NativeEntry entries[] = {
      {"sqrt", Through<Real<std::sqrt>>}, {"exp", Through<Real<std::exp>>},
      {"sin", Through<Real<std::sin>>}, {"cos", Through<Real<std::cos>>},
      {"tan", Through<Real<std::tan>>}, {"tanh", Through<Real<std::tanh>>},
      {"atan", Through<Real<std::atan>>}, {"erf", Through<Real<std::erf>>},
      {"fabs", Through<Real<std::fabs>>}, {"log1p", Through<Real<std::log1p>>},
      {"expm1", Through<Real<std::expm1>>}, {"degrees", nullptr},
      {"ceil", Through<Rounded<std::ceil>>}, {"floor", Through<Rounded<std::floor>>},
      {"trunc", Through<Rounded<std::trunc>>}, {"log", Through<Log>},
      {"log2", Through<PositiveLog<std::log2>>}, {"log10", Through<PositiveLog<std::log10>>},
      {"pow", Through<MathPow>}, {"atan2", Through<Atan2>}, {"prod", Through<Prod>},
      {"gcd", Through<Gcd>}, {"lcm", Through<Lcm>}, {"isqrt", Through<Isqrt>},
      {"isnan", Through<Isnan>}, {"isinf", Through<Isinf>}, {"isfinite", Through<Isfinite>},
      {"isclose", Through<Isclose>}};
  for (const NativeEntry& e : entries) {
    if (e.code != nullptr) m.Set_(module->dict, e.name, Obj(m.NewNative(e.name, e.code)));
  }
  m.Set_(module->dict, "pi", Float(3.141592653589793));
  m.Set_(module->dict, "e", Float(2.718281828459045));
  m.Set_(module->dict, "tau", Float(6.283185307179586));
  m.Set_(module->dict, "inf", Float(INFINITY));
  m.Set_(module->dict, "nan", Float(NAN));
}

Value CopyCopy(Machine& m, const Arguments& a) { return m.Copy(m.Resolve(a[0])); }
Value CopyDeepcopy(Machine& m, const Arguments& a) {
  Dict* memo = a.count > 1 && a[1].Is(Form::kDict) ? a[1].As<Dict>() : m.NewDict();
  return m.DeepCopy(a[0], memo);
}

Value ImportModule(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kStr)) return m.NewUnknown("the name of a module");
  const std::string name(a[0].As<Str>()->view());
  const Value* package = a.Get(1, "package");
  if (name.starts_with('.') && package != nullptr && package->Is(Form::kStr)) {
    return Obj(m.Import(m.AbsoluteModule(package->As<Str>()->view(), name)));
  }
  return Obj(m.Import(name));
}
// Whether a module can be found, evaluated or not.
Value ModuleExists(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kStr)) return Bool(false);
  return Bool(m.FindModule(m.Intern(a[0].As<Str>())) != nullptr);
}
Value AnnotationsOfClass(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kClass)) return Obj(m.NewDict());
  const bool evaluated = a.count > 1 && m.Truth(a[1]);
  Class* cls = a[0].As<Class>();
  if (!evaluated) {
    if (Dict::Entry* own = m.Find(*cls->dict, m.names.annotations)) return own->value;
  }
  return Obj(m.AnnotationsOf(cls, evaluated));
}
// The source text of a module or a function.
Value SourceOf(Machine& m, const Arguments& a) {
  if (a.count > 0 && a[0].Is(Form::kModule)) {
    const ModuleFile* file = a[0].As<Module>()->file;
    if (file != nullptr) return m.String(file->source->text());
  }
  if (a.count > 0 && a[0].Is(Form::kFunction)) {
    const Code* code = a[0].As<Function>()->code;
    return m.String(std::string_view(code->file->source->text()).substr(code->node->begin, code->node->end - code->node->begin));
  }
  return m.NewUnknown("the source of an object");
}
Value MakeUnknown(Machine& m, const Arguments& a) {
  return m.NewUnknown(a.count > 0 && a[0].Is(Form::kStr) ? a[0].As<Str>()->view() : "a value");
}
Value IsUnknown(Machine& m, const Arguments& a) { return Bool(a.count > 0 && a[0].Is(Form::kUnknown)); }

void FillMachine(Machine& m, Module* module) {
  const NativeEntry entries[] = {{"import_module", ImportModule}, {"module_exists", ModuleExists},
                                 {"annotations_of", AnnotationsOfClass}, {"copy", CopyCopy},
                                 {"deepcopy", CopyDeepcopy}, {"unknown", MakeUnknown},
                                 {"is_unknown", IsUnknown}, {"source_of", SourceOf}};
  for (const NativeEntry& e : entries) m.Set_(module->dict, e.name, Obj(m.NewNative(e.name, e.code)));
  const std::pair<const char*, Class*> classes[] = {
      {"defaultdict", m.defaultdict_class}, {"OrderedDict", m.ordered_dict_class},
      {"FunctionType", m.function_class}, {"MethodType", m.method_class},
      {"BuiltinFunctionType", m.native_class}, {"ModuleType", m.module_class},
      {"GeneratorType", m.generator_class}, {"GenericAlias", m.alias_class},
      {"UnionType", m.union_class}, {"NoneType", m.none_class}, {"CellType", m.cell_class},
      {"EllipsisType", m.ellipsis_class}, {"dict_view", m.view_class},
      {"iterator", m.iterator_class}};
  for (const auto& [name, cls] : classes) m.Set_(module->dict, name, Obj(cls));
  m.Set_(module->dict, "modules", Obj(m.modules()));
  m.Set_(module->dict, "builtins", Obj(m.builtins));
}

Value MethodNew(Machine& m, const Arguments& a) { return m.Bind(a[2], a[1]); }
Value AliasNew(Machine& m, const Arguments& a) {
  Object* alias = m.New<Object>(a[0].As<Class>(), Form::kInstance);
  alias->attributes = m.NewDict();
  if (a.count > 1) m.Set_(alias->attributes, "__origin__", a[1]);
  if (a.count > 2) m.Set_(alias->attributes, "__args__", a[2].Is(Form::kTuple) ? a[2] : Obj(m.NewTuple(std::span(&a[2], 1))));
  return Obj(alias);
}
Value UnionNew(Machine& m, const Arguments& a) {
  Object* made = m.New<Object>(a[0].As<Class>(), Form::kInstance);
  made->attributes = m.NewDict();
  if (a.count > 1) m.Set_(made->attributes, "__args__", a[1]);
  return Obj(made);
}
Value FunctionNew(Machine& m, const Arguments& a) {
  // FunctionType(code, globals, name, argdefs, closure): the code is the function itself here.
  if (a.count < 2 || !a[1].Is(Form::kFunction)) return m.NewUnknown("a function made of code");
  Function* from = a[1].As<Function>();
  Function* f = m.New<Function>(m.function_class, Form::kFunction);
  const Object header = *f;
  *f = *from;
  static_cast<Object&>(*f) = header;
  return Obj(f);
}
Value FunctionCode(Machine& m, const Value& self) { return self; }
Value FunctionClosure(Machine& m, const Value& self) { return None(); }

}  // namespace

void SetUpModules(Machine& m) {
  m.AddNativeInit("math", FillMath);
  m.AddNativeInit("_machine", FillMachine);
  m.AddStatic(m.method_class, "__new__", MethodNew);
  m.AddStatic(m.alias_class, "__new__", AliasNew);
  m.AddStatic(m.union_class, "__new__", UnionNew);
  m.AddStatic(m.function_class, "__new__", FunctionNew);
  m.AddAccessor(m.function_class, "__code__", FunctionCode);
  m.AddAccessor(m.function_class, "__closure__", FunctionClosure);
  for (std::string_view name : kLibraryModules) {
    m.AddStandIn(std::string(name), LibraryModule(std::string(name) + ".py"));
  }
}

}  // namespace wcheck::machine
