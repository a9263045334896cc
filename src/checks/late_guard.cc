// A guard that comes after its dependents: docs/checks/late-guard.md.
#include <map>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"

namespace wcheck::late_guard {
namespace {

bool Stepped(const Trace& trace, uint32_t transform) {
  for (const TraceStep& step : trace.steps) {
    if (step.transform == transform) return true;
  }
  return false;
}

// The key as it is when this point of the order is reached.
std::string TextAt(const Pass& pass, const PassOrder& order, size_t place, const Trace& trace) {
  std::vector<uint32_t> member;
  for (const IndexSet& set : trace.members) member.push_back(set.min());
  std::string text = JoinNumbers(pass.families[trace.family].pattern, member);
  size_t next = 0;
  for (size_t i = 0; i < place; ++i) {
    if (next == trace.steps.size()) break;
    if (trace.steps[next].transform != order.transforms[i].index) continue;
    text = trace.steps[next++].after.text;
  }
  return text;
}

void LookAt(const ClassContext& context, const Pass& pass, const PassOrder& order, size_t place,
            FindingSink* sink) {
  const Simulation& s = context.simulation;
  const PassTransform& group = order.transforms[place];
  const PlacedTransform& placed = s.plan.transforms[group.index];
  Finding finding;
  uint32_t source = 0;
  for (const Trace& trace : pass.traces) {
    if (Stepped(trace, group.index)) continue;
    std::string text = TextAt(pass, order, place, trace);
    std::optional<KeyMatch> match = FindMatch(*group.transform, placed, *s.engine, text);
    if (!match || match->source == 0) continue;
    source = match->source;
    AddEvidence(&finding, {ShowKeys(pass, trace), "is skipped, and becomes",
                           ShowResult(pass, trace), pass.size(trace)});
  }
  if (finding.classes.empty()) return;
  bool load = pass.direction == Direction::kLoad;
  finding.transform = RefOf(s.plan, group.index);
  finding.blame = BlameForSource(pass, *group.transform, source);
  finding.message = std::string(load ? "on load" : "on save") +
                    ", keys of its later patterns come before the first key that its guard `" +
                    group.transform->sources[0] + "` matches, and are skipped";
  finding.cause = load ? "guard-late-on-load" : "guard-late-on-save";
  finding.advice =
      "make the pattern whose keys come first in natural order the guard (the first pattern)";
  AddOrExplain(context.round_trip, group.index, std::move(finding), sink);
}

void Look(const ClassContext& context, const Pass& pass, const PassOrder& order,
          FindingSink* sink) {
  if (pass.error) return;
  for (size_t place = 0; place < order.transforms.size(); ++place) {
    // A guard that never matched belongs to another kind of checkpoint.
    const PassTransform& group = order.transforms[place];
    if (!group.transform->is_group() || !Used(pass, group.index)) continue;
    LookAt(context, pass, order, place, sink);
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Look(context, s.load, s.load_order, sink);
  Look(context, s.save_fresh, s.save_order, sink);
}

}  // namespace wcheck::late_guard
