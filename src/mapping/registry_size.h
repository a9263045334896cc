// The limits of a registry, whatever dialect it is written in (support/limits.h).
#pragma once

#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck {

// An Error at the first entry that has too many transforms, or with which the registry has too many
// of them, or too many entries and aliases.
Status CheckRegistrySize(const Registry& registry);

}  // namespace wcheck
