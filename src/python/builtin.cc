#include "python/builtin.h"

namespace wcheck::python {
namespace {

struct Row {
  std::string_view module;  // "" for Python's own namespace
  std::string_view name;
  Builtin builtin;
};

constexpr Row kRows[] = {
    {"", "str", Builtin::kStr},
    {"", "int", Builtin::kInt},
    {"", "float", Builtin::kFloat},
    {"", "bool", Builtin::kBool},
    {"", "list", Builtin::kList},
    {"", "tuple", Builtin::kTuple},
    {"", "dict", Builtin::kDict},
    {"", "set", Builtin::kSet},
    {"", "frozenset", Builtin::kFrozenset},
    {"", "object", Builtin::kObject},
    {"", "type", Builtin::kType},
    {"", "len", Builtin::kLen},
    {"", "range", Builtin::kRange},
    {"", "sorted", Builtin::kSorted},
    {"", "zip", Builtin::kZip},
    {"", "enumerate", Builtin::kEnumerate},
    {"", "any", Builtin::kAny},
    {"", "all", Builtin::kAll},
    {"", "map", Builtin::kMap},
    {"", "filter", Builtin::kFilter},
    {"", "reversed", Builtin::kReversed},
    {"", "min", Builtin::kMin},
    {"", "max", Builtin::kMax},
    {"", "sum", Builtin::kSum},
    {"", "abs", Builtin::kAbs},
    {"", "isinstance", Builtin::kIsinstance},
    {"", "hasattr", Builtin::kHasattr},
    {"", "getattr", Builtin::kGetattr},
    {"", "setattr", Builtin::kSetattr},
    {"", "iter", Builtin::kIter},
    {"", "next", Builtin::kNext},
    {"", "print", Builtin::kPrint},
    {"", "repr", Builtin::kRepr},
    {"", "chr", Builtin::kChr},
    {"", "ord", Builtin::kOrd},
    {"", "callable", Builtin::kCallable},
    {"", "format", Builtin::kFormat},
    {"copy", "deepcopy", Builtin::kDeepcopy},
    {"copy", "copy", Builtin::kCopy},
    {"collections", "defaultdict", Builtin::kDefaultdict},
    {"collections", "OrderedDict", Builtin::kDict},
    {"itertools", "chain", Builtin::kChain},
    {"itertools", "product", Builtin::kProduct},
    {"re", "escape", Builtin::kReEscape},
};

// An exception and its base classes, nearest first.
struct ExceptionRow {
  std::string_view name;
  std::string_view base;
};

constexpr ExceptionRow kExceptions[] = {
    {"BaseException", ""},
    {"Exception", "BaseException"},
    {"LookupError", "Exception"},
    {"KeyError", "LookupError"},
    {"IndexError", "LookupError"},
    {"ValueError", "Exception"},
    {"UnicodeError", "ValueError"},
    {"TypeError", "Exception"},
    {"AttributeError", "Exception"},
    {"NameError", "Exception"},
    {"UnboundLocalError", "NameError"},
    {"ArithmeticError", "Exception"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"OverflowError", "ArithmeticError"},
    {"AssertionError", "Exception"},
    {"ImportError", "Exception"},
    {"ModuleNotFoundError", "ImportError"},
    {"RuntimeError", "Exception"},
    {"NotImplementedError", "RuntimeError"},
    {"RecursionError", "RuntimeError"},
    {"StopIteration", "Exception"},
    {"OSError", "Exception"},
};

}  // namespace

std::optional<Builtin> FindBuiltin(std::string_view name) { return FindLibraryFunction("", name); }

std::optional<Builtin> FindLibraryFunction(std::string_view module, std::string_view name) {
  for (const Row& row : kRows) {
    if (row.module == module && row.name == name) return row.builtin;
  }
  return std::nullopt;
}

std::string_view BuiltinName(Builtin builtin) {
  for (const Row& row : kRows) {
    if (row.builtin == builtin) return row.name;
  }
  return builtin == Builtin::kNoneType ? "NoneType" : "from_iterable";
}

bool IsExceptionName(std::string_view name) {
  for (const ExceptionRow& row : kExceptions) {
    if (row.name == name) return true;
  }
  return false;
}

bool IsCaughtBy(std::string_view type, std::string_view handler) {
  while (!type.empty()) {
    if (type == handler) return true;
    std::string_view base;
    for (const ExceptionRow& row : kExceptions) {
      if (row.name == type) base = row.base;
    }
    type = base;
  }
  return false;
}

}  // namespace wcheck::python
