// A lookaround that reversal deletes: docs/checks/lookaround-lost.md.
#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"

namespace wcheck::lookaround_lost {
namespace {

// In what was written: newer engines add a lookahead to most sources.
bool HasLookaround(const Transform& forward) {
  static constexpr std::array<std::string_view, 4> kLooks{"(?=", "(?!", "(?<=", "(?<!"};
  return forward.pattern.has_lookaround() &&
         std::ranges::any_of(forward.sources, [](std::string_view source) {
           return std::ranges::any_of(kLooks, [&](std::string_view look) {
             return source.find(look) != std::string_view::npos;
           });
         });
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  for (const Trace& trace : s.save_fresh.traces) {
    for (const TraceStep& step : trace.steps) {
      if (!step.changed()) continue;
      const PlacedTransform& placed = s.plan.transforms[step.transform];
      const Transform& forward = placed.forward();
      if (forward.is_prefix_change() || !HasLookaround(forward)) continue;
      // It must load what it saves: the lookaround forbids it, or another match comes first.
      if (FindMatch(forward, placed, *s.engine, step.after.text)) continue;
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
