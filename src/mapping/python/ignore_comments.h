// `# wcheck: ignore[check-name, other] -- reason`
#pragma once

#include <vector>

#include "wcheck/registry.h"

#include "python/syntax_tree.h"

namespace wcheck::python {

// The comments that silence checks, in the order written. A comment after code silences its own
// line; a comment alone on a line silences the next line that has code.
std::vector<IgnoreComment> FindIgnoreComments(const SyntaxTree& tree);

}  // namespace wcheck::python
