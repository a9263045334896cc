#include "python/builtin.h"

#include <algorithm>

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

// What else Python has in its own namespace, or gives a module, up to 3.13.
constexpr std::string_view kOthers[] = {
    "BaseExceptionGroup", "BlockingIOError", "BrokenPipeError", "BufferError", "BytesWarning",
    "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError",
    "ConnectionResetError", "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning",
    "EnvironmentError", "ExceptionGroup", "FileExistsError", "FileNotFoundError",
    "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportWarning",
    "IndentationError", "InterruptedError", "IsADirectoryError", "KeyboardInterrupt", "MemoryError",
    "NotADirectoryError", "NotImplemented", "PendingDeprecationWarning", "PermissionError",
    "ProcessLookupError", "PythonFinalizationError", "ReferenceError", "ResourceWarning",
    "RuntimeWarning", "StopAsyncIteration", "SyntaxError", "SyntaxWarning", "SystemError",
    "SystemExit", "TabError", "TimeoutError", "UnicodeDecodeError", "UnicodeEncodeError",
    "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "Warning", "__build_class__",
    "__builtins__", "__cached__", "__debug__", "__doc__", "__file__", "__import__", "__loader__",
    "__name__", "__package__", "__path__", "__spec__", "aiter", "anext", "ascii", "bin",
    "breakpoint", "bytearray", "bytes", "classmethod", "compile", "complex", "copyright", "credits",
    "delattr", "dir", "divmod", "eval", "exec", "exit", "globals", "hash", "help", "hex", "id",
    "input", "issubclass", "license", "locals", "memoryview", "oct", "open", "pow", "property",
    "quit", "round", "slice", "staticmethod", "super", "vars",
};

struct MethodRow {
  std::string_view type;
  std::string_view name;
};

constexpr MethodRow kMethods[] = {
    // Of the kinds of dict in `collections`.
    {"dict", "default_factory"}, {"dict", "move_to_end"},
    {"str", "capitalize"}, {"str", "casefold"}, {"str", "center"}, {"str", "count"},
    {"str", "encode"}, {"str", "endswith"}, {"str", "expandtabs"}, {"str", "find"},
    {"str", "format"}, {"str", "format_map"}, {"str", "index"}, {"str", "isalnum"},
    {"str", "isalpha"}, {"str", "isascii"}, {"str", "isdecimal"}, {"str", "isdigit"},
    {"str", "isidentifier"}, {"str", "islower"}, {"str", "isnumeric"}, {"str", "isprintable"},
    {"str", "isspace"}, {"str", "istitle"}, {"str", "isupper"}, {"str", "join"}, {"str", "ljust"},
    {"str", "lower"}, {"str", "lstrip"}, {"str", "maketrans"}, {"str", "partition"},
    {"str", "removeprefix"}, {"str", "removesuffix"}, {"str", "replace"}, {"str", "rfind"},
    {"str", "rindex"}, {"str", "rjust"}, {"str", "rpartition"}, {"str", "rsplit"},
    {"str", "rstrip"}, {"str", "split"}, {"str", "splitlines"}, {"str", "startswith"},
    {"str", "strip"}, {"str", "swapcase"}, {"str", "title"}, {"str", "translate"}, {"str", "upper"},
    {"str", "zfill"},
    {"list", "append"}, {"list", "clear"}, {"list", "copy"}, {"list", "count"}, {"list", "extend"},
    {"list", "index"}, {"list", "insert"}, {"list", "pop"}, {"list", "remove"}, {"list", "reverse"},
    {"list", "sort"},
    {"tuple", "count"}, {"tuple", "index"},
    {"dict", "clear"}, {"dict", "copy"}, {"dict", "fromkeys"}, {"dict", "get"}, {"dict", "items"},
    {"dict", "keys"}, {"dict", "pop"}, {"dict", "popitem"}, {"dict", "setdefault"},
    {"dict", "update"}, {"dict", "values"},
    {"set", "add"}, {"set", "clear"}, {"set", "copy"}, {"set", "difference"},
    {"set", "difference_update"}, {"set", "discard"}, {"set", "intersection"},
    {"set", "intersection_update"}, {"set", "isdisjoint"}, {"set", "issubset"},
    {"set", "issuperset"}, {"set", "pop"}, {"set", "remove"}, {"set", "symmetric_difference"},
    {"set", "symmetric_difference_update"}, {"set", "union"}, {"set", "update"},
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

bool IsOtherBuiltin(std::string_view name) {
  return std::ranges::find(kOthers, name) != std::end(kOthers);
}

bool HasMethod(std::string_view type, std::string_view name) {
  const bool known =
      std::ranges::any_of(kMethods, [&](const MethodRow& row) { return row.type == type; });
  // Every object has some special ones, "__len__" and the like.
  if (!known || name.starts_with("__")) return true;
  return std::ranges::any_of(
      kMethods, [&](const MethodRow& row) { return row.type == type && row.name == name; });
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
