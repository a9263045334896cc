// What checks do with findings again and again.
#pragma once

#include <cstdint>

#include "analysis/round_trip.h"
#include "checks/check.h"

namespace wcheck {

// Adds a finding. Where a fault of the round trip blames the transform already, what comes of it is
// an error, and the finding is a note that says why.
void AddOrExplain(const RoundTrip& round_trip, uint32_t transform, Finding finding,
                  FindingSink* sink);

// Adds one more piece of evidence to a finding for the keys of one class, if it is not there.
void AddEvidence(Finding* finding, KeyEvidence evidence);

}  // namespace wcheck
