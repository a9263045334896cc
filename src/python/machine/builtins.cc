// Built-in classes and functions.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "python/machine/compiler.h"
#include "python/machine/machine.h"
#include "python/unicode.h"
#include "support/utf8.h"

namespace wcheck::machine {
namespace {

using POp = python::Op;

const Value& Need(Machine& m, const Arguments& a, size_t i) {
  if (i >= a.count) m.Raise("TypeError", std::string(m.native ? m.native->name->view() : "a function") + "() misses an argument");
  return a[i];
}

Value Unknowable(Machine& m, const Arguments&) {
  return m.NewUnknown(std::string("the result of ") + std::string(m.native->name->view()) + "()");
}

// A library reads the source of its own modules; nothing else can be opened.
Value OpenBuiltin(Machine& m, const Arguments& a) {
  if (a.count > 0 && a[0].Is(Form::kStr)) {
    if (const ModuleFile* file = m.FileWithPath(a[0].As<Str>()->view())) {
      const Value text = m.ImportFrom(m.Intern("_source_text"), m.Intern("SourceText"));
      return m.Call(text, {m.String(file->source->text())});
    }
  }
  return m.NewUnknown("the result of open()");
}

// --- object and type ------------------------------------------------------------------------------

Value ObjectNew(Machine& m, const Arguments& a) {
  const Value cls = Need(m, a, 0);
  if (!cls.Is(Form::kClass)) m.Raise("TypeError", "object.__new__(X): X is not a type object");
  return m.NewObject(cls.As<Class>());
}
Value ObjectInit(Machine& m, const Arguments& a) {
  const Value self = Need(m, a, 0);
  if (a.total() > 1) {
    // As object.__init__: arguments are an error unless __new__ took them.
    Value* maker = m.LookUp(m.ClassOf(self), m.names.new_);
    Value* init = m.LookUp(m.ClassOf(self), m.names.init);
    const bool own_init = init != nullptr && init->Is(Form::kFunction);
    const bool own_new =
        maker != nullptr && !maker->Same(m.Find(*m.object_class->dict, m.names.new_)->value);
    if ((own_init || !own_new) && self.Is(Form::kInstance) && !m.ClassOf(self)->open && !m.ClassOf(self)->is_exception) {
      m.Raise("TypeError", std::string(TypeNameOf(m, self)) + "() takes no arguments");
    }
  }
  return None();
}
Value ObjectGetattribute(Machine& m, const Arguments& a) {
  Value out;
  Str* name = m.Intern(Need(m, a, 1).As<Str>());
  if (m.GenericFind(a[0], name, &out)) return out;
  if (m.ClassOf(a[0])->open) return m.NewUnknown("an attribute of a class that is not read");
  m.Raise("AttributeError", "'" + std::string(TypeNameOf(m, a[0])) + "' object has no attribute '" +
                                std::string(name->view()) + "'");
}
Value ObjectSetattr(Machine& m, const Arguments& a) {
  m.GenericSet(Need(m, a, 0), m.Intern(Need(m, a, 1).As<Str>()), Need(m, a, 2));
  return None();
}
Value ObjectDelattr(Machine& m, const Arguments& a) {
  m.GenericDelete(Need(m, a, 0), m.Intern(Need(m, a, 1).As<Str>()));
  return None();
}
Value ObjectInitSubclass(Machine& m, const Arguments& a) { return None(); }
Value ObjectRepr(Machine& m, const Arguments& a) {
  return m.String("<" + std::string(m.ClassOf(a[0])->qualified_name->view()) + " object at 0x7f0000000000>");
}
Value ObjectStr(Machine& m, const Arguments& a) {
  auto text = m.ToRepr(a[0]);
  return text ? m.String(*text) : m.NewUnknown("a text with an unknown part");
}
Value ObjectEq(Machine& m, const Arguments& a) {
  return Need(m, a, 0).Same(Need(m, a, 1)) ? Bool(true) : m.not_implemented();
}
Value ObjectHash(Machine& m, const Arguments& a) {
  return Int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(Need(m, a, 0).object) >> 4));
}
Value ObjectDir(Machine& m, const Arguments& a) {
  Set* seen = m.NewSet();
  List* list = m.NewList();
  auto add = [&](const Dict* dict) {
    if (dict == nullptr) return;
    for (const Dict::Entry& e : dict->entries) {
      if (e.key.Is(Form::kStr) && m.Add(seen, e.key)) list->items.Push(m.arena(), e.key);
    }
  };
  const Value self = a[0];
  if (self.Is(Form::kClass)) {
    for (const Class* c : self.As<Class>()->mro) add(c->dict);
  } else if (self.Is(Form::kModule)) {
    add(self.As<Module>()->dict);
  } else {
    if (self.is_object()) add(self.object->attributes);
    for (const Class* c : m.ClassOf(self)->mro) add(c->dict);
  }
  std::sort(list->items.begin(), list->items.end(),
            [](const Value& x, const Value& y) { return x.As<Str>()->view() < y.As<Str>()->view(); });
  return Obj(list);
}
Value GetClass(Machine& m, const Value& self) { return Obj(m.ClassOf(self)); }
void SetClass(Machine& m, const Value& self, const Value& cls) {
  if (!self.is_object() || !cls.Is(Form::kClass)) m.Raise("TypeError", "__class__ must be set to a class");
  self.object->type = cls.As<Class>();
}
Value GetDict(Machine& m, const Value& self) {
  if (!self.is_object()) m.Raise("AttributeError", "no __dict__");
  if (self.object->attributes == nullptr) self.object->attributes = m.NewDict();
  return Obj(self.object->attributes);
}
void SetDict(Machine& m, const Value& self, const Value& dict) {
  if (!self.is_object() || !dict.Is(Form::kDict)) m.Raise("TypeError", "__dict__ must be set to a dictionary");
  self.object->attributes = dict.As<Dict>();
}
Value GetDoc(Machine& m, const Value& self) { return None(); }

Value TypeNew(Machine& m, const Arguments& a) {
  if (a.count == 2) return Obj(m.ClassOf(a[1]));
  const Value meta = Need(m, a, 0), name = Need(m, a, 1), bases = Need(m, a, 2), dict = Need(m, a, 3);
  if (!name.Is(Form::kStr) || !bases.Is(Form::kTuple) || !dict.Is(Form::kDict)) {
    m.Raise("TypeError", "type.__new__() takes a name, a tuple and a dict");
  }
  Class* cls = meta.As<Class>();
  for (const Value& base : bases.As<Tuple>()->items()) {
    if (base.Is(Form::kClass) && Machine::IsSubclass(base.object->type, cls)) cls = base.object->type;
  }
  return m.MakeClass(cls, name.As<Str>(), bases.As<Tuple>(), dict.As<Dict>(),
                     Arguments{a.values + a.count, 0, a.keywords});
}
Value TypeCall(Machine& m, const Arguments& a) {
  const Value cls = Need(m, a, 0);
  return m.Construct(cls.As<Class>(), Arguments{a.values + 1, a.count - 1, a.keywords});
}
Value TypeInit(Machine& m, const Arguments& a) { return None(); }
Value TypeMro(Machine& m, const Arguments& a) {
  List* list = m.NewList();
  for (Class* c : a[0].As<Class>()->mro) list->items.Push(m.arena(), Obj(c));
  return Obj(list);
}
Value TypeSubclasses(Machine& m, const Arguments& a) {
  List* list = m.NewList();
  for (Class* c : a[0].As<Class>()->subclasses) list->items.Push(m.arena(), Obj(c));
  return Obj(list);
}
Value TypeInstancecheck(Machine& m, const Arguments& a) {
  return Bool(m.IsInstance(Need(m, a, 1), Need(m, a, 0).As<Class>()));
}
Value TypeSubclasscheck(Machine& m, const Arguments& a) {
  return Bool(Need(m, a, 1).Is(Form::kClass) &&
              Machine::IsSubclass(a[1].As<Class>(), Need(m, a, 0).As<Class>()));
}
Value ClassName(Machine& m, const Value& self) { return Obj(self.As<Class>()->name); }
void SetClassName(Machine& m, const Value& self, const Value& value) {
  if (value.Is(Form::kStr)) self.As<Class>()->name = value.As<Str>();
}
Value ClassQualname(Machine& m, const Value& self) { return Obj(self.As<Class>()->qualified_name); }
void SetClassQualname(Machine& m, const Value& self, const Value& value) {
  if (value.Is(Form::kStr)) self.As<Class>()->qualified_name = value.As<Str>();
}
Value ClassModule(Machine& m, const Value& self) {
  if (Value* own = m.LookUp(self.As<Class>(), m.names.module)) return *own;
  return self.As<Class>()->module_name;
}
void SetClassModule(Machine& m, const Value& self, const Value& value) {
  self.As<Class>()->module_name = value;
  m.Set_(self.As<Class>()->dict, m.names.module, value);
  m.ForgetLookups();
}
Value ClassBases(Machine& m, const Value& self) { return Obj(self.As<Class>()->bases); }
Value ClassMro(Machine& m, const Value& self) {
  std::vector<Value> list;
  for (Class* c : self.As<Class>()->mro) list.push_back(Obj(c));
  return Obj(m.NewTuple(list));
}
Value ClassDict(Machine& m, const Value& self) {
  Class* cls = self.As<Class>();
  if (cls->annotate != nullptr) m.AnnotationsOf(cls, false);
  return Obj(cls->dict);
}
Value ClassAnnotations(Machine& m, const Value& self) {
  Class* cls = self.As<Class>();
  if (Dict::Entry* own = m.Find(*cls->dict, m.names.annotations)) return own->value;
  return Obj(m.AnnotationsOf(cls, false));
}
void SetClassAnnotations(Machine& m, const Value& self, const Value& value) {
  m.Set_(self.As<Class>()->dict, m.names.annotations, value);
}
Value ClassDoc(Machine& m, const Value& self) {
  if (Dict::Entry* own = m.Find(*self.As<Class>()->dict, m.names.doc)) return own->value;
  return None();
}
void SetClassDoc(Machine& m, const Value& self, const Value& value) {
  m.Set_(self.As<Class>()->dict, m.names.doc, value);
}
Value TypeOr(Machine& m, const Arguments& a) { return m.not_implemented(); }

// --- numbers --------------------------------------------------------------------------------------

Value BoxInt(Machine& m, Class* cls, int64_t value) {
  if (cls == m.int_class) return Int(value);
  if (cls == m.bool_class) return Bool(value != 0);
  BoxedInt* boxed = m.New<BoxedInt>(cls, Form::kInt);
  boxed->integer = value;
  return Obj(boxed);
}
Value IntNew(Machine& m, const Arguments& a) {
  Class* cls = Need(m, a, 0).As<Class>();
  if (a.count < 2) return BoxInt(m, cls, 0);
  const Value v = m.Resolve(a[1]);
  if (v.Is(Form::kUnknown)) return v;
  int64_t i = 0;
  double d = 0;
  if (m.IsInteger(v, &i)) return BoxInt(m, cls, i);
  if (m.IsNumber(v, &d)) {
    if (std::isnan(d)) m.Raise("ValueError", "cannot convert float NaN to integer");
    if (std::isinf(d)) m.Raise("OverflowError", "cannot convert float infinity to integer");
    if (std::abs(d) > 9e18) return m.NewUnknown("an integer of more than 64 bits");
    return BoxInt(m, cls, static_cast<int64_t>(d));
  }
  if (v.Is(Form::kStr)) {
    std::string text(v.As<Str>()->view());
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t')) text.erase(0, 1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) text.pop_back();
    std::erase(text, '_');
    int base = 10;
    if (const Value* given = a.Get(2, "base")) base = static_cast<int>(m.Index(*given));
    size_t at = !text.empty() && text[0] == '+' ? 1 : 0;
    if (base == 16 && text.size() > at + 1 && text[at] == '0' && (text[at + 1] | 0x20) == 'x') at += 2;
    auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), i, base);
    if (error == std::errc::result_out_of_range) return m.NewUnknown("an integer of more than 64 bits");
    if (error != std::errc() || end != text.data() + text.size()) {
      m.Raise("ValueError", "invalid literal for int() with base " + std::to_string(base) + ": '" + text + "'");
    }
    return BoxInt(m, cls, i);
  }
  Value special;
  if (v.is_object() && (m.Special(v, m.names.int_, &special) || m.Special(v, m.names.index, &special))) {
    const Value result = m.Call(special);
    if (result.Is(Form::kUnknown)) return result;
    return BoxInt(m, cls, m.Index(result));
  }
  m.Raise("TypeError", "int() argument must be a string or a number, not '" + std::string(TypeNameOf(m, v)) + "'");
}
Value FloatNew(Machine& m, const Arguments& a) {
  Class* cls = Need(m, a, 0).As<Class>();
  double d = 0;
  if (a.count >= 2) {
    const Value v = m.Resolve(a[1]);
    if (v.Is(Form::kUnknown)) return v;
    if (m.IsNumber(v, &d)) {
    } else if (v.Is(Form::kStr)) {
      std::string text(v.As<Str>()->view());
      std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (text == "inf" || text == "infinity" || text == "+inf") d = INFINITY;
      else if (text == "-inf" || text == "-infinity") d = -INFINITY;
      else if (text == "nan") d = NAN;
      else {
        char* end = nullptr;
        d = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0') m.Raise("ValueError", "could not convert string to float: '" + text + "'");
      }
    } else {
      Value special;
      if (!v.is_object() || !m.Special(v, m.names.float_, &special)) {
        m.Raise("TypeError", "float() argument must be a string or a number, not '" + std::string(TypeNameOf(m, v)) + "'");
      }
      const Value result = m.Call(special);
      if (result.Is(Form::kUnknown)) return result;
      m.IsNumber(result, &d);
    }
  }
  if (cls == m.float_class) return Float(d);
  BoxedFloat* boxed = m.New<BoxedFloat>(cls, Form::kFloat);
  boxed->number = d;
  return Obj(boxed);
}
Value BoolNew(Machine& m, const Arguments& a) {
  return a.count < 2 ? Bool(false) : m.TruthValue(m.Resolve(a[1]));
}
Value FloatIsInteger(Machine& m, const Arguments& a) {
  double d = 0;
  m.IsNumber(a[0], &d);
  return Bool(d == std::floor(d) && !std::isinf(d));
}
Value IntBitLength(Machine& m, const Arguments& a) {
  int64_t i = 0;
  m.IsInteger(a[0], &i);
  uint64_t u = i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
  int bits = 0;
  while (u != 0) {
    ++bits;
    u >>= 1;
  }
  return Int(bits);
}
Value NumberSelf(Machine& m, const Value& self) { return self; }
Value ReturnSelf(Machine& m, const Arguments& a) { return a[0]; }

Value Abs(Machine& m, const Arguments& a) {
  const Value v = Need(m, a, 0);
  int64_t i = 0;
  double d = 0;
  if (v.Is(Form::kUnknown)) return v;
  if (m.IsInteger(v, &i)) return i == INT64_MIN ? m.NewUnknown("an integer of more than 64 bits") : Int(std::abs(i));
  if (m.IsNumber(v, &d)) return Float(std::abs(d));
  Value special;
  if (m.Special(v, m.names.abs, &special)) return m.Call(special);
  m.Raise("TypeError", "bad operand type for abs()");
}
Value Round(Machine& m, const Arguments& a) {
  const Value v = Need(m, a, 0);
  if (v.Is(Form::kUnknown)) return v;
  const Value* digits = a.Get(1, "ndigits");
  int64_t i = 0;
  double d = 0;
  if (m.IsInteger(v, &i) && (digits == nullptr || digits->none() || m.Index(*digits) >= 0)) return Int(i);
  if (!m.IsNumber(v, &d)) {
    Value special;
    if (m.Special(v, m.Intern("__round__"), &special)) return m.Call(special);
    m.Raise("TypeError", "type doesn't define __round__ method");
  }
  if (digits == nullptr || digits->none()) {
    if (std::isnan(d) || std::isinf(d) || std::abs(d) > 9e18) return m.NewUnknown("a rounded value");
    double r = std::round(d);
    if (std::abs(d - std::trunc(d)) == 0.5) r = 2.0 * std::round(d / 2.0);
    return Int(static_cast<int64_t>(r));
  }
  const int64_t n = m.Index(*digits);
  if (n < 0 || n > 15) return m.NewUnknown("a rounded value");
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", static_cast<int>(n), d);
  return Float(std::strtod(text, nullptr));
}
Value Pow(Machine& m, const Arguments& a) {
  if (a.count > 2) return m.NewUnknown("pow() with a modulus");
  return m.Binary(POp::kPower, Need(m, a, 0), Need(m, a, 1));
}
Value Divmod(Machine& m, const Arguments& a) {
  const Value pair[] = {m.Binary(POp::kFloorDivide, Need(m, a, 0), Need(m, a, 1)),
                        m.Binary(POp::kModulo, a[0], a[1])};
  return Obj(m.NewTuple(pair));
}
Value Sum(Machine& m, const Arguments& a) {
  Value total = Int(0);
  if (const Value* start = a.Get(1, "start")) total = *start;
  m.ForEach(Need(m, a, 0), [&](const Value& v) { total = m.Binary(POp::kAdd, total, v); });
  return total;
}
Value Extreme(Machine& m, const Arguments& a, POp op) {
  const std::vector<Value> items = a.count == 1 ? m.Items(a[0]) : std::vector<Value>(a.values, a.values + a.count);
  const Value* key = a.Keyword("key");
  if (items.empty()) {
    if (const Value* fallback = a.Keyword("default")) return *fallback;
    m.Raise("ValueError", "max() arg is an empty sequence");
  }
  Value best = items[0];
  Value best_key = key != nullptr && !key->none() ? m.Call(*key, {best}) : best;
  for (size_t i = 1; i < items.size(); ++i) {
    const Value k = key != nullptr && !key->none() ? m.Call(*key, {items[i]}) : items[i];
    const Value better = m.TruthValue(m.Compare(op, k, best_key));
    if (!better.is_bool()) return better;
    if (better.integer != 0) {
      best = items[i];
      best_key = k;
    }
  }
  return best;
}
Value Max(Machine& m, const Arguments& a) { return Extreme(m, a, POp::kGreater); }
Value Min(Machine& m, const Arguments& a) { return Extreme(m, a, POp::kLess); }

// --- iteration ------------------------------------------------------------------------------------

Value RangeNew(Machine& m, const Arguments& a) {
  Range* range = m.New<Range>(m.range_class, Form::kRange);
  for (size_t i = 1; i < a.count; ++i) {
    if (a[i].is_float()) m.Raise("TypeError", "'float' object cannot be interpreted as an integer");
  }
  if (a.count == 2) {
    range->stop = m.Index(a[1]);
  } else {
    range->start = m.Index(Need(m, a, 1));
    range->stop = m.Index(Need(m, a, 2));
    if (a.count > 3) range->step = m.Index(a[3]);
  }
  if (range->step == 0) m.Raise("ValueError", "range() arg 3 must not be zero");
  constexpr int64_t kFar = int64_t{1} << 60;
  if (std::abs(range->start) > kFar || std::abs(range->stop) > kFar || std::abs(range->step) > kFar) {
    throw LimitReached{"steps"};
  }
  return Obj(range);
}
Value EnumerateNext(Machine& m, Iterator* it) {
  const Value item = m.Next(it->source);
  if (item.null()) return item;
  const Value pair[] = {Int(it->position++), item};
  return Obj(m.NewTuple(pair));
}
Value Enumerate(Machine& m, const Arguments& a) {
  const Value it = m.NewIterator(EnumerateNext, m.Iterate(Need(m, a, 0)));
  if (const Value* start = a.Get(1, "start")) it.As<Iterator>()->position = m.Index(*start);
  return it;
}
Value ZipNext(Machine& m, Iterator* it) {
  const Tuple* sources = it->source.As<Tuple>();
  if (sources->size == 0) return Value();
  Tuple* row = m.NewTuple(sources->size);
  for (uint32_t i = 0; i < sources->size; ++i) {
    row->data[i] = m.Next(sources->data[i]);
    if (row->data[i].null()) {
      if (it->limit != 0) {
        if (i != 0) m.Raise("ValueError", "zip() arguments have different lengths");
        for (uint32_t j = 1; j < sources->size; ++j) {
          if (!m.Next(sources->data[j]).null()) m.Raise("ValueError", "zip() arguments have different lengths");
        }
      }
      return Value();
    }
  }
  return Obj(row);
}
Value Zip(Machine& m, const Arguments& a) {
  Tuple* sources = m.NewTuple(a.count);
  for (uint32_t i = 0; i < a.count; ++i) sources->data[i] = m.Iterate(a[i]);
  const Value* strict = a.Keyword("strict");
  return m.NewIterator(ZipNext, Obj(sources), strict != nullptr && m.Truth(*strict) ? 1 : 0);
}
Value MapNext(Machine& m, Iterator* it) {
  const Tuple* sources = it->source.As<Tuple>();
  std::vector<Value> row(sources->size);
  for (uint32_t i = 0; i < sources->size; ++i) {
    row[i] = m.Next(sources->data[i]);
    if (row[i].null()) return Value();
  }
  return m.Call(it->extra, Arguments{row.data(), sources->size, {}});
}
Value Map(Machine& m, const Arguments& a) {
  Need(m, a, 1);
  Tuple* sources = m.NewTuple(a.count - 1);
  for (uint32_t i = 1; i < a.count; ++i) sources->data[i - 1] = m.Iterate(a[i]);
  return m.NewIterator(MapNext, Obj(sources), 0, a[0]);
}
Value FilterNext(Machine& m, Iterator* it) {
  for (;;) {
    const Value item = m.Next(it->source);
    if (item.null()) return item;
    if (m.Truth(it->extra.none() ? item : m.Call(it->extra, {item}))) return item;
  }
}
Value Filter(Machine& m, const Arguments& a) {
  return m.NewIterator(FilterNext, m.Iterate(Need(m, a, 1)), 0, a[0]);
}
Value ListNext(Machine& m, Iterator* it) {
  const List* list = it->source.As<List>();
  return it->position < list->items.size ? list->items[static_cast<size_t>(it->position++)] : Value();
}
Value Reversed(Machine& m, const Arguments& a) {
  const Value v = m.Resolve(Need(m, a, 0));
  Value special;
  if (v.is_object() && m.Special(v, m.names.reversed, &special)) return m.Call(special);
  std::vector<Value> items = m.Items(v);
  std::reverse(items.begin(), items.end());
  return m.NewIterator(ListNext, Obj(m.NewList(items)));
}
Value CallIterNext(Machine& m, Iterator* it) {
  const Value v = m.Call(it->source);
  return m.Equal(v, it->extra) ? Value() : v;
}
Value Iter(Machine& m, const Arguments& a) {
  if (a.count > 1) return m.NewIterator(CallIterNext, a[0], 0, a[1]);
  return m.Iterate(Need(m, a, 0));
}
Value NextBuiltin(Machine& m, const Arguments& a) {
  const Value v = m.Next(Need(m, a, 0));
  if (!v.null()) return v;
  if (a.count > 1) return a[1];
  m.Raise("StopIteration", "");
}
Value IteratorNext(Machine& m, const Arguments& a) {
  const Value v = m.Next(a[0]);
  if (v.null()) m.Raise("StopIteration", "");
  return v;
}
Value GeneratorSend(Machine& m, const Arguments& a) {
  const Value v = m.Resume(a[0].As<Generator>(), Need(m, a, 1), nullptr);
  if (v.null()) m.Raise("StopIteration", "");
  return v;
}
Value GeneratorThrow(Machine& m, const Arguments& a) {
  Value exception = Need(m, a, 1);
  if (exception.Is(Form::kClass)) exception = a.count > 2 && !a[2].none() ? a[2] : m.Call(exception);
  const Value v = m.Resume(a[0].As<Generator>(), None(), &exception);
  if (v.null()) m.Raise("StopIteration", "");
  return v;
}
Value GeneratorClose(Machine& m, const Arguments& a) {
  a[0].As<Generator>()->done = true;
  return None();
}
Value All(Machine& m, const Arguments& a) {
  const Value it = m.Iterate(Need(m, a, 0));
  for (Value v = m.Next(it); !v.null(); v = m.Next(it)) {
    if (!m.Truth(v)) return Bool(false);
  }
  return Bool(true);
}
Value Any(Machine& m, const Arguments& a) {
  const Value it = m.Iterate(Need(m, a, 0));
  for (Value v = m.Next(it); !v.null(); v = m.Next(it)) {
    if (m.Truth(v)) return Bool(true);
  }
  return Bool(false);
}
Value Len(Machine& m, const Arguments& a) { return m.Length(Need(m, a, 0)); }

}  // namespace

// Sorts by Python's `<`, stable.
void SortValues(Machine& m, std::vector<Value>* items, const Value* key, bool reverse) {
  std::vector<std::pair<Value, Value>> keyed;
  for (const Value& item : *items) {
    keyed.emplace_back(key != nullptr && !key->none() ? m.Call(*key, {item}) : item, item);
  }
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& x, const auto& y) {
    return m.Truth(m.Less(x.first, y.first));
  });
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  for (size_t i = 0; i < keyed.size(); ++i) (*items)[i] = keyed[i].second;
}

namespace {

Value Sorted(Machine& m, const Arguments& a) {
  std::vector<Value> items = m.Items(Need(m, a, 0));
  const Value* reverse = a.Keyword("reverse");
  SortValues(m, &items, a.Keyword("key"), reverse != nullptr && m.Truth(*reverse));
  return Obj(m.NewList(items));
}

// --- attributes -----------------------------------------------------------------------------------

Str* NameArgument(Machine& m, const Arguments& a) {
  const Value name = Need(m, a, 1);
  if (name.Is(Form::kUnknown)) throw Open{name.As<Unknown>()};
  if (!name.Is(Form::kStr)) m.Raise("TypeError", "attribute name must be string");
  return m.Intern(name.As<Str>());
}
Value Getattr(Machine& m, const Arguments& a) {
  Value out;
  Str* name = NameArgument(m, a);
  if (a.count > 2) return m.FindAttribute(a[0], name, &out) ? out : a[2];
  return m.GetAttribute(a[0], name);
}
Value Hasattr(Machine& m, const Arguments& a) {
  Value out;
  Str* name = NameArgument(m, a);
  if (a[0].Is(Form::kUnknown)) return a[0];
  return Bool(m.FindAttribute(a[0], name, &out));
}
Value Setattr(Machine& m, const Arguments& a) {
  m.SetAttribute(a[0], NameArgument(m, a), Need(m, a, 2));
  return None();
}
Value Delattr(Machine& m, const Arguments& a) {
  m.DeleteAttribute(a[0], NameArgument(m, a));
  return None();
}
Value Isinstance(Machine& m, const Arguments& a) { return m.IsInstanceOf(m.Resolve(Need(m, a, 0)), Need(m, a, 1)); }
Value Issubclass(Machine& m, const Arguments& a) { return m.IsSubclassOf(m.Resolve(Need(m, a, 0)), Need(m, a, 1)); }
Value Callable(Machine& m, const Arguments& a) {
  const Value v = m.Resolve(Need(m, a, 0));
  if (v.Is(Form::kUnknown)) return v;
  if (!v.is_object()) return Bool(false);
  switch (v.object->form) {
    case Form::kFunction:
    case Form::kNative:
    case Form::kMethod:
    case Form::kClass:
    case Form::kStaticMethod:
      return Bool(true);
    default:
      return Bool(m.LookUp(v.object->type, m.names.call) != nullptr);
  }
}
Value Id(Machine& m, const Arguments& a) {
  const Value v = Need(m, a, 0);
  return Int(v.is_object() ? static_cast<int64_t>(reinterpret_cast<uintptr_t>(v.object)) : v.integer * 32 + 8);
}
Value HashBuiltin(Machine& m, const Arguments& a) {
  return Int(static_cast<int64_t>(m.Hash(Need(m, a, 0)) >> 2));
}
Value Vars(Machine& m, const Arguments& a) {
  if (a.count == 0) return Obj(m.frame()->globals);
  return m.GetAttribute(a[0], m.names.dict);
}
Value Globals(Machine& m, const Arguments& a) { return Obj(m.frame()->globals); }
Value Locals(Machine& m, const Arguments& a) {
  Frame* f = m.frame();
  if (f->names != nullptr) return Obj(f->names);
  Dict* dict = m.NewDict();
  for (uint32_t i = 0; i < f->code->slot_names.size(); ++i) {
    if (f->code->slot_names[i] == nullptr || f->slots[i].null()) continue;
    Value v = f->slots[i];
    if (v.Is(Form::kCell)) v = v.As<Cell>()->value;
    if (!v.null()) m.Set_(dict, f->code->slot_names[i], v);
  }
  return Obj(dict);
}
Value Dir(Machine& m, const Arguments& a) {
  const Value v = m.Resolve(Need(m, a, 0));
  Value* hook = v.is_object() && !v.Is(Form::kClass) ? m.LookUp(v.object->type, "__dir__") : nullptr;
  if (hook != nullptr && hook->Is(Form::kFunction)) return m.Call(*hook, {v});
  return ObjectDir(m, a);
}
Value ReprBuiltin(Machine& m, const Arguments& a) {
  auto text = m.ToRepr(Need(m, a, 0));
  return text ? m.String(*text) : m.NewUnknown("a text with an unknown part");
}
Value FormatBuiltin(Machine& m, const Arguments& a) {
  return m.Format(Need(m, a, 0), 0, a.count > 1 ? &a[1] : nullptr);
}
Value Print(Machine& m, const Arguments& a) { return None(); }
Value Chr(Machine& m, const Arguments& a) {
  std::string out;
  const int64_t code = m.Index(Need(m, a, 0));
  if (code < 0 || code > 0x10ffff) m.Raise("ValueError", "chr() arg not in range(0x110000)");
  AppendUtf8(static_cast<char32_t>(code), &out);
  return m.String(out);
}
Value Ord(Machine& m, const Arguments& a) {
  const Value v = Need(m, a, 0);
  if (!v.Is(Form::kStr) || v.As<Str>()->size == 0) m.Raise("TypeError", "ord() expected a character");
  size_t length = 0;
  return Int(static_cast<int64_t>(DecodeUtf8(v.As<Str>()->view(), &length)));
}
Value Hex(Machine& m, const Arguments& a) {
  char text[40];
  const int64_t i = m.Index(Need(m, a, 0));
  std::snprintf(text, sizeof text, "%s0x%llx", i < 0 ? "-" : "", static_cast<unsigned long long>(std::abs(i)));
  return m.String(text);
}
Value ImportBuiltin(Machine& m, const Arguments& a) {
  const Value name = Need(m, a, 0);
  if (!name.Is(Form::kStr)) return m.NewUnknown("an import");
  return Obj(m.Import(name.As<Str>()));
}
Value SuperNew(Machine& m, const Arguments& a) {
  Super* super = m.New<Super>(m.super_class, Form::kSuper);
  if (a.count >= 3) {
    if (!a[1].Is(Form::kClass)) m.Raise("TypeError", "super() argument 1 must be a type");
    super->after = a[1].As<Class>();
    super->self = a[2];
  } else {
    Frame* f = m.frame();
    if (f == nullptr || f->code->parameters() == 0) m.Raise("RuntimeError", "super(): no arguments");
    for (size_t i = 0; i < f->code->frees.size(); ++i) {
      if (f->code->frees[i] != "__class__") continue;
      const Value cell = f->slots[f->code->first_free + i];
      if (cell.Is(Form::kCell) && cell.As<Cell>()->value.Is(Form::kClass)) {
        super->after = cell.As<Cell>()->value.As<Class>();
      }
    }
    if (super->after == nullptr) m.Raise("RuntimeError", "super(): __class__ cell not found");
    super->self = f->slots[0];
    if (f->code->positional == 0 && f->code->star) {
      const Tuple* rest = super->self.As<Tuple>();
      if (rest->size == 0) m.Raise("RuntimeError", "super(): no arguments");
      super->self = rest->data[0];
    }
    if (super->self.Is(Form::kCell)) super->self = super->self.As<Cell>()->value;
  }
  if (super->self.Is(Form::kClass) && Machine::IsSubclass(super->self.As<Class>(), super->after)) {
    super->self_type = super->self.As<Class>();
  } else {
    super->self_type = m.ClassOf(super->self);
    if (!Machine::IsSubclass(super->self_type, super->after)) {
      m.Raise("TypeError", "super(type, obj): obj must be an instance or subtype of type");
    }
  }
  return Obj(super);
}

// --- descriptors ----------------------------------------------------------------------------------

Value PropertyInit(Machine& m, const Arguments& a) {
  Property* p = Need(m, a, 0).As<Property>();
  auto take = [&](size_t i, std::string_view name) {
    const Value* v = a.Get(i, name);
    return v == nullptr ? None() : *v;
  };
  p->get = take(1, "fget");
  p->set = take(2, "fset");
  p->remove = take(3, "fdel");
  p->doc = take(4, "doc");
  return None();
}
Value PropertyWith(Machine& m, const Arguments& a, int which) {
  const Property* from = a[0].As<Property>();
  Property* p = m.New<Property>(from->type, Form::kProperty);
  p->get = which == 0 ? Need(m, a, 1) : from->get;
  p->set = which == 1 ? Need(m, a, 1) : from->set;
  p->remove = which == 2 ? Need(m, a, 1) : from->remove;
  p->doc = from->doc;
  return Obj(p);
}
Value PropertyGetter(Machine& m, const Arguments& a) { return PropertyWith(m, a, 0); }
Value PropertySetter(Machine& m, const Arguments& a) { return PropertyWith(m, a, 1); }
Value PropertyDeleter(Machine& m, const Arguments& a) { return PropertyWith(m, a, 2); }
Value PropertyFget(Machine& m, const Value& self) { return self.As<Property>()->get; }
Value PropertyFset(Machine& m, const Value& self) { return self.As<Property>()->set; }
Value PropertyGet(Machine& m, const Arguments& a) {
  if (Need(m, a, 1).none()) return a[0];
  return m.Call(a[0].As<Property>()->get, {a[1]});
}
Value PropertySetMethod(Machine& m, const Arguments& a) {
  if (a[0].As<Property>()->set.none()) m.Raise("AttributeError", "property has no setter");
  return m.Call(a[0].As<Property>()->set, {Need(m, a, 1), Need(m, a, 2)});
}
Value StaticNew(Machine& m, const Arguments& a) {
  Wrapped* w = m.New<Wrapped>(Need(m, a, 0).As<Class>(), Form::kStaticMethod);
  w->function = Need(m, a, 1);
  return Obj(w);
}
Value ClassMethodNew(Machine& m, const Arguments& a) {
  Wrapped* w = m.New<Wrapped>(Need(m, a, 0).As<Class>(), Form::kClassMethod);
  w->function = Need(m, a, 1);
  return Obj(w);
}
Value WrappedFunc(Machine& m, const Value& self) { return self.As<Wrapped>()->function; }

Value FunctionName(Machine& m, const Value& self) { return Obj(self.As<Function>()->name); }
void SetFunctionName(Machine& m, const Value& self, const Value& v) {
  if (v.Is(Form::kStr)) self.As<Function>()->name = v.As<Str>();
}
Value FunctionQualname(Machine& m, const Value& self) { return Obj(self.As<Function>()->qualified_name); }
void SetFunctionQualname(Machine& m, const Value& self, const Value& v) {
  if (v.Is(Form::kStr)) self.As<Function>()->qualified_name = v.As<Str>();
}
Value FunctionModule(Machine& m, const Value& self) {
  if (self.object->attributes != nullptr) {
    if (Dict::Entry* own = m.Find(*self.object->attributes, m.names.module)) return own->value;
  }
  if (Value* name = m.Get(*self.As<Function>()->globals, "__name__")) return *name;
  return None();
}
void SetInAttributes(Machine& m, const Value& self, std::string_view name, const Value& v) {
  if (self.object->attributes == nullptr) self.object->attributes = m.NewDict();
  m.Set_(self.object->attributes, name, v);
}
void SetFunctionModule(Machine& m, const Value& self, const Value& v) { SetInAttributes(m, self, "__module__", v); }
Value FunctionDoc(Machine& m, const Value& self) {
  if (self.object->attributes != nullptr) {
    if (Dict::Entry* own = m.Find(*self.object->attributes, m.names.doc)) return own->value;
  }
  const Code* code = self.As<Function>()->code;
  const Node* body = code->node->Child(python::Field::kBody);
  if (code->of != Code::Of::kFunction || body == nullptr || body->children.empty()) return None();
  const Node& first = *body->children[0];
  if (first.kind != python::Kind::kExpressionStatement || first.children.empty()) return None();
  const Node& e = *first.children[0];
  if (e.kind != python::Kind::kString && e.kind != python::Kind::kConcatenatedString) return None();
  auto text = LiteralText(code->file->source->text(), e);
  return text ? m.String(*text) : None();
}
void SetFunctionDoc(Machine& m, const Value& self, const Value& v) { SetInAttributes(m, self, "__doc__", v); }
Value FunctionDefaults(Machine& m, const Value& self) {
  return self.As<Function>()->defaults == nullptr ? None() : Obj(self.As<Function>()->defaults);
}
void SetFunctionDefaults(Machine& m, const Value& self, const Value& v) {
  self.As<Function>()->defaults = v.Is(Form::kTuple) ? v.As<Tuple>() : nullptr;
}
Value FunctionKwdefaults(Machine& m, const Value& self) {
  return self.As<Function>()->keyword_defaults == nullptr ? None() : Obj(self.As<Function>()->keyword_defaults);
}
void SetFunctionKwdefaults(Machine& m, const Value& self, const Value& v) {
  self.As<Function>()->keyword_defaults = v.Is(Form::kDict) ? v.As<Dict>() : nullptr;
}
Value FunctionGlobals(Machine& m, const Value& self) { return Obj(self.As<Function>()->globals); }
// What the annotation of a parameter is, where it is made of names of the module; null if it is not.
Value EvaluateAnnotation(Machine& m, const Function& function, const Node& raw) {
  const Node& node = raw.kind == python::Kind::kParenthesizedExpression ? *raw.children[0] : raw;
  const std::string_view source = function.code->file->source->text();
  const auto text = [&](const Node& n) { return source.substr(n.begin, n.end - n.begin); };
  switch (node.kind) {
    case python::Kind::kNone:
      return None();
    case python::Kind::kIdentifier: {
      Value found;
      Str* name = m.Intern(text(node));
      Module* module = m.FindModule(m.Intern(function.code->file->name));
      if (module != nullptr && m.FindInModule(module, name, &found)) return found;
      if (Dict::Entry* entry = m.Find(*m.builtins, name)) return entry->value;
      return Value();
    }
    case python::Kind::kAttribute: {
      const Value object = EvaluateAnnotation(m, function, *node.Child(python::Field::kObject));
      return object.null() ? object : m.GetAttribute(object, text(*node.Child(python::Field::kAttribute)));
    }
    case python::Kind::kSubscript: {
      const Value object = EvaluateAnnotation(m, function, *node.Child(python::Field::kValue));
      const Value index = EvaluateAnnotation(m, function, *node.Child(python::Field::kSubscript));
      return object.null() || index.null() ? Value() : m.GetIndex(object, index);
    }
    case python::Kind::kBinaryOperator: {
      if (node.op != python::Op::kBitOr) return Value();
      const Value left = EvaluateAnnotation(m, function, *node.Child(python::Field::kLeft));
      const Value right = EvaluateAnnotation(m, function, *node.Child(python::Field::kRight));
      return left.null() || right.null() ? Value() : m.Binary(node.op, left, right);
    }
    case python::Kind::kString: {
      std::string_view quoted = text(node);
      if (quoted.size() < 2 || (quoted[0] != '"' && quoted[0] != '\'') || quoted.find('\\') != quoted.npos ||
          quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) {
        return Value();
      }
      return m.String(quoted.substr(1, quoted.size() - 2));
    }
    default:
      return Value();
  }
}

Value FunctionAnnotations(Machine& m, const Value& self) {
  if (self.object->attributes != nullptr) {
    if (Dict::Entry* own = m.Find(*self.object->attributes, m.names.annotations)) return own->value;
  }
  // They are evaluated for whoever asks, which is seldom. A name of an enclosing function is not
  // looked up.
  const Function& function = *self.As<Function>();
  const std::string_view source = function.code->file->source->text();
  const bool local = function.code->qualified_name->view().find("<locals>") != std::string_view::npos;
  Dict* dict = m.NewDict();
  const Node* parameters = function.code->node->Child(python::Field::kParameters);
  if (parameters != nullptr) {
    for (const Node* p : parameters->children) {
      const Node* type = p->Child(python::Field::kType);
      const Node* name = p->Child(python::Field::kName);
      if (type == nullptr || name == nullptr) continue;
      Value value;
      if (function.code->file->future_annotations) {
        value = m.String(source.substr(type->begin, type->end - type->begin));
      } else if (!local) {
        try {
          value = EvaluateAnnotation(m, function, *type);
        } catch (const Raised&) {
          value = Value();
        } catch (const Open&) {
          value = Value();
        }
      }
      if (value.null()) value = m.NewUnknown("the annotation of a parameter");
      m.Set_(dict, source.substr(name->begin, name->end - name->begin), value);
    }
  }
  return Obj(dict);
}
void SetFunctionAnnotations(Machine& m, const Value& self, const Value& v) { SetInAttributes(m, self, "__annotations__", v); }
Value FunctionGet(Machine& m, const Arguments& a) {
  return Need(m, a, 1).none() ? a[0] : m.Bind(a[1], a[0]);
}
// (positional-only, positional, keyword-only, has *, has **, names, defaults)
Value FunctionSignature(Machine& m, const Value& self) {
  Value function = self;
  const Code* code = function.As<Function>()->code;
  Function* f = function.As<Function>();
  if (!f->code->compiled) Compile(m, f->code);
  List* list = m.NewList();
  const size_t defaults = f->defaults == nullptr ? 0 : f->defaults->size;
  auto add = [&](size_t slot, std::string_view kind, const Value& fallback) {
    const Value row[] = {Obj(code->slot_names[slot]), m.String(kind), fallback.null() ? Bool(false) : Bool(true),
                         fallback.null() ? None() : fallback};
    list->items.Push(m.arena(), Obj(m.NewTuple(row)));
  };
  for (size_t i = 0; i < code->positional; ++i) {
    add(i, i < code->positional_only ? "POSITIONAL_ONLY" : "POSITIONAL_OR_KEYWORD",
        i + defaults >= code->positional ? f->defaults->data[i + defaults - code->positional] : Value());
  }
  if (code->star) add(code->positional, "VAR_POSITIONAL", Value());
  for (size_t i = 0; i < code->keyword_only; ++i) {
    const size_t slot = code->positional + (code->star ? 1 : 0) + i;
    Dict::Entry* e = f->keyword_defaults == nullptr ? nullptr : m.Find(*f->keyword_defaults, code->slot_names[slot]);
    add(slot, "KEYWORD_ONLY", e == nullptr ? Value() : e->value);
  }
  if (code->double_star) add(code->parameters() - 1, "VAR_KEYWORD", Value());
  return Obj(list);
}
Value MethodFunc(Machine& m, const Value& self) { return self.As<Method>()->function; }
Value MethodSelf(Machine& m, const Value& self) { return self.As<Method>()->self; }
Value MethodGetattr(Machine& m, const Arguments& a) {
  Value out;
  return m.FindAttribute(a[0].As<Method>()->function, m.Intern(a[1].As<Str>()), &out) ? out : Value();
}
Value NativeName(Machine& m, const Value& self) { return Obj(self.As<Native>()->name); }
Value ModuleDict(Machine& m, const Value& self) {
  m.Evaluate(self.As<Module>());
  return Obj(self.As<Module>()->dict);
}
Value ModuleNew(Machine& m, const Arguments& a) {
  Module* module = m.New<Module>(Need(m, a, 0).As<Class>(), Form::kModule);
  module->dict = m.NewDict();
  module->name = a.count > 1 && a[1].Is(Form::kStr) ? m.Intern(a[1].As<Str>()) : m.Intern("module");
  module->state = Module::State::kDone;
  return Obj(module);
}
Value SliceNew(Machine& m, const Arguments& a) {
  Slice* s = m.New<Slice>(m.slice_class, Form::kSlice);
  s->start = s->stop = s->step = None();
  if (a.count == 2) {
    s->stop = a[1];
  } else {
    s->start = Need(m, a, 1);
    s->stop = Need(m, a, 2);
    if (a.count > 3) s->step = a[3];
  }
  return Obj(s);
}
Value SliceStart(Machine& m, const Value& self) { return self.As<Slice>()->start; }
Value SliceStop(Machine& m, const Value& self) { return self.As<Slice>()->stop; }
Value SliceStep(Machine& m, const Value& self) { return self.As<Slice>()->step; }
Value CellContents(Machine& m, const Value& self) { return self.As<Cell>()->value; }

// --- exceptions -----------------------------------------------------------------------------------

Value ExceptionNew(Machine& m, const Arguments& a) {
  Object* e = m.New<Object>(Need(m, a, 0).As<Class>(), Form::kInstance);
  e->attributes = m.NewDict();
  m.Set_(e->attributes, m.names.args, Obj(m.NewTuple(std::span(a.values + 1, a.count - 1))));
  return Obj(e);
}
Value ExceptionInit(Machine& m, const Arguments& a) {
  if (a[0].object->attributes == nullptr) a[0].object->attributes = m.NewDict();
  m.Set_(a[0].object->attributes, m.names.args, Obj(m.NewTuple(std::span(a.values + 1, a.count - 1))));
  return None();
}
Value ExceptionWith(Machine& m, const Arguments& a) { return a[0]; }
Value ExceptionStr(Machine& m, const Arguments& a) {
  Value args;
  if (!m.GenericFind(a[0], m.names.args, &args) || !args.Is(Form::kTuple) || args.As<Tuple>()->size == 0) {
    return m.String("");
  }
  auto text = args.As<Tuple>()->size == 1 ? m.ToStr(args.As<Tuple>()->data[0]) : m.ToRepr(args);
  return text ? m.String(*text) : m.NewUnknown("a text with an unknown part");
}

// --- generic aliases ------------------------------------------------------------------------------

Value AliasCall(Machine& m, const Arguments& a) {
  return m.Call(m.GetAttribute(a[0], "__origin__"), Arguments{a.values + 1, a.count - 1, a.keywords});
}
Value AliasEntries(Machine& m, const Arguments& a) {
  const Value origin = m.GetAttribute(a[0], "__origin__");
  return Obj(m.NewTuple(std::span(&origin, 1)));
}
Value AliasGetattr(Machine& m, const Arguments& a) {
  const std::string_view name = a[1].As<Str>()->view();
  if (name == "__origin__" || name == "__args__") return Value();
  Value out;
  return m.FindAttribute(m.GetAttribute(a[0], "__origin__"), m.Intern(a[1].As<Str>()), &out) ? out : Value();
}
Value AliasEq(Machine& m, const Arguments& a) {
  if (!Need(m, a, 1).is_object() || a[1].object->type != a[0].object->type) return m.not_implemented();
  return m.Compare(POp::kEqual, m.GetAttribute(a[0], "__args__"), m.GetAttribute(a[1], "__args__"));
}

struct ExceptionRow {
  const char* name;
  const char* base;
};
constexpr ExceptionRow kExceptions[] = {
    {"BaseException", nullptr}, {"Exception", "BaseException"}, {"SystemExit", "BaseException"},
    {"KeyboardInterrupt", "BaseException"}, {"GeneratorExit", "BaseException"},
    {"ArithmeticError", "Exception"}, {"OverflowError", "ArithmeticError"},
    {"ZeroDivisionError", "ArithmeticError"}, {"FloatingPointError", "ArithmeticError"},
    {"AssertionError", "Exception"}, {"AttributeError", "Exception"}, {"BufferError", "Exception"},
    {"EOFError", "Exception"}, {"ImportError", "Exception"}, {"ModuleNotFoundError", "ImportError"},
    {"LookupError", "Exception"}, {"IndexError", "LookupError"}, {"KeyError", "LookupError"},
    {"MemoryError", "Exception"}, {"NameError", "Exception"}, {"UnboundLocalError", "NameError"},
    {"OSError", "Exception"}, {"FileNotFoundError", "OSError"}, {"FileExistsError", "OSError"},
    {"PermissionError", "OSError"}, {"TimeoutError", "OSError"}, {"ConnectionError", "OSError"},
    {"IsADirectoryError", "OSError"}, {"NotADirectoryError", "OSError"},
    {"ReferenceError", "Exception"}, {"RuntimeError", "Exception"},
    {"NotImplementedError", "RuntimeError"}, {"RecursionError", "RuntimeError"},
    {"StopIteration", "Exception"}, {"StopAsyncIteration", "Exception"}, {"SyntaxError", "Exception"},
    {"SystemError", "Exception"}, {"TypeError", "Exception"}, {"ValueError", "Exception"},
    {"UnicodeError", "ValueError"}, {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"}, {"Warning", "Exception"},
    {"DeprecationWarning", "Warning"}, {"FutureWarning", "Warning"}, {"UserWarning", "Warning"},
    {"RuntimeWarning", "Warning"}, {"PendingDeprecationWarning", "Warning"},
    {"SyntaxWarning", "Warning"}, {"ImportWarning", "Warning"}, {"ResourceWarning", "Warning"},
    {"BytesWarning", "Warning"}, {"UnicodeWarning", "Warning"},
};

}  // namespace

void Machine::SetUpBuiltins() {
  // The classes that everything has, before there is a name for anything.
  type_class = nullptr;
  object_class = nullptr;
  str_class = tuple_class = list_class = dict_class = set_class = frozenset_class = nullptr;
  native_class = function_class = method_class = nullptr;
  names = {};
  // Until its class exists, a str has none; all are given one below.
  auto init_names = [&] {
    struct Row {
      Str** to;
      const char* text;
    };
    const Row rows[] = {
        {&names.init, "__init__"}, {&names.new_, "__new__"}, {&names.call, "__call__"},
        {&names.getattribute, "__getattribute__"}, {&names.getattr, "__getattr__"},
        {&names.setattr, "__setattr__"}, {&names.delattr, "__delattr__"}, {&names.get, "__get__"},
        {&names.set, "__set__"}, {&names.delete_, "__delete__"}, {&names.set_name, "__set_name__"},
        {&names.init_subclass, "__init_subclass__"}, {&names.class_getitem, "__class_getitem__"},
        {&names.len, "__len__"}, {&names.bool_, "__bool__"}, {&names.iter, "__iter__"},
        {&names.next, "__next__"}, {&names.getitem, "__getitem__"}, {&names.setitem, "__setitem__"},
        {&names.delitem, "__delitem__"}, {&names.contains, "__contains__"}, {&names.eq, "__eq__"},
        {&names.ne, "__ne__"}, {&names.lt, "__lt__"}, {&names.le, "__le__"}, {&names.gt, "__gt__"},
        {&names.ge, "__ge__"}, {&names.hash, "__hash__"}, {&names.str, "__str__"},
        {&names.repr, "__repr__"}, {&names.format, "__format__"}, {&names.enter, "__enter__"},
        {&names.exit, "__exit__"}, {&names.index, "__index__"}, {&names.int_, "__int__"},
        {&names.float_, "__float__"}, {&names.class_, "__class__"}, {&names.dict, "__dict__"},
        {&names.name, "__name__"}, {&names.qualname, "__qualname__"}, {&names.module, "__module__"},
        {&names.doc, "__doc__"}, {&names.bases, "__bases__"}, {&names.mro, "__mro__"},
        {&names.mro_entries, "__mro_entries__"}, {&names.instancecheck, "__instancecheck__"},
        {&names.subclasscheck, "__subclasscheck__"}, {&names.annotations, "__annotations__"},
        {&names.annotate, "__annotate__"}, {&names.args, "args"}, {&names.missing, "__missing__"},
        {&names.copy, "__copy__"}, {&names.deepcopy, "__deepcopy__"}, {&names.file, "__file__"},
        {&names.all, "__all__"}, {&names.path, "__path__"}, {&names.neg, "__neg__"},
        {&names.pos, "__pos__"}, {&names.abs, "__abs__"}, {&names.invert, "__invert__"},
        {&names.prepare, "__prepare__"}, {&names.wrapped, "__wrapped__"},
        {&names.defaults, "__defaults__"}, {&names.kwdefaults, "__kwdefaults__"},
        {&names.code, "__code__"}, {&names.globals, "__globals__"}, {&names.builtins, "__builtins__"},
        {&names.package, "__package__"}, {&names.func, "__func__"}, {&names.self_, "__self__"},
        {&names.subclasses, "__subclasses__"}, {&names.get_, "get"},
        {&names.reversed, "__reversed__"}, {&names.main, "__main__"}, {&names.bool_name, "bool"}};
    for (const Row& row : rows) *row.to = Intern(row.text);
    const char* binary[] = {"add", "sub", "mul", "truediv", "floordiv", "mod", "matmul", "and", "or", "xor", "lshift", "rshift", "pow"};
    for (size_t i = 0; i < std::size(binary); ++i) {
      names.binary[i] = Intern(std::string("__") + binary[i] + "__");
      names.reflected[i] = Intern(std::string("__r") + binary[i] + "__");
      names.in_place[i] = Intern(std::string("__i") + binary[i] + "__");
    }
  };
  init_names();
  auto bare = [&](std::string_view name) {
    Class* cls = New<Class>(nullptr, Form::kClass);
    cls->name = Intern(name);
    cls->qualified_name = cls->name;
    cls->native = true;
    return cls;
  };
  type_class = bare("type");
  object_class = bare("object");
  str_class = bare("str");
  tuple_class = bare("tuple");
  dict_class = bare("dict");
  list_class = bare("list");
  native_class = bare("builtin_function_or_method");
  auto finish = [&](Class* cls, Form form, Class* base) {
    cls->type = type_class;
    cls->dict = NewDict();
    cls->instance_form = form;
    cls->module_name = Obj(Intern("builtins"));
    cls->bases = New<Tuple>(tuple_class, Form::kTuple);
    cls->mro.Push(arena_, cls);
    if (base != nullptr) {
      const Value b = Obj(base);
      cls->bases = NewTuple(std::span(&b, 1));
      cls->mro.Push(arena_, base);
    }
  };
  finish(object_class, Form::kInstance, nullptr);
  finish(type_class, Form::kClass, object_class);
  finish(str_class, Form::kStr, object_class);
  finish(tuple_class, Form::kTuple, object_class);
  finish(dict_class, Form::kDict, object_class);
  finish(list_class, Form::kList, object_class);
  finish(native_class, Form::kNative, object_class);
  for (auto& [text, str] : interned_) str->type = str_class;
  auto make = [&](std::string_view name, Form form, Class* base = nullptr) {
    return base == nullptr ? NewNativeClass(name, {}, form) : NewNativeClass(name, {base}, form);
  };
  staticmethod_class = make("staticmethod", Form::kStaticMethod);
  classmethod_class = make("classmethod", Form::kClassMethod);
  accessor_class = make("getset_descriptor", Form::kAccessor);
  none_class = make("NoneType", Form::kInstance);
  int_class = make("int", Form::kInt);
  bool_class = make("bool", Form::kInt, int_class);
  float_class = make("float", Form::kFloat);
  complex_class = make("complex", Form::kInstance);
  bytes_class = make("bytes", Form::kInstance);
  set_class = make("set", Form::kSet);
  frozenset_class = make("frozenset", Form::kSet);
  function_class = make("function", Form::kFunction);
  method_class = make("method", Form::kMethod);
  module_class = make("module", Form::kModule);
  cell_class = make("cell", Form::kCell);
  generator_class = make("generator", Form::kGenerator);
  iterator_class = make("iterator", Form::kIterator);
  range_class = make("range", Form::kRange);
  slice_class = make("slice", Form::kSlice);
  property_class = make("property", Form::kProperty);
  super_class = make("super", Form::kSuper);
  view_class = make("dict_view", Form::kView);
  unknown_class = make("unknown", Form::kUnknown);
  ellipsis_class = make("ellipsis", Form::kSingleton);
  not_implemented_class = make("NotImplementedType", Form::kSingleton);
  alias_class = make("GenericAlias", Form::kInstance);
  union_class = make("UnionType", Form::kInstance);
  ellipsis_ = Obj(New<Object>(ellipsis_class, Form::kSingleton));
  not_implemented_ = Obj(New<Object>(not_implemented_class, Form::kSingleton));
  modules_ = NewDict();
  builtins = NewDict();
  auto publish = [&](Class* cls) { Set_(builtins, cls->name->view(), Obj(cls)); };
  for (Class* cls : {object_class, type_class, int_class, bool_class, float_class, complex_class, bytes_class,
                     str_class, tuple_class, list_class, dict_class, set_class, frozenset_class, range_class,
                     slice_class, property_class, staticmethod_class, classmethod_class, super_class}) {
    publish(cls);
  }
  Set_(builtins, "Ellipsis", ellipsis_);
  Set_(builtins, "NotImplemented", not_implemented_);
  Set_(builtins, "__debug__", Bool(true));

  // object
  AddStatic(object_class, "__new__", ObjectNew);
  AddMethod(object_class, "__init__", ObjectInit);
  AddMethod(object_class, "__getattribute__", ObjectGetattribute);
  AddMethod(object_class, "__setattr__", ObjectSetattr);
  AddMethod(object_class, "__delattr__", ObjectDelattr);
  AddMethod(object_class, "__repr__", ObjectRepr);
  AddMethod(object_class, "__str__", ObjectStr);
  AddMethod(object_class, "__eq__", ObjectEq);
  AddMethod(object_class, "__hash__", ObjectHash);
  AddMethod(object_class, "__dir__", ObjectDir);
  AddClassMethod(object_class, "__init_subclass__", ObjectInitSubclass);
  AddAccessor(object_class, "__class__", GetClass, SetClass);
  AddAccessor(object_class, "__dict__", GetDict, SetDict);
  Set_(object_class->dict, "__doc__", None());
  // type
  AddStatic(type_class, "__new__", TypeNew);
  AddMethod(type_class, "__call__", TypeCall);
  AddMethod(type_class, "__init__", TypeInit);
  AddMethod(type_class, "mro", TypeMro);
  AddMethod(type_class, "__subclasses__", TypeSubclasses);
  AddMethod(type_class, "__instancecheck__", TypeInstancecheck);
  AddMethod(type_class, "__subclasscheck__", TypeSubclasscheck);
  AddAccessor(type_class, "__name__", ClassName, SetClassName);
  AddAccessor(type_class, "__qualname__", ClassQualname, SetClassQualname);
  AddAccessor(type_class, "__module__", ClassModule, SetClassModule);
  AddAccessor(type_class, "__bases__", ClassBases);
  AddAccessor(type_class, "__mro__", ClassMro);
  AddAccessor(type_class, "__dict__", ClassDict);
  AddAccessor(type_class, "__annotations__", ClassAnnotations, SetClassAnnotations);
  AddAccessor(type_class, "__doc__", ClassDoc, SetClassDoc);
  (void)TypeOr;
  (void)GetDoc;
  // numbers
  AddStatic(int_class, "__new__", IntNew);
  AddStatic(bool_class, "__new__", BoolNew);
  AddStatic(float_class, "__new__", FloatNew);
  AddMethod(float_class, "is_integer", FloatIsInteger);
  AddMethod(int_class, "bit_length", IntBitLength);
  AddMethod(int_class, "conjugate", ReturnSelf);
  AddAccessor(int_class, "real", NumberSelf);
  AddAccessor(float_class, "real", NumberSelf);
  // iteration
  AddStatic(range_class, "__new__", RangeNew);
  AddMethod(iterator_class, "__next__", IteratorNext);
  AddMethod(iterator_class, "__iter__", ReturnSelf);
  AddMethod(generator_class, "__next__", IteratorNext);
  AddMethod(generator_class, "__iter__", ReturnSelf);
  AddMethod(generator_class, "send", GeneratorSend);
  AddMethod(generator_class, "throw", GeneratorThrow);
  AddMethod(generator_class, "close", GeneratorClose);
  // descriptors
  AddMethod(property_class, "__init__", PropertyInit);
  AddMethod(property_class, "getter", PropertyGetter);
  AddMethod(property_class, "setter", PropertySetter);
  AddMethod(property_class, "deleter", PropertyDeleter);
  AddMethod(property_class, "__get__", PropertyGet);
  AddMethod(property_class, "__set__", PropertySetMethod);
  AddAccessor(property_class, "fget", PropertyFget);
  AddAccessor(property_class, "fset", PropertyFset);
  AddStatic(staticmethod_class, "__new__", StaticNew);
  AddStatic(classmethod_class, "__new__", ClassMethodNew);
  AddAccessor(staticmethod_class, "__func__", WrappedFunc);
  AddAccessor(classmethod_class, "__func__", WrappedFunc);
  AddAccessor(staticmethod_class, "__wrapped__", WrappedFunc);
  AddAccessor(classmethod_class, "__wrapped__", WrappedFunc);
  AddStatic(super_class, "__new__", SuperNew);
  AddStatic(slice_class, "__new__", SliceNew);
  AddAccessor(slice_class, "start", SliceStart);
  AddAccessor(slice_class, "stop", SliceStop);
  AddAccessor(slice_class, "step", SliceStep);
  AddAccessor(cell_class, "cell_contents", CellContents);
  AddAccessor(function_class, "__name__", FunctionName, SetFunctionName);
  AddAccessor(function_class, "__qualname__", FunctionQualname, SetFunctionQualname);
  AddAccessor(function_class, "__module__", FunctionModule, SetFunctionModule);
  AddAccessor(function_class, "__doc__", FunctionDoc, SetFunctionDoc);
  AddAccessor(function_class, "__defaults__", FunctionDefaults, SetFunctionDefaults);
  AddAccessor(function_class, "__kwdefaults__", FunctionKwdefaults, SetFunctionKwdefaults);
  AddAccessor(function_class, "__globals__", FunctionGlobals);
  AddAccessor(function_class, "__annotations__", FunctionAnnotations, SetFunctionAnnotations);
  AddAccessor(function_class, "__parameters_of__", FunctionSignature);
  AddMethod(function_class, "__get__", FunctionGet);
  AddAccessor(method_class, "__func__", MethodFunc);
  AddAccessor(method_class, "__self__", MethodSelf);
  AddMethod(method_class, "__getattr__", MethodGetattr);
  AddAccessor(native_class, "__name__", NativeName);
  AddAccessor(native_class, "__qualname__", NativeName);
  AddAccessor(module_class, "__dict__", ModuleDict);
  AddStatic(module_class, "__new__", ModuleNew);
  AddMethod(alias_class, "__call__", AliasCall);
  AddMethod(alias_class, "__mro_entries__", AliasEntries);
  AddMethod(alias_class, "__getattr__", AliasGetattr);
  AddMethod(alias_class, "__eq__", AliasEq);
  AddMethod(union_class, "__eq__", AliasEq);
  // exceptions
  for (const ExceptionRow& row : kExceptions) {
    Class* base = row.base == nullptr ? object_class : ExceptionClass(row.base);
    Class* cls = NewNativeClass(row.name, {base}, Form::kInstance);
    cls->is_exception = true;
    if (row.base == nullptr) {
      AddStatic(cls, "__new__", ExceptionNew);
      AddMethod(cls, "__init__", ExceptionInit);
      AddMethod(cls, "with_traceback", ExceptionWith);
      AddMethod(cls, "__str__", ExceptionStr);
      Set_(cls->dict, "__cause__", None());
      Set_(cls->dict, "__context__", None());
      Set_(cls->dict, "__traceback__", None());
    }
    publish(cls);
  }
  Set_(builtins, "IOError", Obj(ExceptionClass("OSError")));
  Set_(builtins, "EnvironmentError", Obj(ExceptionClass("OSError")));

  const NativeEntry functions[] = {
      {"abs", Abs}, {"round", Round}, {"pow", Pow}, {"divmod", Divmod}, {"sum", Sum}, {"max", Max},
      {"min", Min}, {"enumerate", Enumerate}, {"zip", Zip}, {"map", Map}, {"filter", Filter},
      {"reversed", Reversed}, {"iter", Iter}, {"next", NextBuiltin}, {"all", All}, {"any", Any},
      {"len", Len}, {"sorted", Sorted}, {"getattr", Getattr}, {"hasattr", Hasattr},
      {"setattr", Setattr}, {"delattr", Delattr}, {"isinstance", Isinstance},
      {"issubclass", Issubclass}, {"callable", Callable}, {"id", Id}, {"hash", HashBuiltin},
      {"vars", Vars}, {"globals", Globals}, {"locals", Locals}, {"dir", Dir}, {"repr", ReprBuiltin},
      {"format", FormatBuiltin}, {"print", Print}, {"chr", Chr}, {"ord", Ord}, {"hex", Hex},
      {"__import__", ImportBuiltin}, {"open", OpenBuiltin}, {"exec", Unknowable},
      {"eval", Unknowable}, {"compile", Unknowable}, {"input", Unknowable},
      {"bytearray", Unknowable}, {"memoryview", Unknowable}, {"bin", Unknowable},
      {"oct", Unknowable}, {"ascii", Unknowable}};
  for (const NativeEntry& f : functions) Set_(builtins, f.name, Obj(NewNative(f.name, f.code)));
  SetUpStrings(*this);
  SetUpContainers(*this);
  SetUpModules(*this);
}

}  // namespace wcheck::machine
