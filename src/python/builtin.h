// The functions and types of Python and of its standard library that the evaluator models.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wcheck::python {

enum class Builtin : uint8_t {
  // Types, usable in isinstance() too.
  kStr,
  kInt,
  kFloat,
  kBool,
  kList,
  kTuple,
  kDict,
  kSet,
  kFrozenset,
  kObject,
  kType,
  kNoneType,
  // Functions.
  kLen,
  kRange,
  kSorted,
  kZip,
  kEnumerate,
  kAny,
  kAll,
  kMap,
  kFilter,
  kReversed,
  kMin,
  kMax,
  kSum,
  kAbs,
  kIsinstance,
  kHasattr,
  kGetattr,
  kSetattr,
  kIter,
  kNext,
  kPrint,
  kRepr,
  kChr,
  kOrd,
  kCallable,
  kFormat,
  // Of the standard library.
  kDeepcopy,
  kCopy,
  kDefaultdict,
  kChain,
  kChainFromIterable,
  kProduct,
  kReEscape,
};

// A name of Python's own namespace.
std::optional<Builtin> FindBuiltin(std::string_view name);
// A name of a module ("copy", "deepcopy").
std::optional<Builtin> FindLibraryFunction(std::string_view module, std::string_view name);
// Python's name for it.
std::string_view BuiltinName(Builtin builtin);
// True for names of Python's exceptions ("KeyError"), and whether `type` is caught by `handler`.
bool IsExceptionName(std::string_view name);
// True for a name of Python's own namespace that is not modelled: using it is no NameError.
bool IsOtherBuiltin(std::string_view name);
// False if objects of this built-in type ("str", "list", "tuple", "dict", "set") have no attribute of
// this name; true for a type that is not in the table.
bool HasMethod(std::string_view type, std::string_view name);
bool IsCaughtBy(std::string_view type, std::string_view handler);

}  // namespace wcheck::python
