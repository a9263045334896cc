// Checks whose findings are the faults of the round trip: one kind of fault, one row of the table.
#pragma once

#include "analysis/round_trip.h"
#include "checks/check.h"

namespace wcheck {

// A finding for each fault of a kind.
void ReportFaults(Fault::Kind kind, const ClassContext& context, FindingSink* sink);

// The same, as a class function.
template <Fault::Kind kKind>
void CheckFaults(const ClassContext& context, FindingSink* sink) {
  ReportFaults(kKind, context, sink);
}

}  // namespace wcheck
