// Checks whose findings are faults of the round trip: each says which faults are its own.
#pragma once

#include "checks/check.h"
#include "analysis/round_trip.h"

namespace wcheck {

// A finding that says what a fault says.
Finding FindingOf(const Fault& fault, const Plan& plan);

class FaultCheck : public Check {
 public:
  void JudgeClass(const ClassContext& context, FindingSink* sink) const final;

 private:
  virtual bool Owns(const Fault& fault) const = 0;
};

}  // namespace wcheck
