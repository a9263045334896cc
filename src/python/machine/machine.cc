#include "python/machine/machine.h"

#include <cmath>
#include <cstring>
#include <functional>

#include "python/unicode.h"
#include "support/utf8.h"

namespace wcheck::machine {
namespace {

constexpr size_t kStackValues = size_t{1} << 20;
constexpr size_t kLookups = 8192;

uint64_t Mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  return x;
}

uint64_t HashText(std::string_view text) {
  const uint64_t hash = std::hash<std::string_view>()(text);
  return hash == 0 ? 1 : hash;
}

}  // namespace

std::string_view TypeNameOf(const Machine& m, const Value& value) {
  return m.ClassOf(value)->name->view();
}

Machine::Machine(Files* files) : files_(files) {
  stack_memory_.reset(new std::byte[kStackValues * sizeof(Value)]);
  stack_ = reinterpret_cast<Value*>(stack_memory_.get());
  lookups_.resize(kLookups);
  SetUpBuiltins();
}

Machine::~Machine() = default;

void Machine::Begin(const Limits& limits) {
  steps_left_ = limits.steps;
  module_steps_ = limits.module_steps;
  max_depth_ = static_cast<int>(limits.calls);
  arena_.set_limit(arena_.used() + limits.bytes);
}

// --- making values --------------------------------------------------------------------------------

Str* Machine::NewStr(std::string_view text) {
  Str* str = New<Str>(str_class, Form::kStr);
  char* data = arena_.Array<char>(text.size());
  if (!text.empty()) std::memcpy(data, text.data(), text.size());
  if (text.size() > UINT32_MAX) throw LimitReached{"memory"};
  str->data = data;
  str->size = static_cast<uint32_t>(text.size());
  str->ascii = IsAscii(text);
  return str;
}

Str* Machine::NewPermanentStr(std::string_view text) { return NewStr(text); }

Str* Machine::Intern(std::string_view text) {
  auto found = interned_.find(text);
  if (found != interned_.end()) return found->second;
  Str* str = NewStr(text);
  str->interned = true;
  str->hash = HashText(text);
  interned_.emplace(str->view(), str);
  return str;
}

Str* Machine::Intern(Str* text) { return text->interned ? text : Intern(text->view()); }

Tuple* Machine::NewTuple(size_t size) {
  Tuple* tuple = New<Tuple>(tuple_class, Form::kTuple);
  tuple->data = arena_.Array<Value>(size);
  for (size_t i = 0; i < size; ++i) tuple->data[i] = Value();
  tuple->size = static_cast<uint32_t>(size);
  return tuple;
}

Tuple* Machine::NewTuple(std::span<const Value> items) {
  Tuple* tuple = NewTuple(items.size());
  for (size_t i = 0; i < items.size(); ++i) tuple->data[i] = items[i];
  return tuple;
}

Tuple* Machine::NewPermanentTuple(std::span<const Value> items) { return NewTuple(items); }

List* Machine::NewList() { return New<List>(list_class, Form::kList); }

List* Machine::NewList(std::span<const Value> items) {
  List* list = NewList();
  list->items.Reserve(arena_, items.size());
  for (const Value& item : items) list->items.Push(arena_, item);
  return list;
}

Dict* Machine::NewDict() { return New<Dict>(dict_class, Form::kDict); }

Set* Machine::NewSet(bool frozen) {
  Set* set = New<Set>(frozen ? frozenset_class : set_class, Form::kSet);
  set->frozen = frozen;
  return set;
}

Value Machine::NewUnknown(std::string_view why) {
  Unknown* unknown = New<Unknown>(unknown_class, Form::kUnknown);
  unknown->why = NewStr(why);
  unknown->where = Where();
  return Obj(unknown);
}

Native* Machine::NewNative(std::string_view name, NativeCode code, bool method, const void* data) {
  Native* made = New<Native>(native_class, Form::kNative);
  made->code = code;
  made->name = Intern(name);
  made->method = method;
  made->data = data;
  return made;
}

Value Machine::NewIterator(Iterator::Next next, Value source, int64_t limit, Value extra) {
  Iterator* it = New<Iterator>(iterator_class, Form::kIterator);
  it->next = next;
  it->source = source;
  it->extra = extra;
  it->limit = limit;
  return Obj(it);
}

Value Machine::Bind(const Value& self, const Value& function) {
  Method* method = New<Method>(method_class, Form::kMethod);
  method->self = self;
  method->function = function;
  return Obj(method);
}

// --- dicts and sets -------------------------------------------------------------------------------

uint64_t Machine::Hash(const Value& key) {
  switch (key.tag) {
    case Tag::kNull:
    case Tag::kNone:
      return 0x9e3779b97f4a7c15ULL;
    case Tag::kBool:
    case Tag::kInt:
      return Mix(static_cast<uint64_t>(key.integer));
    case Tag::kFloat: {
      const double d = key.number;
      if (d == std::floor(d) && std::abs(d) < 9e18) {
        return Mix(static_cast<uint64_t>(static_cast<int64_t>(d)));
      }
      uint64_t bits;
      std::memcpy(&bits, &d, sizeof bits);
      return Mix(bits);
    }
    case Tag::kObject:
      break;
  }
  switch (key.object->form) {
    case Form::kStr: {
      Str* str = key.As<Str>();
      if (str->hash == 0) str->hash = HashText(str->view());
      return str->hash;
    }
    case Form::kInt:
      return Mix(static_cast<uint64_t>(key.As<BoxedInt>()->integer));
    case Form::kFloat:
      return Hash(Float(key.As<BoxedFloat>()->number));
    case Form::kTuple: {
      const Nested nested(&native_depth_);
      uint64_t hash = 0x345678;
      for (const Value& item : key.As<Tuple>()->items()) hash = Mix(hash * 31 + Hash(item));
      return hash;
    }
    case Form::kSet: {
      if (!key.As<Set>()->frozen) Raise("TypeError", "unhashable type: 'set'");
      uint64_t hash = 7;
      for (const Dict::Entry& e : key.As<Set>()->table.entries) {
        if (!e.key.null()) hash += Mix(e.hash);
      }
      return hash;
    }
    case Form::kList:
    case Form::kDict:
    case Form::kUnknown: {
      if (key.Is(Form::kUnknown)) throw Open{key.As<Unknown>()};
      Value* hash = LookUp(key.object->type, names.hash);
      if (hash != nullptr && hash->Is(Form::kFunction)) break;
      if (key.object->type == list_class || key.object->type == dict_class) {
        Raise("TypeError", "unhashable type: '" + std::string(TypeNameOf(*this, key)) + "'");
      }
      break;
    }
    case Form::kMethod: {
      const Method* method = key.As<Method>();
      return Mix(Hash(method->function) * 31 +
                 (method->self.is_object() ? reinterpret_cast<uintptr_t>(method->self.object) : 0));
    }
    default:
      break;
  }
  if (key.object->form == Form::kInstance || key.object->form == Form::kForeign ||
      key.object->form == Form::kDict || key.object->form == Form::kList) {
    Value* hash = LookUp(key.object->type, names.hash);
    if (hash != nullptr && hash->Is(Form::kFunction)) {
      const Value result = Call(*hash, {key});
      if (result.Is(Form::kUnknown)) throw Open{result.As<Unknown>()};
      int64_t number = 0;
      if (!IsInteger(result, &number)) Raise("TypeError", "__hash__ method should return an integer");
      return Mix(static_cast<uint64_t>(number));
    }
  }
  return Mix(reinterpret_cast<uintptr_t>(key.object) >> 4);
}

namespace {

bool SameText(const Value& a, const Value& b) {
  const Str* x = a.As<Str>();
  const Str* y = b.As<Str>();
  return x == y || (x->size == y->size && std::memcmp(x->data, y->data, x->size) == 0 &&
                    !(x->interned && y->interned));
}

bool KeyEqual(Machine& m, const Value& a, const Value& b) {
  if (a.Same(b)) return true;
  if (a.Is(Form::kStr) && b.Is(Form::kStr)) return SameText(a, b);
  return m.Equal(a, b);
}

}  // namespace

Dict::Entry* Machine::Find(const Dict& dict, const Value& key) {
  if (dict.entries.size == 0) return nullptr;
  const uint64_t hash = Hash(key);
  if (dict.index == nullptr) {
    for (Dict::Entry& e : dict.entries) {
      if (e.hash == hash && !e.key.null() && KeyEqual(*this, e.key, key)) return &e;
    }
    return nullptr;
  }
  for (uint32_t at = static_cast<uint32_t>(hash) & dict.index_mask;; at = (at + 1) & dict.index_mask) {
    const uint32_t i = dict.index[at];
    if (i == 0) return nullptr;
    Dict::Entry& e = dict.entries[i - 1];
    if (e.hash == hash && !e.key.null() && KeyEqual(*this, e.key, key)) return &e;
  }
}

Dict::Entry* Machine::Find(const Dict& dict, const Str* name) {
  if (dict.entries.size == 0) return nullptr;
  const uint64_t hash = name->hash;  // interned
  auto same = [&](const Dict::Entry& e) {
    if (e.hash != hash || !e.key.Is(Form::kStr)) return false;
    const Str* key = e.key.As<Str>();
    return key == name || (!key->interned && key->view() == name->view());
  };
  if (dict.index == nullptr) {
    for (Dict::Entry& e : dict.entries) {
      if (same(e)) return &e;
    }
    return nullptr;
  }
  for (uint32_t at = static_cast<uint32_t>(hash) & dict.index_mask;; at = (at + 1) & dict.index_mask) {
    const uint32_t i = dict.index[at];
    if (i == 0) return nullptr;
    if (same(dict.entries[i - 1])) return &dict.entries[i - 1];
  }
}

Value* Machine::Get(const Dict& dict, std::string_view name) {
  Dict::Entry* entry = Find(dict, Intern(name));
  return entry == nullptr ? nullptr : &entry->value;
}

void Machine::Rehash(Dict* dict) {
  // Removed entries go, if there are many.
  if (dict->count * 2 < dict->entries.size) {
    uint32_t to = 0;
    for (uint32_t i = 0; i < dict->entries.size; ++i) {
      if (!dict->entries[i].key.null()) dict->entries[to++] = dict->entries[i];
    }
    dict->entries.size = to;
  }
  uint32_t capacity = 32;
  while (capacity < dict->entries.size * 3) capacity *= 2;
  dict->index = arena_.Array<uint32_t>(capacity);
  std::memset(dict->index, 0, capacity * sizeof(uint32_t));
  dict->index_mask = capacity - 1;
  for (uint32_t i = 0; i < dict->entries.size; ++i) {
    uint32_t at = static_cast<uint32_t>(dict->entries[i].hash) & dict->index_mask;
    while (dict->index[at] != 0) at = (at + 1) & dict->index_mask;
    dict->index[at] = i + 1;
  }
}

void Machine::Insert(Dict* dict, uint64_t hash, const Value& key, const Value& value) {
  dict->entries.Push(arena_, {hash, key, value});
  ++dict->count;
  if (dict->index == nullptr) {
    if (dict->entries.size > 8) Rehash(dict);
    return;
  }
  if (dict->entries.size * 3 > (dict->index_mask + 1) * 2) {
    Rehash(dict);
    return;
  }
  uint32_t at = static_cast<uint32_t>(hash) & dict->index_mask;
  while (dict->index[at] != 0) at = (at + 1) & dict->index_mask;
  dict->index[at] = dict->entries.size;
}

void Machine::Set_(Dict* dict, const Value& key, const Value& value) {
  if (Dict::Entry* entry = Find(*dict, key)) {
    entry->value = value;
    return;
  }
  Insert(dict, Hash(key), key, value);
}

bool Machine::Erase(Dict* dict, const Value& key) {
  Dict::Entry* entry = Find(*dict, key);
  if (entry == nullptr) return false;
  entry->key = Value();
  entry->value = Value();
  --dict->count;
  // Entries at the end can go at once, as long as the index does not name them.
  if (dict->count == 0) Clear(dict);
  return true;
}

void Machine::Clear(Dict* dict) {
  dict->entries.size = 0;
  dict->count = 0;
  dict->index = nullptr;
}

void Machine::CopyInto(Dict* to, const Dict& from) {
  for (uint32_t i = 0; i < from.entries.size; ++i) {
    const Dict::Entry e = from.entries[i];
    if (!e.key.null()) Set_(to, e.key, e.value);
  }
}

bool Machine::Add(Set* set, const Value& key) {
  if (Find(set->table, key) != nullptr) return false;
  Insert(&set->table, Hash(key), key, None());
  return true;
}

// --- exceptions -----------------------------------------------------------------------------------

Class* Machine::ExceptionClass(std::string_view name) {
  Value* found = Get(*builtins, name);
  return found != nullptr && found->Is(Form::kClass) ? found->As<Class>() : nullptr;
}

Value Machine::NewException(Class* cls, std::string message) {
  Object* exception = New<Object>(cls, Form::kInstance);
  exception->attributes = NewDict();
  const Value text = String(message);
  Set_(exception->attributes, names.args, Obj(NewTuple(std::span(&text, 1))));
  return Obj(exception);
}

void Machine::Raise(std::string_view type, std::string message) {
  Class* cls = ExceptionClass(type);
  if (cls == nullptr) cls = ExceptionClass("RuntimeError");
  trace_.clear();
  throw Raised{NewException(cls, std::move(message))};
}

void Machine::RaiseAt(std::string_view type, std::string message, ModuleFile* file, const Node* node) {
  Class* cls = ExceptionClass(type);
  trace_.clear();
  if (file != nullptr && node != nullptr) {
    trace_.push_back({file->source.get(), node->begin, node->end});
  }
  throw Raised{NewException(cls, std::move(message))};
}

void Machine::RaiseObject(const Value& exception) {
  trace_.clear();
  throw Raised{exception};
}

bool Machine::IsException(const Value& exception, std::string_view type) {
  Class* cls = ExceptionClass(type);
  return cls != nullptr && IsInstance(exception, cls);
}

std::string Machine::Describe(const Value& exception) {
  std::string text(TypeNameOf(*this, exception));
  std::optional<std::string> message;
  try {
    message = ToStr(exception);
  } catch (const Raised&) {
  } catch (const Open&) {
  }
  if (message && !message->empty()) text += ": " + *message;
  return text;
}

SourceRange Machine::Where() const {
  for (const Frame* f = frame_; f != nullptr; f = f->back) {
    if (f->next == nullptr || f->code->instructions.empty()) continue;
    const size_t at = static_cast<size_t>(f->next - f->code->instructions.data());
    const Node* node = f->code->nodes[at == 0 ? 0 : at - 1];
    if (node == nullptr) continue;
    return {f->code->file->source.get(), node->begin, node->end};
  }
  return {};
}

}  // namespace wcheck::machine
