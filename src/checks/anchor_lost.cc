// An anchor that reversal does not carry: docs/checks/anchor-lost.md.
#include <map>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::anchor_lost {
namespace {

bool IsAnchored(const std::string& source) {
  return source.starts_with('^') || source.ends_with('$');
}

// Every source is anchored, but the reverse matched where such an anchor would not have let it.
bool LosesAnchor(const Transform& forward, const TraceStep& step) {
  bool begins = true;
  bool ends = true;
  for (const std::string& source : forward.original_sources) {
    if (!IsAnchored(source)) return false;
    begins &= source.starts_with('^');
    ends &= source.ends_with('$');
  }
  auto length = static_cast<uint32_t>(step.before.text.size());
  return (begins && step.match.begin != step.scope.end) || (ends && step.match.end != length);
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  for (const Trace& trace : s.save_fresh.traces) {
    for (const TraceStep& step : trace.steps) {
      if (!step.changed()) continue;
      const Transform& forward = s.plan.transforms[step.transform].forward();
      if (forward.is_prefix_change() || !LosesAnchor(forward, step)) continue;
      Finding& finding = found[step.transform];
      if (!finding.transform) {
        finding.transform = RefOf(s.plan, step.transform);
        finding.blame = BlameForTarget(s.save_fresh, *RanAs(s.save_order, step.transform), 0);
        finding.message =
            forward.sources.size() == forward.targets.size()
                ? "its source is anchored, but on save its target matches in the middle of a name"
                : "its source is anchored, but with different numbers of sources and targets its "
                  "reverse is not, and on save it matches in the middle of a name";
        finding.cause = "matches-inside-on-save";
        finding.advice = "anchor the targets, too (`^…`)";
        Propose(AnchorTargets(*finding.transform), &finding);
      }
      AddEvidence(&finding, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                             s.save_fresh.size(trace)});
    }
  }
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace wcheck::anchor_lost
