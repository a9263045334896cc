// Two converters claim one key: docs/checks/double-claim.md.
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"

namespace wcheck::double_claim {
namespace {

// By the converter that gets the keys and the one that does not.
using Found = std::map<std::pair<uint32_t, uint32_t>, Finding>;

void LookAt(const ClassContext& context, const Pass& pass, const PassOrder& order,
            const Trace& trace, const TraceStep& step, const PassTransform& later, Found* found) {
  const Simulation& s = context.simulation;
  const PlacedTransform& placed = s.plan.transforms[later.index];
  std::optional<KeyMatch> match = FindMatch(*later.transform, placed, *s.engine, step.before.text);
  if (!match) return;
  // A special converter before a general one is good practice.
  bool special = step.match.begin <= match->span.begin && match->span.end <= step.match.end &&
                 step.match != match->span;
  if (special) return;
  // An equal pair is duplicate-transform, or one converter at two places of the model.
  const Transform& winner = *RanAs(order, step.transform);
  if (winner.targets == later.transform->targets &&
      winner.operations == later.transform->operations) {
    return;
  }
  Finding& finding = (*found)[{step.transform, later.index}];
  if (!finding.transform) {
    bool load = pass.direction == Direction::kLoad;
    TransformRef first = RefOf(s.plan, step.transform);
    finding.transform = RefOf(s.plan, later.index);
    finding.blame = BlameForSource(pass, *later.transform, match->source);
    finding.message = std::string(load ? "on load" : "on save") +
                      ", another converter matches the same keys and takes them";
    finding.cause = "same-keys";
    finding.subject = ShowTransform(*first.spec);
    finding.related.push_back(
        {std::move(first), BlameForSource(pass, winner, step.source), "this one gets the keys"});
    finding.advice =
        "match more of the key in the patterns, so that only one converter matches each key";
  }
  AddEvidence(&finding, EvidenceOf(pass, trace));
}

void Look(const ClassContext& context, const Pass& pass, const PassOrder& order, Found* found) {
  for (const Trace& trace : pass.traces) {
    if (trace.claim < 0) continue;
    const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
    bool behind = false;
    for (const PassTransform& later : order.transforms) {
      if (later.index == step.transform) {
        behind = true;
      } else if (behind && later.transform->is_converter()) {
        LookAt(context, pass, order, trace, step, later, found);
      }
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
    AddOrExplain(context.round_trip, pair.first, std::move(finding), sink);
  }
}

}  // namespace wcheck::double_claim
