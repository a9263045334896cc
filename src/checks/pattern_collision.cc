// Two transforms match the same text of a key: docs/checks/pattern-collision.md.
#include <map>
#include <utility>

#include "analysis/rivals.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::pattern_collision {
namespace {

// By the later transform and the earlier one.
using Found = std::map<std::pair<uint32_t, uint32_t>, Finding>;

void Describe(const Simulation& s, const Pass& pass, const PassOrder& order, const TraceStep& step,
              const Rival& rival, Finding* finding) {
  bool load = pass.direction == Direction::kLoad;
  TransformRef earlier = RefOf(s.plan, step.transform);
  finding->transform = RefOf(s.plan, rival.later->index);
  finding->blame = BlameForSource(pass, *rival.later->transform, rival.match.source);
  finding->message = std::string(load ? "on load" : "on save, where the order is reversed") +
                     ", a shorter pattern comes first and renames keys that this one also matches: "
                     "only their order decides which one applies";
  finding->cause = "shorter-first";
  finding->subject = ShowTransform(*earlier.spec);
  const Transform* ran = RanAs(order, step.transform);
  Propose(EndAtPart(earlier), finding);
  finding->related.push_back(
      {std::move(earlier), BlameForSource(pass, *ran, step.source), "this one gets the keys"});
  finding->advice = load ? "move the longer pattern first, or end the shorter one at the end of "
                           "its name part (`\\.`)"
                         : "move the longer pattern last, or end the shorter one at the end of its "
                           "name part (`\\.`)";
}

void Look(const ClassContext& context, const Pass& pass, const PassOrder& order, Found* found) {
  const Simulation& s = context.simulation;
  for (const Trace& trace : pass.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      std::optional<Rival> rival = RivalOf(s, order, step);
      if (!rival) continue;
      uint32_t later = rival->later->index;
      // A transform that never gets a key on load has a check of its own: shadowed-transform.
      if (!Used(s.load, later) && !Used(s.reload, later)) continue;
      Finding& finding = (*found)[{later, step.transform}];
      if (!finding.transform) Describe(s, pass, order, step, *rival, &finding);
      AddEvidence(&finding, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                             pass.size(trace)});
    }
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Found found;
  Look(context, s.load, s.load_order, &found);
  Look(context, s.save_fresh, s.save_order, &found);
  for (auto& [pair, finding] : found) {
    auto [later, earlier] = pair;
    AddOrExplain(context.round_trip, IsBlamed(context.round_trip, later) ? later : earlier,
                 std::move(finding), sink);
  }
}

}  // namespace wcheck::pattern_collision
