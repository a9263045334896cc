// Swapping two neighbours changes a key: docs/checks/order-dependent.md.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analysis/same_names.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"
#include "families/boxes.h"

namespace wcheck::order_dependent {
namespace {

// Neighbours of the load order (by the index of the first), and the families whose traces show that
// a swap may matter.
using Suspected = std::map<size_t, std::set<uint32_t>>;

// Two renamings, one after the other in one entry. For two converters see double-claim.
bool AreNeighbours(const Simulation& s, const PassTransform& a, const PassTransform& b) {
  const PlacedTransform& first = s.plan.transforms[a.index];
  const PlacedTransform& second = s.plan.transforms[b.index];
  return b.index == a.index + 1 && first.entry == second.entry &&
         first.scope_prefix == second.scope_prefix && !second.legacy &&
         !a.transform->is_converter() && !b.transform->is_converter();
}

bool Steps(const Trace& trace, uint32_t transform) {
  return std::any_of(trace.steps.begin(), trace.steps.end(),
                     [transform](const TraceStep& step) { return step.transform == transform; });
}

bool Matches(const Simulation& s, const PassTransform& t, const std::string& text) {
  return FindMatch(*t.transform, s.plan.transforms[t.index], *s.engine, text).has_value();
}

Suspected Suspects(const Simulation& s) {
  Suspected out;
  const std::vector<PassTransform>& order = s.load_order.transforms;
  std::vector<size_t> place(s.plan.transforms.size());
  for (size_t i = 0; i < order.size(); ++i) place[order[i].index] = i;
  for (const Trace& trace : s.load.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      if (!step.changed() || s.plan.transforms[step.transform].legacy) continue;
      size_t at = place[step.transform];
      // The next one works on the result of this one, or would have found its text before it, too.
      if (at + 1 < order.size() && AreNeighbours(s, order[at], order[at + 1]) &&
          (Steps(trace, order[at + 1].index) || Matches(s, order[at + 1], step.before.text))) {
        out[at].insert(trace.family);
      }
      // The earlier one, tried second, finds text that it did not find before.
      if (at > 0 && AreNeighbours(s, order[at - 1], order[at]) &&
          Matches(s, order[at - 1], step.after.text)) {
        out[at - 1].insert(trace.family);
      }
    }
  }
  return out;
}

// Whether keys of a trace of `pass` go elsewhere in the load, which may take their family apart in
// another way.
bool GoElsewhere(const Pass& load, const Pass& pass, const Trace& trace, uint32_t family) {
  const Name name = pass.NameOf(trace);
  return std::any_of(load.traces.begin(), load.traces.end(), [&](const Trace& now) {
    return now.family == family && BoxesIntersect(now.members, trace.members) &&
           !SameNames(load.NameOf(now), name, IntersectBoxes(now.members, trace.members));
  });
}

void Judge(const Simulation& s, size_t place, const std::set<uint32_t>& families,
           FindingSink* sink) {
  PassOrder swapped = s.load_order;
  std::swap(swapped.transforms[place], swapped.transforms[place + 1]);
  std::vector<LayoutFamily> keys;
  keys.reserve(families.size());
  for (uint32_t f : families) keys.push_back(s.load.families[f]);
  LoadTarget target{s.layout->base_model_prefix, s.model.get()};
  Pass pass = RunPass(s.plan, swapped, *s.engine, Direction::kLoad, keys, &target);
  if (pass.error) return;
  Finding finding;
  for (const Trace& trace : pass.traces) {
    uint32_t family = *std::next(families.begin(), trace.family);
    if (!GoElsewhere(s.load, pass, trace, family)) continue;
    AddEvidence(&finding, {ShowKeys(pass, trace), "would be loaded into", ShowResult(pass, trace),
                           pass.size(trace)});
  }
  if (finding.classes.empty()) return;
  const PassTransform& first = s.load_order.transforms[place];
  const PassTransform& second = s.load_order.transforms[place + 1];
  finding.transform = RefOf(s.plan, second.index);
  TransformRef before = RefOf(s.plan, first.index);
  finding.message =
      "it must stay after " + ShowTransform(*before.spec) + ": swapped, they give other names";
  finding.cause = "order-matters";
  finding.subject = ShowTransform(*before.spec);
  finding.related.push_back({std::move(before), {}, "the transform before it"});
  sink->Add(std::move(finding));
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (!s.has_checkpoint || s.load.error || !context.round_trip.clean()) return;
  for (const auto& [place, families] : Suspects(s)) Judge(s, place, families, sink);
}

}  // namespace wcheck::order_dependent
