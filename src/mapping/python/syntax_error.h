// Syntax errors, at the place where Python's own parser reports them.
#pragma once

#include "wcheck/registry.h"

#include "python/syntax_tree.h"

namespace wcheck::python {

// Adds a kSyntaxError remark if the file has a syntax error (Python reports the first one only),
// and merges into it the entries that the evaluation found touched by broken parts of the tree.
void AddSyntaxErrors(const SyntaxTree& tree, Registry* registry);

}  // namespace wcheck::python
