// Methods of list, tuple, dict and set.
#include <algorithm>

#include "python/machine/machine.h"

namespace wcheck::machine {

void SortValues(Machine& m, std::vector<Value>* items, const Value* key, bool reverse);

namespace {

using POp = python::Op;

const Value& Argument(Machine& m, const Arguments& a, size_t i) {
  if (i >= a.count) m.Raise("TypeError", "a method misses an argument");
  return a[i];
}
List* ListSelf(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kList)) m.Raise("TypeError", "descriptor requires a 'list' object");
  return a[0].As<List>();
}
Dict* DictSelf(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kDict)) m.Raise("TypeError", "descriptor requires a 'dict' object");
  return a[0].As<Dict>();
}
Set* SetSelf(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kSet)) m.Raise("TypeError", "descriptor requires a 'set' object");
  return a[0].As<Set>();
}

// --- list -----------------------------------------------------------------------------------------

Value ListNew(Machine& m, const Arguments& a) { return Obj(m.New<List>(a[0].As<Class>(), Form::kList)); }
Value ListInit(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  list->items.size = 0;
  if (a.count > 1) {
    for (const Value& v : m.Items(a[1])) list->items.Push(m.arena(), v);
  }
  return None();
}
Value ListAppend(Machine& m, const Arguments& a) {
  ListSelf(m, a)->items.Push(m.arena(), Argument(m, a, 1));
  return None();
}
Value ListExtend(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  for (const Value& v : m.Items(Argument(m, a, 1))) list->items.Push(m.arena(), v);
  return None();
}
Value ListInsert(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  int64_t at = m.Index(Argument(m, a, 1));
  const int64_t size = list->items.size;
  if (at < 0) at = std::max<int64_t>(0, at + size);
  at = std::min(at, size);
  list->items.Push(m.arena(), Argument(m, a, 2));
  std::rotate(list->items.begin() + at, list->items.end() - 1, list->items.end());
  return None();
}
Value ListPop(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  int64_t at = a.count > 1 ? m.Index(a[1]) : -1;
  if (at < 0) at += list->items.size;
  if (at < 0 || at >= list->items.size) m.Raise("IndexError", "pop index out of range");
  const Value v = list->items[static_cast<size_t>(at)];
  std::rotate(list->items.begin() + at, list->items.begin() + at + 1, list->items.end());
  --list->items.size;
  return v;
}
int64_t Position(Machine& m, std::span<Value> items, const Value& wanted) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].Same(wanted) || m.Equal(items[i], wanted)) return static_cast<int64_t>(i);
  }
  return -1;
}
std::span<Value> SequenceOf(Machine& m, const Arguments& a) {
  if (a[0].Is(Form::kTuple)) return a[0].As<Tuple>()->items();
  List* list = ListSelf(m, a);
  return {list->items.data, list->items.size};
}
Value SequenceIndex(Machine& m, const Arguments& a) {
  const int64_t at = Position(m, SequenceOf(m, a), Argument(m, a, 1));
  if (at < 0) m.Raise("ValueError", "value is not in list");
  return Int(at);
}
Value SequenceCount(Machine& m, const Arguments& a) {
  int64_t n = 0;
  for (const Value& v : SequenceOf(m, a)) n += m.Equal(v, Argument(m, a, 1)) ? 1 : 0;
  return Int(n);
}
Value ListRemove(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  const int64_t at = Position(m, SequenceOf(m, a), Argument(m, a, 1));
  if (at < 0) m.Raise("ValueError", "list.remove(x): x not in list");
  std::rotate(list->items.begin() + at, list->items.begin() + at + 1, list->items.end());
  --list->items.size;
  return None();
}
Value ListClear(Machine& m, const Arguments& a) {
  ListSelf(m, a)->items.size = 0;
  return None();
}
Value ListCopy(Machine& m, const Arguments& a) { return Obj(m.NewList(SequenceOf(m, a))); }
Value ListReverse(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  std::reverse(list->items.begin(), list->items.end());
  return None();
}
Value ListSort(Machine& m, const Arguments& a) {
  List* list = ListSelf(m, a);
  std::vector<Value> items(list->items.begin(), list->items.end());
  const Value* reverse = a.Keyword("reverse");
  SortValues(m, &items, a.Keyword("key"), reverse != nullptr && m.Truth(*reverse));
  std::copy(items.begin(), items.end(), list->items.begin());
  return None();
}

Value TupleNew(Machine& m, const Arguments& a) {
  Class* cls = a[0].As<Class>();
  std::vector<Value> items;
  if (a.count > 1) items = m.Items(a[1]);
  Tuple* tuple = m.NewTuple(items);
  tuple->type = cls;
  return Obj(tuple);
}

// Dunder methods, for whoever calls them on a super().
Value BaseGetitem(Machine& m, const Arguments& a) {
  const Value self = a[0];
  if (self.Is(Form::kDict)) {
    Dict* dict = self.As<Dict>();
    if (Dict::Entry* e = m.Find(*dict, Argument(m, a, 1))) return m.Resolve(e->value);
    Value missing;
    if (self.object->type != m.dict_class && m.Special(self, m.names.missing, &missing)) return m.Call(missing, {a[1]});
    m.RaiseObject(m.Call(Obj(m.ExceptionClass("KeyError")), {a[1]}));
  }
  Class* type = self.object->type;
  self.object->type = self.Is(Form::kList) ? m.list_class : m.tuple_class;
  Value result;
  try {
    result = m.GetIndex(self, Argument(m, a, 1));
  } catch (...) {
    self.object->type = type;
    throw;
  }
  self.object->type = type;
  return result;
}
Value BaseSetitem(Machine& m, const Arguments& a) {
  if (a[0].Is(Form::kDict)) {
    m.Set_(a[0].As<Dict>(), Argument(m, a, 1), Argument(m, a, 2));
    return None();
  }
  List* list = ListSelf(m, a);
  int64_t i = m.Index(Argument(m, a, 1));
  if (i < 0) i += list->items.size;
  if (i < 0 || i >= list->items.size) m.Raise("IndexError", "list assignment index out of range");
  list->items[static_cast<size_t>(i)] = Argument(m, a, 2);
  return None();
}
Value BaseDelitem(Machine& m, const Arguments& a) {
  if (!m.Erase(DictSelf(m, a), Argument(m, a, 1))) {
    m.RaiseObject(m.Call(Obj(m.ExceptionClass("KeyError")), {a[1]}));
  }
  return None();
}
Value BaseContains(Machine& m, const Arguments& a) {
  if (a[0].Is(Form::kDict)) return Bool(m.Find(*a[0].As<Dict>(), Argument(m, a, 1)) != nullptr);
  if (a[0].Is(Form::kSet)) return Bool(m.Find(a[0].As<Set>()->table, Argument(m, a, 1)) != nullptr);
  return Bool(Position(m, SequenceOf(m, a), Argument(m, a, 1)) >= 0);
}
Value BaseLen(Machine& m, const Arguments& a) {
  if (a[0].Is(Form::kDict)) return Int(a[0].As<Dict>()->count);
  if (a[0].Is(Form::kSet)) return Int(a[0].As<Set>()->table.count);
  return Int(static_cast<int64_t>(SequenceOf(m, a).size()));
}
Value BaseIter(Machine& m, const Arguments& a) {
  // As of the built-in class, whatever a subclass says.
  if (a[0].Is(Form::kDict)) {
    View* view = m.New<View>(m.view_class, Form::kView);
    view->dict = a[0].As<Dict>();
    return m.Iterate(Obj(view));
  }
  if (a[0].Is(Form::kSet)) {
    Class* type = a[0].object->type;
    a[0].object->type = m.set_class;
    const Value it = m.Iterate(a[0]);
    a[0].object->type = type;
    return it;
  }
  return m.Iterate(Obj(m.NewList(SequenceOf(m, a))));
}
Value BaseEq(Machine& m, const Arguments& a) {
  const Value x = a[0], y = Argument(m, a, 1);
  if (!x.is_object() || !y.is_object() || x.object->form != y.object->form) return m.not_implemented();
  Class* tx = x.object->type;
  Class* ty = y.object->type;
  if (tx->native && ty->native) return m.Compare(POp::kEqual, x, y);
  Class* base = x.Is(Form::kDict) ? m.dict_class : x.Is(Form::kList) ? m.list_class
              : x.Is(Form::kTuple) ? m.tuple_class : x.Is(Form::kSet) ? m.set_class : m.str_class;
  x.object->type = base;
  y.object->type = base;
  Value result;
  try {
    result = m.Compare(POp::kEqual, x, y);
  } catch (...) {
    x.object->type = tx;
    y.object->type = ty;
    throw;
  }
  x.object->type = tx;
  y.object->type = ty;
  return result;
}

// --- dict -----------------------------------------------------------------------------------------

void UpdateFrom(Machine& m, Dict* dict, const Value& raw) {
  const Value from = m.Resolve(raw);
  if (from.Is(Form::kUnknown)) throw Open{from.As<Unknown>()};
  if (from.Is(Form::kDict)) {
    Value* keys = m.LookUp(from.object->type, "keys");
    if (keys != nullptr && keys->Is(Form::kNative)) {
      m.CopyInto(dict, *from.As<Dict>());
      return;
    }
  }
  Value keys;
  if (m.FindAttribute(from, "keys", &keys)) {
    for (const Value& key : m.Items(m.Call(keys))) m.Set_(dict, key, m.GetIndex(from, key));
    return;
  }
  for (const Value& pair : m.Items(from)) {
    const std::vector<Value> both = m.Items(pair);
    if (both.size() != 2) m.Raise("ValueError", "dictionary update sequence element has another length than 2");
    m.Set_(dict, both[0], both[1]);
  }
}
Value DictNew(Machine& m, const Arguments& a) { return Obj(m.New<Dict>(a[0].As<Class>(), Form::kDict)); }
Value DictUpdate(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  // A subclass that defines __setitem__ on its own is not asked, as in Python.
  if (a.count > 1) UpdateFrom(m, dict, a[1]);
  for (size_t k = 0; k < a.keywords.size(); ++k) m.Set_(dict, a.keywords[k], a.values[a.count + k]);
  return None();
}
Value DictFromkeys(Machine& m, const Arguments& a) {
  const Value made = m.Call(a[0]);
  for (const Value& key : m.Items(Argument(m, a, 1))) m.SetIndex(made, key, a.count > 2 ? a[2] : None());
  return made;
}
Value DictGet(Machine& m, const Arguments& a) {
  if (Argument(m, a, 1).Is(Form::kUnknown)) return a[1];
  if (Dict::Entry* e = m.Find(*DictSelf(m, a), a[1])) return m.Resolve(e->value);
  return a.count > 2 ? a[2] : None();
}
Value DictPop(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  if (Dict::Entry* e = m.Find(*dict, Argument(m, a, 1))) {
    const Value v = m.Resolve(e->value);
    m.Erase(dict, a[1]);
    return v;
  }
  if (const Value* fallback = a.Get(2, "default")) return *fallback;
  m.RaiseObject(m.Call(Obj(m.ExceptionClass("KeyError")), {a[1]}));
}
Value DictPopitem(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  for (size_t i = dict->entries.size; i-- > 0;) {
    const Dict::Entry e = dict->entries[i];
    if (e.key.null()) continue;
    m.Erase(dict, e.key);
    const Value pair[] = {e.key, e.value};
    return Obj(m.NewTuple(pair));
  }
  m.Raise("KeyError", "popitem(): dictionary is empty");
}
Value DictSetdefault(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  if (Dict::Entry* e = m.Find(*dict, Argument(m, a, 1))) return m.Resolve(e->value);
  const Value v = a.count > 2 ? a[2] : None();
  m.Set_(dict, a[1], v);
  return v;
}
template <View::Of kOf>
Value DictView(Machine& m, const Arguments& a) {
  View* view = m.New<View>(m.view_class, Form::kView);
  view->of = kOf;
  view->dict = DictSelf(m, a);
  return Obj(view);
}
Value DictCopy(Machine& m, const Arguments& a) {
  Dict* from = DictSelf(m, a);
  Dict* dict = m.New<Dict>(from->type, Form::kDict);
  m.CopyInto(dict, *from);
  dict->default_factory = from->default_factory;
  return Obj(dict);
}
Value DictClear(Machine& m, const Arguments& a) {
  m.Clear(DictSelf(m, a));
  return None();
}
Value DefaultdictInit(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  dict->default_factory = a.count > 1 ? a[1] : None();
  if (a.count > 2) UpdateFrom(m, dict, a[2]);
  for (size_t k = 0; k < a.keywords.size(); ++k) m.Set_(dict, a.keywords[k], a.values[a.count + k]);
  return None();
}
Value OrderedMoveToEnd(Machine& m, const Arguments& a) {
  Dict* dict = DictSelf(m, a);
  Dict::Entry* e = m.Find(*dict, Argument(m, a, 1));
  if (e == nullptr) m.RaiseObject(m.Call(Obj(m.ExceptionClass("KeyError")), {a[1]}));
  const Value key = e->key, value = e->value;
  const Value* last = a.Get(2, "last");
  m.Erase(dict, key);
  if (last == nullptr || m.Truth(*last)) {
    m.Set_(dict, key, value);
    return None();
  }
  std::vector<Dict::Entry> old(dict->entries.begin(), dict->entries.end());
  m.Clear(dict);
  m.Set_(dict, key, value);
  for (const Dict::Entry& other : old) {
    if (!other.key.null()) m.Set_(dict, other.key, other.value);
  }
  return None();
}

// --- set ------------------------------------------------------------------------------------------

Value SetNew(Machine& m, const Arguments& a) {
  Set* set = m.New<Set>(a[0].As<Class>(), Form::kSet);
  set->frozen = Machine::IsSubclass(a[0].As<Class>(), m.frozenset_class);
  if (a.count > 1) {
    for (const Value& v : m.Items(a[1])) m.Add(set, v);
  }
  return Obj(set);
}
Value SetAdd(Machine& m, const Arguments& a) {
  m.Add(SetSelf(m, a), Argument(m, a, 1));
  return None();
}
Value SetDiscard(Machine& m, const Arguments& a) {
  m.Erase(&SetSelf(m, a)->table, Argument(m, a, 1));
  return None();
}
Value SetRemove(Machine& m, const Arguments& a) {
  if (!m.Erase(&SetSelf(m, a)->table, Argument(m, a, 1))) {
    m.RaiseObject(m.Call(Obj(m.ExceptionClass("KeyError")), {a[1]}));
  }
  return None();
}
Value SetPop(Machine& m, const Arguments& a) {
  Set* set = SetSelf(m, a);
  for (const Dict::Entry& e : set->table.entries) {
    if (e.key.null()) continue;
    const Value key = e.key;
    if (set->table.count > 1) return m.NewUnknown("which item a set gives first");
    m.Erase(&set->table, key);
    return key;
  }
  m.Raise("KeyError", "pop from an empty set");
}
Value SetUpdate(Machine& m, const Arguments& a) {
  Set* set = SetSelf(m, a);
  for (size_t i = 1; i < a.count; ++i) {
    for (const Value& v : m.Items(a[i])) m.Add(set, v);
  }
  return None();
}
Value SetCopy(Machine& m, const Arguments& a) {
  Set* from = SetSelf(m, a);
  Set* set = m.NewSet(from->frozen);
  m.CopyInto(&set->table, from->table);
  return Obj(set);
}
Value Combine(Machine& m, const Arguments& a, POp op) {
  Value result = SetCopy(m, a);
  for (size_t i = 1; i < a.count; ++i) {
    Set* other = m.NewSet();
    for (const Value& v : m.Items(a[i])) m.Add(other, v);
    result = m.Binary(op, result, Obj(other));
  }
  return result;
}
Value SetUnion(Machine& m, const Arguments& a) { return Combine(m, a, POp::kBitOr); }
Value SetIntersection(Machine& m, const Arguments& a) { return Combine(m, a, POp::kBitAnd); }
Value SetDifference(Machine& m, const Arguments& a) { return Combine(m, a, POp::kSubtract); }
Value SetSymmetric(Machine& m, const Arguments& a) { return Combine(m, a, POp::kBitXor); }
Value SetDifferenceUpdate(Machine& m, const Arguments& a) {
  Set* set = SetSelf(m, a);
  for (size_t i = 1; i < a.count; ++i) {
    for (const Value& v : m.Items(a[i])) m.Erase(&set->table, v);
  }
  return None();
}
Value SetIssubset(Machine& m, const Arguments& a) {
  const Value other = Argument(m, a, 1);
  Set* all = m.NewSet();
  for (const Value& v : m.Items(other)) m.Add(all, v);
  for (const Dict::Entry& e : SetSelf(m, a)->table.entries) {
    if (!e.key.null() && m.Find(all->table, e.key) == nullptr) return Bool(false);
  }
  return Bool(true);
}
Value SetIssuperset(Machine& m, const Arguments& a) {
  for (const Value& v : m.Items(Argument(m, a, 1))) {
    if (m.Find(SetSelf(m, a)->table, v) == nullptr) return Bool(false);
  }
  return Bool(true);
}
Value SetIsdisjoint(Machine& m, const Arguments& a) {
  for (const Value& v : m.Items(Argument(m, a, 1))) {
    if (m.Find(SetSelf(m, a)->table, v) != nullptr) return Bool(false);
  }
  return Bool(true);
}

}  // namespace

void SetUpContainers(Machine& m) {
  m.defaultdict_class = m.NewNativeClass("defaultdict", {m.dict_class}, Form::kDict, "collections");
  m.ordered_dict_class = m.NewNativeClass("OrderedDict", {m.dict_class}, Form::kDict, "collections");
  m.AddStatic(m.list_class, "__new__", ListNew);
  const NativeEntry lists[] = {
      {"__init__", ListInit}, {"append", ListAppend}, {"extend", ListExtend}, {"insert", ListInsert},
      {"pop", ListPop}, {"index", SequenceIndex}, {"count", SequenceCount}, {"remove", ListRemove},
      {"clear", ListClear}, {"copy", ListCopy}, {"reverse", ListReverse}, {"sort", ListSort},
      {"__getitem__", BaseGetitem}, {"__setitem__", BaseSetitem}, {"__contains__", BaseContains},
      {"__len__", BaseLen}, {"__iter__", BaseIter}, {"__eq__", BaseEq}};
  for (const NativeEntry& e : lists) m.AddMethod(m.list_class, e.name, e.code);
  m.AddStatic(m.tuple_class, "__new__", TupleNew);
  const NativeEntry tuples[] = {{"index", SequenceIndex}, {"count", SequenceCount},
                                {"__getitem__", BaseGetitem}, {"__contains__", BaseContains},
                                {"__len__", BaseLen}, {"__iter__", BaseIter}, {"__eq__", BaseEq}};
  for (const NativeEntry& e : tuples) m.AddMethod(m.tuple_class, e.name, e.code);
  m.AddStatic(m.dict_class, "__new__", DictNew);
  const NativeEntry dicts[] = {
      {"__init__", DictUpdate}, {"update", DictUpdate}, {"get", DictGet}, {"pop", DictPop},
      {"popitem", DictPopitem}, {"setdefault", DictSetdefault}, {"keys", DictView<View::Of::kKeys>},
      {"values", DictView<View::Of::kValues>}, {"items", DictView<View::Of::kItems>},
      {"copy", DictCopy}, {"clear", DictClear}, {"__getitem__", BaseGetitem},
      {"__setitem__", BaseSetitem}, {"__delitem__", BaseDelitem}, {"__contains__", BaseContains},
      {"__len__", BaseLen}, {"__iter__", BaseIter}, {"__eq__", BaseEq}};
  for (const NativeEntry& e : dicts) m.AddMethod(m.dict_class, e.name, e.code);
  m.AddClassMethod(m.dict_class, "fromkeys", DictFromkeys);
  m.AddMethod(m.defaultdict_class, "__init__", DefaultdictInit);
  m.AddMethod(m.ordered_dict_class, "move_to_end", OrderedMoveToEnd);
  for (Class* cls : {m.set_class, m.frozenset_class}) {
    m.AddStatic(cls, "__new__", SetNew);
    const NativeEntry sets[] = {
        {"copy", SetCopy}, {"union", SetUnion}, {"intersection", SetIntersection},
        {"difference", SetDifference}, {"symmetric_difference", SetSymmetric},
        {"issubset", SetIssubset}, {"issuperset", SetIssuperset}, {"isdisjoint", SetIsdisjoint},
        {"__contains__", BaseContains}, {"__len__", BaseLen}, {"__iter__", BaseIter}};
    for (const NativeEntry& e : sets) m.AddMethod(cls, e.name, e.code);
  }
  const NativeEntry changing[] = {{"add", SetAdd}, {"discard", SetDiscard}, {"remove", SetRemove},
                                  {"pop", SetPop}, {"update", SetUpdate},
                                  {"difference_update", SetDifferenceUpdate}};
  for (const NativeEntry& e : changing) m.AddMethod(m.set_class, e.name, e.code);
}

}  // namespace wcheck::machine
