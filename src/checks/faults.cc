#include "checks/faults.h"

namespace wcheck {
namespace {

Finding FaultFinding(const Fault& fault, const Plan& plan) {
  Finding finding;
  finding.cause = fault.cause;
  finding.subject = fault.subject;
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

}  // namespace

void ReportFaults(Fault::Kind kind, const ClassContext& context, FindingSink* sink) {
  for (const Fault& fault : context.round_trip.faults()) {
    if (fault.kind == kind) sink->Add(FaultFinding(fault, context.simulation.plan));
  }
}

}  // namespace wcheck
