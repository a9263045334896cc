// Whether a transform can match any key of a family, decided by the family's pattern alone.
//
// Most transforms match no key of most families: the text that they need is not there, or the keys
// are out of scope. A number in a key consists of digits, so text without digits is in one key of a
// family exactly if it is in the family's pattern, and then it is in all of them. This cheap test
// comes before all work on keys; a family that no transform of a pass can match needs no key at
// all.
#pragma once

#include <string_view>

#include "engine/plan.h"

namespace wcheck {

// False only if `transform` (placed's own, or a reverse of it) matches no key of the family, under
// any engine. `key_pattern` has kHole for each number.
bool MayTouch(const Transform& transform, const PlacedTransform& placed,
              std::string_view key_pattern);

enum class StartsWith : uint8_t { kNone, kAll, kSome };
// How many keys of a family start with `text`. May return kSome instead of the others; never
// returns kAll or kNone wrongly.
StartsWith FamilyStartsWith(std::string_view key_pattern, std::string_view text);

}  // namespace wcheck
