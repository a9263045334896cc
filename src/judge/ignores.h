// `# wcheck: ignore[…]` comments of a Python registry.
#pragma once

#include <vector>

#include "checks/check.h"

namespace wcheck {

// Removes the findings that a comment silences: those on its line, or of a transform whose call
// begins there. Returns the comments that silenced nothing.
std::vector<IdleIgnore> ApplyIgnores(const Registry& registry, std::vector<Finding>* findings);

}  // namespace wcheck
