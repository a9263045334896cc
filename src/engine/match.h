// Whether, and where, one transform of a plan matches a key: scope, then pattern. Nothing is
// renamed and no state changes; RenameWith does both with the same rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/plan.h"
#include "wcheck/release.h"

namespace wcheck {

struct KeyMatch {
  uint32_t scope_length = 0;  // of the scope prefix, which the pattern does not see
  uint32_t source = 0;        // which source matched
  Span span;                  // in the key
};

// `transform` is `placed`'s own, or a reverse of it.
std::optional<KeyMatch> FindMatch(const Transform& transform, const PlacedTransform& placed,
                                  const Engine& engine, std::string_view key);

// The length of the scope prefix that a key starts with; nothing if the transform cannot reach it.
std::optional<uint32_t> ScopeLength(const PlacedTransform& placed, const Engine& engine,
                                    std::string_view key);

}  // namespace wcheck
