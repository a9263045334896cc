// A syntax tree in the words of CPython's `ast`, to be held against what ask_ast.py tells.
#pragma once

#include <string>
#include <vector>

#include "python/syntax_tree.h"

namespace wcheck::python {

// "BEGIN END TYPE" for each node for which CPython has one with a place, sorted as ask_ast.py does;
// "- - TYPE" for those within f-strings.
std::vector<std::string> AstLines(const SyntaxTree& tree);

}  // namespace wcheck::python
