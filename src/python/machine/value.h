// The values of the object evaluator: small ones are held directly, all others are objects of an
// arena. Every object has a class; an object whose class a file defines on top of a built-in one
// keeps the built-in form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "python/machine/arena.h"
#include "python/syntax_tree.h"

namespace wcheck::machine {

class Machine;
struct Class;
struct Code;
struct Dict;
struct Frame;
struct Object;
struct Str;
struct ModuleFile;

enum class Tag : uint8_t { kNull, kNone, kBool, kInt, kFloat, kObject };

// What the bytes of an object are.
enum class Form : uint8_t {
  kInstance,
  kStr,
  kInt,    // of a subclass of int; plain ones are no objects
  kFloat,  // likewise
  kTuple,
  kList,
  kDict,
  kSet,
  kFunction,
  kNative,
  kMethod,
  kClass,
  kModule,
  kCell,
  kGenerator,
  kIterator,
  kRange,
  kSlice,
  kProperty,
  kAccessor,
  kStaticMethod,
  kClassMethod,
  kSuper,
  kView,
  kUnknown,
  kLazy,
  kSingleton,
  kForeign,  // of a client: Tensor, nn.Module, …
};

struct Value {
  Tag tag = Tag::kNull;
  union {
    int64_t integer = 0;
    double number;
    Object* object;
  };

  bool null() const { return tag == Tag::kNull; }
  bool none() const { return tag == Tag::kNone; }
  bool is_int() const { return tag == Tag::kInt; }
  bool is_bool() const { return tag == Tag::kBool; }
  bool is_float() const { return tag == Tag::kFloat; }
  bool is_object() const { return tag == Tag::kObject; }
  inline bool Is(Form form) const;
  // The object as its form; only if Is() says so.
  template <typename T>
  T* As() const {
    return static_cast<T*>(object);
  }
  bool Same(const Value& other) const {
    if (tag != other.tag) return false;
    return tag == Tag::kNone || tag == Tag::kNull || integer == other.integer;
  }
};

inline Value None() {
  Value v;
  v.tag = Tag::kNone;
  return v;
}
inline Value Bool(bool b) {
  Value v;
  v.tag = Tag::kBool;
  v.integer = b ? 1 : 0;
  return v;
}
inline Value Int(int64_t i) {
  Value v;
  v.tag = Tag::kInt;
  v.integer = i;
  return v;
}
inline Value Float(double d) {
  Value v;
  v.tag = Tag::kFloat;
  v.number = d;
  return v;
}
inline Value Obj(const Object* object) {
  Value v;
  v.tag = Tag::kObject;
  v.object = const_cast<Object*>(object);
  return v;
}

struct Object {
  Class* type = nullptr;
  Dict* attributes = nullptr;  // made when the first one is set
  Form form = Form::kInstance;
  uint8_t flags = 0;  // for the form's own use
};

inline bool Value::Is(Form form) const { return tag == Tag::kObject && object->form == form; }

struct Str : Object {
  uint64_t hash = 0;
  const char* data = nullptr;
  uint32_t size = 0;
  bool interned = false;
  bool ascii = true;

  std::string_view view() const { return {data, size}; }
};

struct BoxedInt : Object {
  int64_t integer = 0;
};
struct BoxedFloat : Object {
  double number = 0;
};

struct Tuple : Object {
  Value* data = nullptr;
  uint32_t size = 0;
  std::span<Value> items() const { return {data, size}; }
};

struct List : Object {
  Sequence<Value> items;
};

// Keys in the order of insertion. A removed entry has a null key.
struct Dict : Object {
  struct Entry {
    uint64_t hash;
    Value key;
    Value value;
  };
  Sequence<Entry> entries;
  uint32_t* index = nullptr;  // null while there are few entries
  uint32_t index_mask = 0;
  uint32_t count = 0;
  Value default_factory;  // of a defaultdict
};

struct Set : Object {
  Dict table;  // its values are None
  bool frozen = false;
};

struct Function : Object {
  Code* code = nullptr;
  Dict* globals = nullptr;
  Object* module = nullptr;
  Object** closure = nullptr;  // cells
  Tuple* defaults = nullptr;
  Dict* keyword_defaults = nullptr;
  Str* name = nullptr;
  Str* qualified_name = nullptr;
};

// Values of a call: the positional ones, then those of the keywords.
struct Arguments {
  const Value* values = nullptr;
  uint32_t count = 0;  // positional
  std::span<Str* const> keywords;

  const Value& operator[](size_t i) const { return values[i]; }
  const Value* Keyword(std::string_view name) const {
    for (size_t i = 0; i < keywords.size(); ++i) {
      if (keywords[i]->view() == name) return &values[count + i];
    }
    return nullptr;
  }
  // Argument i, or the keyword of that name, or null.
  const Value* Get(size_t i, std::string_view name) const {
    return i < count ? &values[i] : Keyword(name);
  }
  size_t total() const { return count + keywords.size(); }
};

using NativeCode = Value (*)(Machine& m, const Arguments& arguments);

struct Native : Object {
  NativeCode code = nullptr;
  Str* name = nullptr;
  bool method = false;  // binds to an instance, as functions do
  const void* data = nullptr;
};

struct Method : Object {
  Value self;
  Value function;
};

struct Cell : Object {
  Value value;
};

using Getter = Value (*)(Machine& m, const Value& self);
using Setter = void (*)(Machine& m, const Value& self, const Value& value);

// An attribute that native code gives.
struct Accessor : Object {
  Getter get = nullptr;
  Setter set = nullptr;
  Str* name = nullptr;
};

struct Class : Object {
  Str* name = nullptr;
  Str* qualified_name = nullptr;
  Value module_name;
  Tuple* bases = nullptr;
  Sequence<Class*> mro;
  Dict* dict = nullptr;
  Form instance_form = Form::kInstance;
  uint16_t foreign = 0;       // with Form::kForeign: which of the client's kinds
  bool native = false;        // nothing can be set on it
  bool open = false;          // a base is not known
  bool has_getattribute = false;
  bool has_getattr = false;
  bool has_setattr = false;
  bool has_delattr = false;
  bool is_exception = false;
  bool annotations_done = false;
  Function* annotate = nullptr;  // gives the annotations of the class body
  Sequence<Class*> subclasses;
};

struct Module : Object {
  Str* name = nullptr;
  Dict* dict = nullptr;
  const ModuleFile* file = nullptr;  // null for native modules
  Sequence<Object*> stars;           // modules whose names are this one's too
  enum class State : uint8_t { kNew, kRunning, kDone, kFailed } state = State::kNew;
  bool package = false;
  bool inert = false;  // no source: every name of it is unknown
  Value failure;
};

// What an import has bound, and nobody has asked for.
struct Lazy : Object {
  Str* module = nullptr;
  Str* name = nullptr;  // null: the module itself
  bool resolving = false;   // it is being resolved
  Value value;
};

struct Range : Object {
  int64_t start = 0, stop = 0, step = 1;
  int64_t size() const {
    if (step > 0) return start < stop ? (stop - start - 1) / step + 1 : 0;
    return start > stop ? (start - stop - 1) / -step + 1 : 0;
  }
};

struct Slice : Object {
  Value start, stop, step;
};

struct Property : Object {
  Value get, set, remove, doc;
};

// A static or class method.
struct Wrapped : Object {
  Value function;
};

struct Super : Object {
  Class* after = nullptr;
  Value self;
  Class* self_type = nullptr;
};

struct View : Object {
  enum class Of : uint8_t { kKeys, kValues, kItems } of = Of::kKeys;
  Dict* dict = nullptr;
};

struct Unknown : Object {
  Str* why = nullptr;
  SourceRange where;
};

struct Generator : Object {
  Frame* frame = nullptr;
  bool running = false;
  bool done = false;
};

struct Iterator : Object {
  // Null value: the end.
  using Next = Value (*)(Machine& m, Iterator* it);
  Next next = nullptr;
  Value source;
  Value extra;
  int64_t position = 0;
  int64_t limit = 0;
};

// Names and qualified class names of values, for messages.
std::string_view TypeNameOf(const Machine& m, const Value& value);

}  // namespace wcheck::machine
