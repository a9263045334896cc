// The object evaluator: modules, classes, instances, exceptions and generators of Python, over
// files that a Files gives it. docs/evaluator.md says why it stands beside the evaluator of
// registries.
//
// What is not known is a value, an Unknown with its reason. It spreads through what is computed
// from it; a branch that depends on one throws Open, which nothing of Python can catch.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wcheck/source_file.h"

#include "python/machine/code.h"
#include "python/machine/limits.h"
#include "python/machine/value.h"

namespace wcheck::machine {

// An exception of Python, thrown through C++.
struct Raised {
  Value exception;
};
// A branch, a loop or a name depends on something unknown.
struct Open {
  Unknown* unknown;
};

// Where modules come from.
class Files {
 public:
  virtual ~Files() = default;
  // The text of a module ("a.b.c"), and whether it is a package; nullopt if there is none.
  struct Text {
    std::string path;
    std::string text;
    bool package = false;
  };
  virtual std::optional<Text> Read(const std::string& module) = 0;
  // Whether `module` or anything in it can be read.
  virtual bool Has(const std::string& module) = 0;
};

struct Limits {
  uint64_t steps = kMaxClassSteps;
  uint64_t module_steps = kMaxFileSteps;
  uint64_t calls = kMaxClassCalls;
  uint64_t bytes = kMaxClassBytes;
};

// Native code that calls itself, as deep as a value is nested: no deeper than the stack bears.
class Nested {
 public:
  explicit Nested(int* depth) : depth_(depth) {
    if (*depth_ >= kMost) throw LimitReached{"call depth"};
    ++*depth_;
  }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  ~Nested() { --*depth_; }

 private:
  static constexpr int kMost = 2000;
  int* depth_;
};

struct Frame {
  Code* code = nullptr;
  Function* function = nullptr;
  Value* slots = nullptr;
  Value* stack = nullptr;
  Value* top = nullptr;  // one past the last value, while the frame does not run
  const Instruction* next = nullptr;
  Dict* globals = nullptr;
  Dict* names = nullptr;  // of a class body or module
  Object* module = nullptr;
  Frame* back = nullptr;
};

struct NativeEntry {
  const char* name;
  NativeCode code;
};

class Machine {
 public:
  explicit Machine(Files* files);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // --- limits -----------------------------------------------------------------------------------
  // Begins a new account: steps and bytes are counted from here.
  void Begin(const Limits& limits);
  void Step() {
    if (steps_left_-- == 0) throw LimitReached{"steps"};
  }
  uint64_t steps_left() const { return steps_left_; }
  size_t used_bytes() const { return arena_.used(); }
  Arena& arena() { return arena_; }

  // --- making values ----------------------------------------------------------------------------
  Str* Intern(std::string_view text);
  Str* Intern(Str* text);
  Str* NewStr(std::string_view text);
  Str* NewPermanentStr(std::string_view text);
  Value String(std::string_view text) { return Obj(NewStr(text)); }
  Tuple* NewTuple(size_t size);
  Tuple* NewTuple(std::span<const Value> items);
  Tuple* NewPermanentTuple(std::span<const Value> items);
  List* NewList();
  List* NewList(std::span<const Value> items);
  Dict* NewDict();
  Set* NewSet(bool frozen = false);
  Value NewUnknown(std::string_view why);
  Native* NewNative(std::string_view name, NativeCode code, bool method = false,
                    const void* data = nullptr);
  Value NewIterator(Iterator::Next next, Value source, int64_t limit = 0, Value extra = {});
  Value Bind(const Value& self, const Value& function);
  Value ellipsis() const { return ellipsis_; }
  Value not_implemented() const { return not_implemented_; }
  template <typename T>
  T* New(Class* type, Form form) {
    T* object = arena_.New<T>();
    object->type = type;
    object->form = form;
    return object;
  }

  // --- dicts and sets ---------------------------------------------------------------------------
  uint64_t Hash(const Value& key);  // raises TypeError
  Dict::Entry* Find(const Dict& dict, const Value& key);
  Dict::Entry* Find(const Dict& dict, const Str* name);
  Value* Get(const Dict& dict, std::string_view name);
  void Set_(Dict* dict, const Value& key, const Value& value);
  void Set_(Dict* dict, Str* name, const Value& value) { Set_(dict, Obj(name), value); }
  void Set_(Dict* dict, std::string_view name, const Value& value) {
    Set_(dict, Obj(Intern(name)), value);
  }
  bool Erase(Dict* dict, const Value& key);
  void Clear(Dict* dict);
  void CopyInto(Dict* to, const Dict& from);
  bool Add(Set* set, const Value& key);

  // --- classes ----------------------------------------------------------------------------------
  Class* ClassOf(const Value& value) const;
  // A class of native code; `methods` end with a null name.
  Class* NewNativeClass(std::string_view name, std::initializer_list<Class*> bases, Form form,
                        std::string_view module = "builtins");
  void AddMethod(Class* cls, std::string_view name, NativeCode code);
  void AddStatic(Class* cls, std::string_view name, NativeCode code);
  void AddClassMethod(Class* cls, std::string_view name, NativeCode code);
  void AddAccessor(Class* cls, std::string_view name, Getter get, Setter set = nullptr);
  Value MakeClass(Class* meta, Str* name, Tuple* bases, Dict* dict, const Arguments& keywords);
  Value BuildClass(const Value& body, Str* name, std::span<const Value> bases, Dict* keywords);
  // In the class's order of resolution; null if there is none.
  Value* LookUp(const Class* cls, Str* name);
  Value* LookUp(const Class* cls, std::string_view name) { return LookUp(cls, Intern(name)); }
  static bool IsSubclass(const Class* cls, const Class* base);
  bool IsInstance(const Value& value, const Class* cls) { return IsSubclass(ClassOf(value), cls); }
  // With everything that `isinstance` takes; raises.
  Value IsInstanceOf(const Value& value, const Value& classes);
  Value IsSubclassOf(const Value& cls, const Value& classes);
  Dict* AnnotationsOf(Class* cls, bool evaluated);
  void ForgetLookups();

  // --- attributes -------------------------------------------------------------------------------
  Value GetAttribute(const Value& object, Str* name);
  Value GetAttribute(const Value& object, std::string_view name) {
    return GetAttribute(object, Intern(name));
  }
  // False where GetAttribute would raise AttributeError.
  bool FindAttribute(const Value& object, Str* name, Value* out);
  bool FindAttribute(const Value& object, std::string_view name, Value* out) {
    return FindAttribute(object, Intern(name), out);
  }
  // As object.__getattribute__ does; false if there is none.
  bool GenericFind(const Value& object, Str* name, Value* out);
  void SetAttribute(const Value& object, Str* name, const Value& value);
  void SetAttribute(const Value& object, std::string_view name, const Value& value) {
    SetAttribute(object, Intern(name), value);
  }
  void GenericSet(const Value& object, Str* name, const Value& value);
  void DeleteAttribute(const Value& object, Str* name);
  void GenericDelete(const Value& object, Str* name);
  // What an attribute of a class is for an instance (null: for the class itself).
  Value BindAttribute(const Value& attribute, const Value& self, Class* type);

  // --- calls ------------------------------------------------------------------------------------
  Value Call(const Value& callee, const Arguments& arguments);
  Value Call(const Value& callee, std::initializer_list<Value> arguments = {}) {
    return Call(callee, Arguments{arguments.begin(), static_cast<uint32_t>(arguments.size()), {}});
  }
  Value CallMethod(const Value& object, std::string_view name,
                   std::initializer_list<Value> arguments = {});
  Value CallExtended(const Value& callee, std::span<const Value> positional, const Dict* keywords);
  Value Construct(Class* cls, const Arguments& arguments);
  Value NewObject(Class* cls);
  // The special method of a value's class, bound; false if there is none.
  bool Special(const Value& value, Str* name, Value* out);

  // --- operations -------------------------------------------------------------------------------
  bool Truth(const Value& value);  // throws Open
  Value TruthValue(const Value& value);
  Value Binary(python::Op op, const Value& a, const Value& b, bool in_place = false);
  Value Unary(python::Op op, const Value& value);
  Value Compare(python::Op op, const Value& a, const Value& b);
  bool Equal(const Value& a, const Value& b);  // throws Open
  Value Contains(const Value& container, const Value& item);
  Value GetIndex(const Value& object, const Value& index);
  void SetIndex(const Value& object, const Value& index, const Value& value);
  void DeleteIndex(const Value& object, const Value& index);
  Value Length(const Value& value);
  Value Iterate(const Value& value);
  Value Next(const Value& iterator);  // null at the end
  // All items; throws Open if the iteration is unknown.
  std::vector<Value> Items(const Value& iterable);
  void ForEach(const Value& iterable, const std::function<void(const Value&)>& each);
  // Throws Open for an unknown, raises TypeError for what is no integer.
  int64_t Index(const Value& value);
  bool IsInteger(const Value& value, int64_t* out) const;  // bools and subclasses as well
  bool IsNumber(const Value& value, double* out) const;
  // nullopt if a part is unknown.
  std::optional<std::string> ToStr(const Value& value);
  std::optional<std::string> ToRepr(const Value& value);
  Value Format(const Value& value, uint32_t conversion, const Value* specification);
  Value DeepCopy(const Value& value, Dict* memo);
  Value Copy(const Value& value);
  Value Less(const Value& a, const Value& b) { return Compare(python::Op::kLess, a, b); }

  // --- exceptions -------------------------------------------------------------------------------
  [[noreturn]] void Raise(std::string_view type, std::string message);
  [[noreturn]] void RaiseAt(std::string_view type, std::string message, ModuleFile* file,
                            const Node* node);
  [[noreturn]] void RaiseObject(const Value& exception);
  // The class of a built-in exception.
  Class* ExceptionClass(std::string_view name);
  bool IsException(const Value& exception, std::string_view type);
  // "TypeError: message"
  std::string Describe(const Value& exception);
  // Where the last exception was raised, innermost place first.
  const std::vector<SourceRange>& trace() const { return trace_; }

  // --- modules ----------------------------------------------------------------------------------
  // The module, evaluated; raises ImportError.
  Module* Import(Str* name);
  Module* Import(std::string_view name) { return Import(Intern(name)); }
  // A module that native code fills, made if it is not there.
  Module* NativeModule(std::string_view name);
  // The module without evaluating it; null if there is none.
  Module* FindModule(Str* name);
  void Evaluate(Module* module);
  bool FindInModule(Module* module, Str* name, Value* out);
  Value ImportFrom(Str* module, Str* name);
  Value Resolve(const Value& value) {
    return value.Is(Form::kLazy) ? ResolveLazy(value.As<Lazy>()) : value;
  }
  Value ResolveLazy(Lazy* lazy);
  std::string AbsoluteModule(const ModuleFile& file, std::string_view written) const;
  std::string AbsoluteModule(std::string_view package, std::string_view written) const;
  Dict* modules() { return modules_; }
  ModuleFile* FileOf(const std::string& name);  // parsed; null if there is none
  // A file that was parsed, by the path that its module has as __file__; null if there is none.
  const ModuleFile* FileWithPath(std::string_view path) const;
  // A source that comes with the program: a stand-in for a module.
  void AddStandIn(std::string name, std::string_view text);
  bool HasStandIn(const std::string& name) const { return stand_ins_.count(name) != 0; }
  // A module whose statements native code runs first.
  void AddNativeInit(std::string name, std::function<void(Machine&, Module*)> init);
  Files* files() const { return files_; }

  // --- where it is ------------------------------------------------------------------------------
  SourceRange Where() const;
  Frame* frame() const { return frame_; }
  Value Run(Frame* frame, const Value* thrown = nullptr);
  Value Resume(Generator* generator, const Value& sent, const Value* thrown);
  int depth() const { return depth_; }
  // The native function that runs now.
  const Native* native = nullptr;

  // Called when an unknown stops the construction of an instance of `partial_class`: the half-built
  // instance goes on as a partial one.
  Class* partial_class = nullptr;
  std::function<void(Machine&, const Value& instance, Unknown*)> on_partial;
  std::function<void(Machine&, const Value& instance)> on_construct;
  // A statement of a module could not be evaluated.
  std::function<void(const SourceRange&, const std::string& why)> on_module_fault;
  // The module that exports a name which `package` gives nobody by an import, as a package that looks
  // through its folders when it is imported does; empty if there is none.
  std::function<std::string(const std::string& package, std::string_view name)> find_export;
  // An unknown was called with something that can be changed.
  std::function<void(Machine&, Unknown*)> on_unknown_call;
  // The state of a client, which is restored when an unknown unwinds; and the one that a module
  // begins with, whoever makes it run.
  std::function<uint64_t()> save_state;
  std::function<void()> reset_state;
  std::function<void(uint64_t)> restore_state;

  // Built-in classes.
  Class *object_class, *type_class, *none_class, *bool_class, *int_class, *float_class, *str_class,
      *tuple_class, *list_class, *dict_class, *set_class, *frozenset_class, *function_class,
      *native_class, *method_class, *module_class, *cell_class, *generator_class, *iterator_class,
      *range_class, *slice_class, *property_class, *accessor_class, *staticmethod_class,
      *classmethod_class, *super_class, *view_class, *unknown_class, *ellipsis_class,
      *not_implemented_class, *complex_class, *bytes_class, *defaultdict_class, *ordered_dict_class,
      *alias_class, *union_class;
  Dict* builtins = nullptr;

  // Names that native code asks for often.
  struct Names {
    Str *init, *new_, *call, *getattribute, *getattr, *setattr, *delattr, *get, *set, *delete_,
        *set_name, *init_subclass, *class_getitem, *len, *bool_, *iter, *next, *getitem, *setitem,
        *delitem, *contains, *eq, *ne, *lt, *le, *gt, *ge, *hash, *str, *repr, *format, *enter,
        *exit, *index, *int_, *float_, *class_, *dict, *name, *qualname, *module, *doc, *bases,
        *mro, *mro_entries, *instancecheck, *subclasscheck, *annotations, *annotate, *args,
        *missing, *copy, *deepcopy, *file, *all, *path, *neg, *pos, *abs, *invert, *prepare,
        *wrapped, *defaults, *kwdefaults, *code, *globals, *builtins, *package, *func, *self_,
        *subclasses, *get_, *reversed, *main, *bool_name;
    std::array<Str*, 16> binary, reflected, in_place;
  } names;

 private:
  friend class Setup;

  struct Lookup {
    const Class* cls = nullptr;
    const Str* name = nullptr;
    Value* value = nullptr;
    uint64_t epoch = 0;
  };

  Value CallFunction(Function* function, const Arguments& arguments);
  bool BindParameters(Function* function, const Arguments& arguments, Value* slots);
  Value CallClass(Class* cls, const Arguments& arguments);
  Value CallUnknown(const Value& callee, const Arguments& arguments);
  Value RunLoop(Frame* frame);
  Value* PushFrameMemory(size_t count);
  void EnterFunction(Frame* frame, Function* function);
  bool MroOf(Class* cls, Tuple* bases);
  Value Arithmetic(python::Op op, const Value& a, const Value& b, bool* handled);
  Value SequenceOperation(python::Op op, const Value& a, const Value& b, bool in_place, bool* handled);
  Value NewException(Class* cls, std::string message);
  void RunModuleBody(Module* module, Code* code);
  void Insert(Dict* dict, uint64_t hash, const Value& key, const Value& value);
  void Rehash(Dict* dict);
  Value FormatValue(const Value& value, std::string_view specification);
  void SetUpBuiltins();

  Files* files_;
  Arena arena_;
  std::unordered_map<std::string_view, Str*> interned_;
  std::unordered_map<std::string, std::unique_ptr<ModuleFile>> sources_;
  std::unordered_map<std::string, std::string_view> stand_ins_;
  std::unordered_map<std::string, std::function<void(Machine&, Module*)>> native_inits_;
  Dict* modules_ = nullptr;
  std::vector<Lookup> lookups_;
  uint64_t lookup_epoch_ = 1;
  std::unique_ptr<std::byte[]> stack_memory_;
  Value* stack_ = nullptr;
  size_t stack_used_ = 0;
  Frame* frame_ = nullptr;
  int depth_ = 0;
  int max_depth_ = 400;
  int native_depth_ = 0;
  uint64_t steps_left_ = UINT64_MAX;
  uint64_t module_steps_ = kMaxFileSteps;
  Value ellipsis_, not_implemented_;
  std::vector<SourceRange> trace_;
  bool yielded_ = false;
  Value generator_result_;
  python::FileId file_count_ = 0;
};

// Fills in the built-in functions, classes and modules of the evaluator's own.
void SetUpContainers(Machine& m);
void SetUpStrings(Machine& m);
void SetUpFunctions(Machine& m);
void SetUpModules(Machine& m);

}  // namespace wcheck::machine
