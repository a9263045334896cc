#include "checks/fault_check.h"

namespace wcheck {

Finding FindingOf(const Fault& fault, const Plan& plan) {
  Finding finding;
  finding.message = fault.message;
  finding.advice = fault.advice;
  finding.blame = fault.blame;
  if (fault.transform) finding.transform = RefOf(plan, *fault.transform);
  for (const Fault::Other& other : fault.related) {
    finding.related.push_back({RefOf(plan, other.transform), {}, other.message});
  }
  finding.classes.push_back({"", fault.keys, 0});
  return finding;
}

void FaultCheck::JudgeClass(const ClassContext& context, FindingSink* sink) const {
  for (const Fault& fault : context.round_trip.faults()) {
    if (Owns(fault)) sink->Add(FindingOf(fault, context.simulation.plan));
  }
}

}  // namespace wcheck
