// The edits of the source that make a repair.
//
// A transform that stands in the source several times, because aliases were copied out there, is
// edited in each place.
#pragma once

#include <optional>
#include <vector>

#include "wcheck/finding.h"

namespace wcheck {

// Nothing where the source does not allow it: a place is not known, the transform was made by a
// loop or a call that makes others too, or a pattern is not written out. Whether the edited source
// says what the repaired registry says is for the caller to find out, by reading it.
std::optional<std::vector<FixEdit>> EditsOf(const Registry& registry, const Repair& repair);

}  // namespace wcheck
