// `# wcheck: ignore[check-name, other] -- reason`
#pragma once

#include <vector>

#include "wcheck/registry.h"

#include "python/syntax_tree.h"

namespace wcheck::python {

// The comments that silence checks, in the order written. One that stands after code silences its
// own line; one that stands alone silences the next line that has code.
std::vector<IgnoreComment> FindIgnoreComments(const SyntaxTree& tree);

}  // namespace wcheck::python
