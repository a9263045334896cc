// Whether a plan came from entries that could be read whole.
#pragma once

#include "engine/plan.h"

namespace wcheck {

// The first entry that the plan looked up and that could not be read whole, so that what it lacks
// is not known; null if there is none. A class with such an entry is not judged or compared.
const Entry* FirstIncompleteEntry(const Plan& plan, const Registry& registry);

}  // namespace wcheck
