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

// The keys of a trace as they went in, as one family.
std::string ShowKeys(const Pass& pass, const Trace& trace);
// Where they go.
std::string ShowResult(const Pass& pass, const Trace& trace);
// A key on its way, as a family of the trace's members.
std::string ShowText(const Trace& trace, const SymbolicKey& key);
// "`model.layers.{0...31}.w1` is saved as `…`", as evidence.
KeyEvidence EvidenceOf(const Pass& pass, const Trace& trace);

// The transform matched some key of a pass; false if the pass did not run.
bool Used(const Pass& pass, uint32_t transform);

// The transform as it ran in a pass of this order; null if it took no part.
const Transform* RanAs(const PassOrder& order, uint32_t transform);

// The pattern of the registry that a step's source is: a source on load, a target on save.
Blame BlameForSource(const Pass& pass, const Transform& ran, uint32_t source);
// And the one that its target is.
Blame BlameForTarget(const Pass& pass, const Transform& ran, uint32_t target);

// A fault of the round trip blames this transform, so that the keys are reported as errors already.
bool IsBlamed(const RoundTrip& round_trip, uint32_t transform);

// A character that a name's part is made of: a match that ends between two of them cuts a part.
bool IsPartChar(char c);
// The span starts, or ends, in the middle of a dotted part of `text` (from `from` on).
bool StartsInsidePart(std::string_view text, uint32_t from, Span span);
bool EndsInsidePart(std::string_view text, Span span);

}  // namespace wcheck
