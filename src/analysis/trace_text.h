// Traces in words: how the keys of a trace are written, which part of a transform a step used, and
// which transform a fault of the round trip blames already.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wcheck/evidence.h"

#include "analysis/round_trip.h"
#include "engine/simulation.h"

namespace wcheck {

// The keys of a trace before it, as one family.
std::string ShowKeys(const Pass& pass, const Trace& trace);
// Where they go.
std::string ShowResult(const Pass& pass, const Trace& trace);
// A key on its way, as a family of the trace's members.
std::string ShowText(const Trace& trace, const SymbolicKey& key);
// "`model.layers.{0...31}.w1` is saved as `…`", as evidence.
KeyEvidence EvidenceOf(const Pass& pass, const Trace& trace);

// Whether the transform matched some key of a pass; false if the pass did not run.
bool Used(const Pass& pass, uint32_t transform);
// Whether it matched some key in any pass of the simulation.
bool Used(const Simulation& simulation, uint32_t transform);

// The transform as it was used in a pass of this order; null if it took no part.
const Transform* RanAs(const PassOrder& order, uint32_t transform);

// The pattern of the registry that a step's source comes from: a source on load, a target on save.
Blame BlameForSource(const Pass& pass, const Transform& ran, uint32_t source);
// The same for its target.
Blame BlameForTarget(const Pass& pass, const Transform& ran, uint32_t target);

// A fault of the round trip blames this transform, so the keys are already reported as errors.
bool IsBlamed(const RoundTrip& round_trip, uint32_t transform);

// A character of a name part: a match that ends between two of them cuts the part.
bool IsPartChar(char c);
// The span starts, or ends, in the middle of a dotted part of `text` (from `from` on).
bool StartsInsidePart(std::string_view text, uint32_t from, Span span);
bool EndsInsidePart(std::string_view text, Span span);

// What follows the dotted part in which a span of `text` ends, with `*` for its numbers: keys of
// one kind have the same. A span that ends with a dot has its part behind it.
std::string RestOf(std::string_view text, Span span);

}  // namespace wcheck
