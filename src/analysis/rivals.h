// Renamings that match the same text of a key, where only their order decides which one gets it.
#pragma once

#include <optional>

#include "engine/match.h"
#include "engine/simulation.h"

namespace wcheck {

// A later renaming of a pass to which an earlier one has left nothing.
struct Rival {
  const PassTransform* later;
  KeyMatch match;  // where it would have matched, in TraceStep::before
};

// The first renaming after `step` that matches the key as it was before, wants the text that the
// step took and more, and does not match the key any longer. One that wants no more than the step
// took is the general case after the special one: that is good practice, and not a rival.
std::optional<Rival> RivalOf(const Simulation& simulation, const PassOrder& order,
                             const TraceStep& step);

}  // namespace wcheck
