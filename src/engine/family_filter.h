// Whether a transform can touch any key of a family, read off the family's pattern alone.
//
// Most transforms have nothing to say to most families: the text that they look for is not there,
// or the keys are out of their scope. A number in a key is digits and nothing else, so text without
// digits is in one key of a family exactly if it is in the family's pattern, and then it is in all
// of them. This is the cheap question that comes before all work on keys; a family that no
// transform of a pass may touch needs no key at all.
#pragma once

#include <string_view>

#include "engine/plan.h"

namespace wcheck {

// False only if `transform` (placed's own, or a reverse of it) matches no key of the family, under
// any engine. `key_pattern` has kHole for each number.
bool MayTouch(const Transform& transform, const PlacedTransform& placed,
              std::string_view key_pattern);

enum class StartsWith : uint8_t { kNone, kAll, kSome };
// How many keys of a family start with `text`. May answer kSome for any; never kAll or kNone
// wrongly.
StartsWith FamilyStartsWith(std::string_view key_pattern, std::string_view text);

}  // namespace wcheck
