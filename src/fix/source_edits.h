// The edits of the source for a fix.
//
// A transform that is in the source several times, because aliases are written out there, is edited
// in each place.
#pragma once

#include <optional>
#include <vector>

#include "wcheck/finding.h"

namespace wcheck {

// Nothing if the source does not allow it: a place is unknown, the transform was created by a loop
// or by a call that creates others, too, or a pattern is not a literal. The caller must read the
// edited source to verify that it is the fixed registry.
std::optional<std::vector<FixEdit>> EditsOf(const Registry& registry, const Repair& repair);

}  // namespace wcheck
