// Renaming one key with one transform (docs/semantics.md#replaced-groups, #first-occurrence and
// #group-rename).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/match.h"
#include "engine/pass.h"

namespace wcheck {

enum class RenameOutcome : uint8_t {
  kNoMatch,
  kMatched,
  kError,      // the engine raises; the transform counts as used
  kAmbiguous,  // differs between the members that the key represents
};

// FindMatch, leaving the groups in `match`, as offsets after the scope prefix.
std::optional<KeyMatch> SearchInScope(const Transform& transform, const PlacedTransform& placed,
                                      const Engine& engine, std::string_view key, Match* match);

// `guard_seen` is the state of a GroupWeightRename (its first source has matched an earlier key)
// and is updated. On a match fills `step` except for its `transform`, and changes `key`.
RenameOutcome RenameWith(const Transform& transform, const PlacedTransform& placed,
                         const Engine& engine, bool* guard_seen, SymbolicKey* key, TraceStep* step,
                         EngineError* error);

}  // namespace wcheck
