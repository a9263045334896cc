// What a client of the evaluator adds to Python: classes of its own, their objects, and what names
// of imported modules stand for. The evaluator knows the objects only by these interfaces.
//
// Classes and the client outlive the interpreter; objects belong to its heap.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "python/value.h"

namespace wcheck::python {

class Interpreter;
struct Arguments;

class NativeClass : public Object {
 public:
  virtual std::string_view name() const = 0;
  // What calling the class gives; Interpreter::Made turns a new object into a value.
  virtual Value Call(Interpreter* python, Arguments* arguments, const Node& node) = 0;
  // isinstance(object, this class)
  virtual bool Holds(const NativeObject& object) const = 0;
};

class NativeObject : public Object {
 public:
  virtual NativeClass* type() const = 0;
  virtual Value GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                             const Node& node) = 0;
  // nullopt if it is not known.
  virtual std::optional<bool> HasAttribute(std::string_view name) const { return std::nullopt; }
  virtual void SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                            const Value& value, const Node& node) = 0;
  // A copy that shares its parts, for copy.copy(); and what copy.deepcopy() does to such a copy:
  // every part becomes `copy(part)`.
  virtual NativeObject* Copy(Heap* heap) const = 0;
  virtual void CopyParts(const std::function<Value(const Value&)>& copy) {}
  // The unknowns that touched it; null for objects that nothing can change.
  virtual Taint* taint() { return nullptr; }
  // True if values of it carry the steps by which they came to where they are (Value::chain).
  virtual bool KeepsSteps() const { return false; }

  size_t number = 0;  // in the order in which such objects were made
};

class Client {
 public:
  virtual ~Client() = default;
  // What a name stands for that a file imports, from whatever module, or uses without an import;
  // nullopt if the client has none of this name.
  virtual std::optional<Value> Find(std::string_view name) = 0;
  // True for a function of the file that makes what the file is for: what is made in it counts as
  // made by the file, not by who calls it.
  virtual bool IsBuilder(std::string_view function) const { return false; }
  // An attribute that a class of the file sets in its body; called for the names that the client wants.
  virtual bool WantsClassAttribute(std::string_view name) const { return false; }
  virtual void ClassAttribute(const Value& class_name, const Value& value) {}
  // `__name__` in the file.
  virtual std::string_view ModuleName() const { return "__main__"; }
  // What a user can do where a file asks for too much: "give wcheck …".
  virtual std::string_view Alternative() const { return "use a smaller file"; }
};

inline NativeClass* Value::AsNativeClass() const { return static_cast<NativeClass*>(object); }
inline NativeObject* Value::AsNative() const { return static_cast<NativeObject*>(object); }

}  // namespace wcheck::python
