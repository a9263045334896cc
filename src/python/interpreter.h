// The evaluator: walks a syntax tree and computes what Python would, with explicit values.
//
// It never stops at what it does not know. An expression that is not modelled gives an Opaque
// value, which spreads through what is computed from it; a branch or loop whose course is not known
// taints whatever it could have changed. Errors that Python would raise are reported as remarks and
// give an Opaque too, unless a `try` of the file catches them. Only a limit (limits.h) ends the
// evaluation.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wcheck/result.h"

#include "python/builtin.h"
#include "python/limits.h"
#include "python/native.h"
#include "python/syntax_tree.h"
#include "python/value.h"

namespace wcheck::python {

// How a statement ended.
enum class Flow : uint8_t { kNext, kBreak, kContinue, kReturn, kRaise };

// The arguments of a call, evaluated.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> keywords;
  Opaque* unknown = nullptr;  // an unknown * or ** argument
};

// Something to tell about the file: what could not be evaluated, or what was assumed.
struct Remark {
  enum class Kind : uint8_t { kUnsupported, kRaises, kAssumption };
  Kind kind = Kind::kUnsupported;
  SourceRange where;
  std::string message;
};

class Interpreter {
 public:
  // The tree and the client outlive the interpreter.
  Interpreter(const SyntaxTree& tree, Client* client);

  // Runs the module's statements.
  void RunModule();
  // Calls a function of the module without arguments; what it makes is made by the file.
  Value CallBuilder(Function* function);

  Environment* module() { return module_; }
  const std::optional<Error>& fatal() const { return fatal_; }
  std::vector<Remark>& remarks() { return remarks_; }
  Heap& heap() { return heap_; }
  const SyntaxTree& tree() const { return tree_; }

  // The index of the remark that reports `opaque`, created if there is none yet.
  size_t Report(Opaque* opaque);
  SourceRange RangeOf(const Node& node) const { return {tree_.file, node.begin, node.end}; }
  SourceRange RangeOf(const Value& v) const { return {tree_.file, v.begin, v.end}; }
  // Adds a step to the provenance of an object that keeps its steps.
  Value WithStep(Value value, std::string what, SourceRange where);
  // Iterates like `for` until `each` returns false. False (and *unknown set) if the iteration is
  // unknown, entirely or from some point on.
  bool ForEach(const Value& iterable, const Node& where, Opaque** unknown,
               const std::function<bool(const Value&)>& each);

  // --- for native classes --------------------------------------------------------------------
  // Counts bytes that are built; false when there are too many.
  bool Charge(uint64_t bytes, const Node& node);
  // How many can still be built.
  uint64_t RoomForValues() const { return kMaxValueBytes - std::min(bytes_, kMaxValueBytes); }
  // A new unknown, and the value that is one.
  Opaque* NewOpaque(std::string message, const Node& node);
  Value OpaqueValue(Opaque* opaque, const Node& node) const;
  // A construct that is not modelled: reported at once.
  Value Unsupported(std::string what, const Node& node);
  // An error that Python would raise here.
  Value Raise(std::string type, std::string message, const Node& node);
  // Something that is taken to be so: told once a place, or once a file.
  void Assume(std::string message, const Node& node, bool once_a_file = false);
  Value NewStr(std::string text, const Node& node);
  Value NewList(Type type, std::vector<Value> items, const Node& node);
  // The value of an object that a native class made here, with the calls that led to it.
  Value Made(NativeObject* object, const Node& node);
  // Takes the named arguments in order, complaining as Python does; those that are not given are
  // nullopt. False, with the value to return instead, if they do not fit.
  bool Bind(std::string_view function, std::initializer_list<std::string_view> names,
            size_t required, const Arguments& arguments, std::vector<std::optional<Value>>* out,
            const Node& node, Value* failure);

 private:
  // --- failure -------------------------------------------------------------------------------
  bool stopped() const { return fatal_.has_value() || raised_.has_value(); }
  bool Step(const Node& node);  // counts; false once a limit is reached
  bool Work(uint64_t steps, const Node& node);  // the same for many at once
  // Searching strings: about the steps of looking for `part` at every place of `text`.
  bool SearchWork(std::string_view text, std::string_view part, const Node& node);
  void Fatal(const Node& node, std::string message, std::string advice);
  // The advice for a limit: `instead`, or what the client offers.
  std::string Or(std::string instead) const;

  bool Iterate(const Value& iterable, const Node& where, Opaque** unknown,
               const std::function<bool(const Value&)>& each);

  // --- values --------------------------------------------------------------------------------
  Value NewDict(Type type, const Node& node);
  Value NewIterator(std::vector<Value> items, const Node& node);
  int64_t LengthOf(const Value& str);
  bool Hash(const Value& value, const Node& node, std::string* hash, Value* failure);
  Truth Same(const Value& a, const Value& b, const Node& node);  // ==, and its work
  // ToRepr or ToStr, and their work.
  bool Show(const Value& value, bool repr, const Node& node, std::string* out);
  bool IsGenerator(const Node& function);
  void Store(Dict* dict, const std::string& hash, const Value& key, const Value& value,
             const Node& node);
  // All items of an iterable; the taint of the result says what is unknown.
  std::vector<Value> Items(const Value& iterable, const Node& where, Opaque** unknown);
  std::vector<Value> CopyItems(const Value& list, const Node& where);
  // Marks a value and everything reachable from it, or only the container.
  void TaintValue(const Value& value, Opaque* opaque);
  void TaintContainer(const Value& value, Opaque* opaque);
  Value DeepCopy(const Value& value, const Node& node,
                 std::unordered_map<const Object*, Value>* done, int depth);
  std::string LabelOf(const Value& value) const;

  // --- expressions (expression.cc, operators.cc, strings.cc, comprehension.cc) -----------------
  Value Eval(const Node& node);
  Value EvalInner(const Node& node);
  Value EvalName(const Node& node);
  Value EvalDisplay(const Node& node, Type type);
  Value EvalDict(const Node& node);
  Value EvalAttribute(const Node& node);
  Value GetAttribute(const Value& object, std::string_view name, const Node& node);
  Value EvalSubscript(const Node& node);
  Value Index(const Value& object, const Value& index, const Node& node);
  struct Bounds {
    bool ok = false;
    Opaque* unknown = nullptr;
    int64_t start = 0, stop = 0, step = 1;
    size_t count = 0;
  };
  Bounds EvalSlice(const Node& slice, int64_t length);
  Value Slice(const Value& object, const Node& slice, const Node& node);
  Value EvalUnary(const Node& node);
  Value EvalBinary(const Node& node);
  Value Binary(std::string_view op, const Value& a, const Value& b, const Node& node);
  Value Arithmetic(std::string_view op, const Value& a, const Value& b, const Node& node);
  Value SetOperation(std::string_view op, const Value& a, const Value& b, const Node& node);
  Value Repeat(const Value& sequence, int64_t times, const Node& node);
  Value EvalBoolean(const Node& node);
  Value EvalComparison(const Node& node);
  Truth Compare(std::string_view op, const Value& a, const Value& b, const Node& node,
                Value* failure);
  Truth Contains(const Value& container, const Value& item, const Node& node, Value* failure);
  Truth Less(const Value& a, const Value& b, const Node& node, Value* failure, int depth = 0);
  Value EvalConditional(const Node& node);
  Value EvalNamed(const Node& node);
  Value EvalNumber(const Node& node);

  Value EvalString(const Node& node);
  Value EvalConcatenated(const Node& node);
  // Appends the string's text; false with *failure set if a part is unknown.
  bool AppendString(const Node& node, std::string* out, Value* failure);
  bool AppendFormat(const Node& interpolation, std::string* out, Value* failure);
  bool FormatValue(const Value& value, std::string_view conversion, std::string_view spec_text,
                   const Node& node, std::string* out, Value* failure);
  Value PercentFormat(const Value& format, const Value& arguments, const Node& node);
  Value StrFormat(const std::string& format, const Arguments& arguments, const Node& node);

  Value EvalComprehension(const Node& node);
  Value EvalGenerator(const Node& node);
  // Runs the clauses of a comprehension from `clause` on; calls `each` for every iteration. False
  // stops.
  bool RunClauses(const Node& node, size_t clause, const Value* first, Opaque** unknown,
                  const std::function<bool()>& each);
  Environment* ComprehensionScope();

  // --- calls (call.cc, builtins.cc, methods.cc, transforms.cc) ----------------------------------
  Value EvalCall(const Node& node);
  Arguments EvalArguments(const Node& list);
  Value Call(const Value& callee, Arguments& arguments, const Node& node);
  Value CallFunction(Function* function, Arguments& arguments, const Node& node, bool builder);
  bool BindParameters(Function* function, Arguments& arguments, const Node& node,
                      Environment* scope, Value* failure);
  Value CallOpaque(const Value& callee, Arguments& arguments, const Node& node);
  Value CallBuiltin(Builtin which, Arguments& arguments, const Node& node);
  Value CallBuiltinInner(Builtin which, Arguments& arguments, const Node& node);
  Value CallMethod(Method* method, Arguments& arguments, const Node& node);
  // What a call gives that fits no method as it is modelled: an error of Python's if the type has no
  // such method.
  Value NoSuchCall(const Value& self, std::string_view method, const Node& node);
  Value StrMethod(const Value& self, std::string_view name, Arguments& arguments, const Node& node);
  Value ListMethod(const Value& self, std::string_view name, Arguments& arguments,
                   const Node& node);
  Value DictMethod(const Value& self, std::string_view name, Arguments& arguments,
                   const Node& node);
  Value SetMethod(const Value& self, std::string_view name, Arguments& arguments, const Node& node);
  Value DictUpdate(const Value& self, Arguments& arguments, const Node& node);
  Value SortItems(std::vector<Value> items, Arguments& arguments, const Node& node, bool* ok);
  Value IsInstance(const Value& value, const Value& cls, const Node& node, int depth = 0);
  Value Extreme(Arguments& arguments, bool smallest, const Node& node);

  // --- statements (statement.cc, taint.cc, imports.cc, match.cc) ---------------------------------
  Flow ExecBlock(const Node& block);
  Flow Exec(const Node& node);
  // Of the body of a class, only the attributes that the client wants are evaluated.
  void ExecClassBody(const Node& node);
  void ExecExpression(const Node& node);
  void ExecAssignment(const Node& node);
  void ExecAugmented(const Node& node);
  Flow ExecIf(const Node& node);
  Flow ExecFor(const Node& node);
  Flow ExecWhile(const Node& node);
  void TaintRound(const Node& body);
  Flow ExecTry(const Node& node);
  Flow ExecWith(const Node& node);
  Flow ExecReturn(const Node& node);
  Flow ExecRaise(const Node& node);
  Flow ExecMatch(const Node& node);
  Truth MatchPattern(const Node& pattern, const Value& subject);
  void ExecAssert(const Node& node);
  void ExecDelete(const Node& node);
  void ExecFunction(const Node& node);
  void AddDefaults(const Node& parameters, Function* function);
  void ExecImport(const Node& node);
  void ExecImportFrom(const Node& node);
  void ExecTypeChecking(const Node& block);
  Value ImportedName(std::string_view module, std::string_view name, const Node& node);
  void Assign(const Node& target, const Value& value);
  void AssignSubscript(const Node& target, const Value& value);
  void AssignAttribute(const Node& target, const Value& value);
  void Unpack(const Node& target, const Value& value);
  void Bind(std::string_view name, const Value& value);
  const Value* Lookup(std::string_view name, bool* unbound);
  Environment* Scope() { return scope_; }

  // Makes everything that executing `node` could change unknown.
  void TaintAssigned(const Node& node, Opaque* opaque, bool in_loop = false);
  void TaintTarget(const Node& target, Opaque* opaque);
  // The object at the start of a chain of subscripts, attributes and calls.
  void TaintRoot(const Node& chain, Opaque* opaque);
  void TaintGlobals(const Node& body, Opaque* opaque);
  // The value of a plain chain of names and constant subscripts, without side effects.
  std::optional<Value> Peek(const Node& node);
  const std::unordered_map<std::string_view, uint32_t>* LocalsOf(const Node& function);

  struct Raised {
    std::string type;
    std::string message;
    Opaque* opaque;
  };
  struct Frame {
    Function* function = nullptr;
    SourceRange call;  // null for the builder's
    Value result;
    bool returned = false;
    Taint taint;  // of the result: a return that might have happened
    std::vector<Value> yielded;
    bool is_generator = false;
  };
  struct Context {
    std::string what;
    SourceRange where;
  };

  const SyntaxTree& tree_;
  Client& client_;
  Heap heap_;
  Environment* module_;
  Environment* scope_;
  std::vector<Frame> frames_;
  std::vector<Context> contexts_;  // the calls and comprehensions that are currently evaluated
  std::vector<Remark> remarks_;
  std::set<std::pair<uint32_t, std::string>> reported_;  // offset and message, once each
  std::optional<Error> fatal_;
  std::optional<Raised> raised_;
  int handlers_ = 0;  // enclosing `try` statements that catch
  uint64_t steps_ = 0;
  uint64_t bytes_ = 0;
  int depth_ = 0;
  bool any_name_ = false;  // a star import, or globals() and the like, may bind any name
  size_t natives_made_ = 0;
  std::set<const Node*> tainting_;   // functions whose reach is being tainted
  bool any_order_ = false;           // the order of the iteration does not matter
  Opaque* round_unknown_ = nullptr;  // a `break` or `continue` that might have happened
  std::unordered_map<const Node*, std::unordered_map<std::string_view, uint32_t>> locals_;
  std::unordered_map<const Node*, bool> generators_;  // whether a function has a `yield`
};

}  // namespace wcheck::python
