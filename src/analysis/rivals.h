// Renamings that want the same text of a key, where only their order says which one gets it.
#pragma once

#include <optional>

#include "engine/match.h"
#include "engine/simulation.h"

namespace wcheck {

// A later renaming of a pass that an earlier one has left with nothing.
struct Rival {
  const PassTransform* later;
  KeyMatch match;  // where it would have matched, in TraceStep::before
};

// The first renaming behind `step` that matches the key as it was before, and wants text that the
// step took and more than that, and that does not match the key any longer. One that wanted no more
// than the step took is the general case behind the special one: that is how mappings are written
// on purpose, and not a rival.
std::optional<Rival> RivalOf(const Simulation& simulation, const PassOrder& order,
                             const TraceStep& step);

}  // namespace wcheck
