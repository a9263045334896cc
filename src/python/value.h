// The values of the evaluator: what a Python name can be bound to.
//
// A Value is small and copied freely; lists, dicts, transforms and so on are objects that values
// point to, so that aliasing is Python's. All objects belong to one Heap and live as long as it
// (values may form cycles; nothing is freed in between, limits.h bounds the total).
//
// What the evaluator cannot know is a value too: an Opaque. It spreads through whatever is computed
// from it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wcheck/source_file.h"

#include "python/syntax_tree.h"

namespace wcheck::python {

enum class Type : uint8_t {
  kOpaque,
  kNone,
  kBool,
  kInt,
  kFloat,
  kStr,
  kList,
  kTuple,
  kDict,
  kSet,
  kView,         // dict.items(), .keys(), .values()
  kIterator,     // what iter(), zip(), reversed() … give; also a generator expression
  kFunction,     // def or lambda
  kBuiltin,      // a modelled function or type of Python or its library
  kMethod,       // a bound method of a modelled value
  kNativeClass,  // a client's, as is the next but one: native.h
  kExceptionClass,
  kNative,
};

struct Object {
  virtual ~Object() = default;
};

// How an object came to where it is: one step, and the steps before it.
struct Chain {
  std::string what;
  SourceRange where;
  const Chain* before = nullptr;
  int length = 1;
};

// A Chain that the heap owns.
struct OwnedChain : Object {
  Chain link;
};

struct Opaque;
struct Str;
struct List;
struct Dict;
struct View;
struct Iterator;
struct Function;
struct Method;
class NativeClass;
class NativeObject;

struct Value {
  Type type = Type::kNone;
  union {
    int64_t integer = 0;  // kBool, kInt; the number of a kBuiltin
    double number;
    Object* object;
  };
  // Where the value was written: the literal, or the expression that computed it.
  uint32_t begin = 0;
  uint32_t end = 0;
  const Chain* chain = nullptr;  // kNative only

  bool Is(Type t) const { return type == t; }
  bool opaque() const { return type == Type::kOpaque; }
  bool none() const { return type == Type::kNone; }
  bool IsInteger() const { return type == Type::kInt || type == Type::kBool; }
  bool IsNumber() const { return IsInteger() || type == Type::kFloat; }
  double AsDouble() const { return type == Type::kFloat ? number : static_cast<double>(integer); }
  Value At(const Node& node) const {
    Value copy = *this;
    copy.begin = node.begin;
    copy.end = node.end;
    return copy;
  }

  inline Opaque* AsOpaque() const;
  inline Str* AsStr() const;
  inline const std::string& text() const;
  inline List* AsList() const;  // kList and kTuple
  inline Dict* AsDict() const;  // kDict and kSet
  inline View* AsView() const;
  inline Iterator* AsIterator() const;
  inline Function* AsFunction() const;
  inline Method* AsMethod() const;
  inline NativeClass* AsNativeClass() const;
  inline NativeObject* AsNative() const;

  static Value None() { return {}; }
  static Value Bool(bool b) {
    Value v;
    v.type = Type::kBool;
    v.integer = b ? 1 : 0;
    return v;
  }
  static Value Int(int64_t i) {
    Value v;
    v.type = Type::kInt;
    v.integer = i;
    return v;
  }
  static Value Float(double d) {
    Value v;
    v.type = Type::kFloat;
    v.number = d;
    return v;
  }
  static Value Of(Type type, Object* object) {
    Value v;
    v.type = type;
    v.object = object;
    return v;
  }
};

// An unknown value: an imported name, the result of something that is not modelled, or of something
// that Python would refuse. `remark` is the index of the remark that reports it, kNoRemark until it
// has to be reported.
struct Opaque : Object {
  static constexpr size_t kNoRemark = SIZE_MAX;
  std::string path;     // "torch.nn.utils" if it is an imported name or a part of one
  std::string message;  // the text to report: "the value of 'torch.float16' is not known here"
  SourceRange where;
  size_t remark = kNoRemark;
  bool raises = false;  // Python raises an exception here
};

// The unknowns that touched a container: the first of them, up to kMaxTaint, so no set is needed.
using Taint = std::vector<Opaque*>;
void AddTaint(Taint* taint, Opaque* opaque);

struct Str : Object {
  std::string text;     // UTF-8
  int64_t length = -1;  // in code points; -1: not counted yet
};

struct List : Object {  // and tuple
  std::vector<Value> items;
  Taint taint;
  std::string label;     // the name or (better) key it was first stored under, for provenance
  bool has_key = false;  // `label` is a key
};

struct DictItem {
  Value key;
  Value value;
  bool live = true;
};

// In insertion order, as Python's. A set is a Dict without values.
struct Dict : Object {
  std::vector<DictItem> items;  // dead ones stay until the next compaction
  std::unordered_map<std::string, uint32_t> index;
  Taint taint;
  std::string label;
  bool has_default_factory = false;
  Value default_factory;
  const Node* made_by = nullptr;  // the function definition that returned it

  size_t size() const { return index.size(); }
  DictItem* Find(const std::string& hash);
  // Adds or replaces; a replaced key keeps its position but takes the new key's source range, which
  // is where the current value was introduced.
  void Set(const std::string& hash, const Value& key, const Value& value);
  bool Erase(const std::string& hash);
};

struct View : Object {
  enum class Of : uint8_t { kKeys, kValues, kItems } of = Of::kKeys;
  Dict* dict = nullptr;
};

struct Environment;

struct Iterator : Object {
  std::vector<Value> items;
  size_t next = 0;
  // A generator expression: evaluated as it is consumed.
  const Node* generator = nullptr;
  Environment* environment = nullptr;
  Value source;               // the first iterable, evaluated when the generator was created
  Opaque* unknown = nullptr;  // the rest of it is unknown
};

struct Function : Object {
  const Node* node = nullptr;  // function_definition or lambda
  Environment* closure = nullptr;
  std::string name;
  std::vector<std::pair<std::string_view, Value>> defaults;
};

struct Method : Object {
  Value self;
  std::string name;
};

struct Environment : Object {
  Environment* parent = nullptr;  // the enclosing function's, or null for the module's
  Environment* function =
      nullptr;  // where `:=` and assignments go (itself, but for comprehensions)
  std::unordered_map<std::string_view, Value> names;
  std::unordered_map<std::string_view, bool> outer;  // global (true) and nonlocal (false) names
  const std::unordered_map<std::string_view, uint32_t>* locals = nullptr;  // names it assigns
};

inline Opaque* Value::AsOpaque() const { return static_cast<Opaque*>(object); }
inline Str* Value::AsStr() const { return static_cast<Str*>(object); }
inline const std::string& Value::text() const { return AsStr()->text; }
inline List* Value::AsList() const { return static_cast<List*>(object); }
inline Dict* Value::AsDict() const { return static_cast<Dict*>(object); }
inline View* Value::AsView() const { return static_cast<View*>(object); }
inline Iterator* Value::AsIterator() const { return static_cast<Iterator*>(object); }
inline Function* Value::AsFunction() const { return static_cast<Function*>(object); }
inline Method* Value::AsMethod() const { return static_cast<Method*>(object); }

class Heap {
 public:
  template <typename T>
  T* New() {
    auto owned = std::make_unique<T>();
    T* raw = owned.get();
    objects_.push_back(std::move(owned));
    return raw;
  }

 private:
  std::deque<std::unique_ptr<Object>> objects_;
};

// Python's name for a value's type ("str", "dict_items", …).
std::string TypeName(const Value& value);

// A key for Python's == among hashable values; false if the value is not hashable, or a tuple that is
// too long or nested too deep to be a key of a real file.
bool HashKey(const Value& value, std::string* key, int depth = 0);

// Three-valued logic: nullopt means "unknown".
enum class Truth : uint8_t { kFalse, kTrue, kUnknown };
Truth TruthOf(const Value& value);
// What makes a value unknown, entirely or in part; null if nothing does.
Opaque* UnknownPart(const Value& value);
// Python's ==; kUnknown if an unknown part decides, or once `budget` is used up: each pair of values
// that is compared costs 1, and long strings more.
Truth Equal(const Value& a, const Value& b, uint64_t* budget, int depth = 0);

// str(value) and repr(value); false if it is unknown or not modelled.
bool ToStr(const Value& value, std::string* out);
bool ToRepr(const Value& value, std::string* out, int depth = 0);
std::string FloatRepr(double value);

}  // namespace wcheck::python
