// Stand-ins for modules of Python's standard library and of small packages: library/*.py.
#pragma once

#include <string_view>

namespace wcheck {

// The text of a file of library/.
std::string_view LibraryModule(std::string_view name);

namespace machine {

inline constexpr std::string_view kLibraryModules[] = {
    "abc",         "collections",       "collections.abc", "contextlib",     "copy",
    "dataclasses", "enum",              "functools",       "importlib",      "importlib.util",
    "importlib.metadata", "inspect",    "itertools",       "json", "logging",        "operator",
    "os",          "os.path",           "packaging",       "packaging.version", "subprocess",     "sys",
    "threading",   "types",             "typing",          "typing_extensions", "warnings",
    "weakref",     "numbers",           "_source_text"};

}  // namespace machine
}  // namespace wcheck
