// A reference to a group that is not replaced: docs/checks/lost-backreference.md.
#include <map>

#include "analysis/leftover.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::lost_backreference {
void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  auto add = [&](uint32_t transform, KeyEvidence evidence) {
    Finding& finding = found[transform];
    if (!finding.transform) {
      finding.transform = RefOf(s.plan, transform);
      finding.message = "a reference to a group stays in names as text";
      finding.cause = "reference-left";
      finding.advice = s.engine->only_first_group ? "this engine replaces only `\\1`: capture one "
                                                     "group, and keep the rest outside the match"
                                                   : "refer only to groups that the source has";
    }
    AddEvidence(&finding, std::move(evidence));
  };
  for (LeftoverName& name : LeftoverNames(s)) {
    if (name.leftover != Leftover::kReference || !name.transform) continue;
    add(*name.transform, {std::move(name.key), "is saved as", std::move(name.name), name.count});
  }
  for (const Trace& trace : s.load.traces) {
    for (const TraceStep& step : trace.steps) {
      if (LeftoverOf(step.after.text) != Leftover::kReference ||
          LeftoverOf(step.before.text) == Leftover::kReference) {
        continue;
      }
      add(step.transform, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                           s.load.size(trace)});
    }
  }
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace wcheck::lost_backreference
