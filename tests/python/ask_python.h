// Asks CPython's own parser: ask_ast.py.
#pragma once

#include <string>
#include <vector>

namespace wcheck::python {

// The lines that `ask_ast.py ARGUMENTS` writes for these lines of input; a failure of the test, and
// none, if it cannot be run.
std::vector<std::string> AskPython(const std::string& arguments,
                                   const std::vector<std::string>& input);

// True if the python3 at hand is CPython 3.11, whose places and errors are the ones looked for.
bool HasPython311();

}  // namespace wcheck::python
