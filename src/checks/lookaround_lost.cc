// A lookaround that reversal deletes: docs/checks/lookaround-lost.md.
#include <map>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"

namespace wcheck::lookaround_lost {
void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  for (const Trace& trace : s.save_fresh.traces) {
    for (const TraceStep& step : trace.steps) {
      if (!step.changed()) continue;
      const PlacedTransform& placed = s.plan.transforms[step.transform];
      const Transform& forward = placed.forward();
      if (forward.is_prefix_change() || !forward.pattern.has_lookaround()) continue;
      // It must load what it saves: the lookaround forbids it, or another match comes first.
      if (FindMatch(forward, placed, *s.profile, step.after.text)) continue;
      Finding& finding = found[step.transform];
      if (!finding.transform) {
        finding.transform = RefOf(s.plan, step.transform);
        finding.blame = BlameForTarget(s.save_fresh, *RanAs(s.save_order, step.transform), 0);
        finding.message =
            "a save deletes its lookaround and writes a name that the lookaround excludes on load";
        finding.cause = "makes-forbidden-name";
        finding.advice =
            "make the target as specific as the lookaround: anchor it, or write what the "
            "lookaround tests into both patterns";
      }
      AddEvidence(&finding, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                             s.save_fresh.size(trace)});
    }
  }
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace wcheck::lookaround_lost
