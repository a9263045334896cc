// Shadowing: an earlier transform takes the text that a later one was written for.
#pragma once

#include <optional>

#include "engine/match.h"
#include "engine/simulation.h"

namespace wcheck {

// A key that a transform would match on load, if an earlier one had not come first.
struct Shadow {
  const Pass* pass;
  const Trace* trace;
  const TraceStep* step;  // of the transform that comes first
  KeyMatch match;         // of the shadowed one, on step->before
  bool duplicate;         // both are the same transform, written twice
};

// The first key on which a transform is shadowed, among those of the checkpoint and then the
// model's own; requires that it matched none of them (else the answer means nothing). The step
// takes the text if the transform does not match what it leaves, or if both are converters, since a
// key has one converter. A shadow that is no duplicate is preferred.
std::optional<Shadow> ShadowOf(const Simulation& simulation, uint32_t transform);

}  // namespace wcheck
