// The replaced text is not where the pattern matched: docs/checks/misplaced-replacement.md.
#include <map>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::misplaced_replacement {
namespace {

void Look(const ClassContext& context, const Pass& pass, const PassOrder& order,
          std::map<uint32_t, Finding>* found) {
  for (const Trace& trace : pass.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      // An empty match has no text to replace.
      if (step.match == step.replaced || step.match.size() == 0 || !step.changed()) continue;
      Finding& finding = (*found)[step.transform];
      if (!finding.transform) {
        std::string text(step.before.text, step.match.begin, step.match.size());
        finding.transform = RefOf(context.simulation.plan, step.transform);
        finding.blame = BlameForSource(pass, *RanAs(order, step.transform), step.source);
        finding.message = "it matches `" + text +
                          "`, but the engine replaces the first occurrence of that text in the "
                          "name, which is earlier";
        finding.cause = "replaced-earlier";
        finding.advice =
            "match the earlier text, too, and insert it again with `\\1`, so that the whole match "
            "occurs only once";
      }
      AddEvidence(&finding, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                             pass.size(trace)});
    }
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  Look(context, s.load, s.load_order, &found);
  Look(context, s.save_fresh, s.save_order, &found);
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace wcheck::misplaced_replacement
