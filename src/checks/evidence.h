// What checks do with findings again and again.
#pragma once

#include <cstdint>

#include "analysis/round_trip.h"
#include "checks/check.h"

namespace wcheck {

// Adds a finding. If a fault of the round trip already blames the transform, the consequences are
// errors, and the finding becomes a note that says why.
void AddOrExplain(const RoundTrip& round_trip, uint32_t transform, Finding finding,
                  FindingSink* sink);

// The same with another severity than the check's own.
void AddOrExplainAs(Severity severity, const RoundTrip& round_trip, uint32_t transform,
                    Finding finding, FindingSink* sink);

// Adds one more piece of evidence for one class to a finding. The sink drops what two passes show
// alike.
void AddEvidence(Finding* finding, KeyEvidence evidence);

}  // namespace wcheck
