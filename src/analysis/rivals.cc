// For each step, asks the later renamings whether they matched the key before the step and no
// longer match it after.
#include "analysis/rivals.h"

namespace wcheck {
namespace {

bool Overlap(Span a, Span b) { return a.begin < b.end && b.begin < a.end; }
bool Contains(Span outer, Span inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

std::optional<Rival> RivalOf(const Simulation& s, const PassOrder& order, const TraceStep& step) {
  if (!step.changed() || s.plan.transforms[step.transform].legacy) return std::nullopt;
  bool behind = false;
  for (const PassTransform& later : order.transforms) {
    if (later.index == step.transform) {
      if (later.transform->is_converter()) return std::nullopt;
      behind = true;
      continue;
    }
    const PlacedTransform& placed = s.plan.transforms[later.index];
    if (!behind || placed.legacy || later.transform->is_converter()) continue;
    std::optional<KeyMatch> match =
        FindMatch(*later.transform, placed, *s.engine, step.before.text);
    if (!match || !Overlap(match->span, step.match) || Contains(step.match, match->span)) continue;
    if (FindMatch(*later.transform, placed, *s.engine, step.after.text)) continue;
    return Rival{&later, *match};
  }
  return std::nullopt;
}

}  // namespace wcheck
