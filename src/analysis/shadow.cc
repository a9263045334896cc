#include "analysis/shadow.h"

namespace wcheck {
namespace {

std::optional<Shadow> ShadowIn(const Simulation& s, const Pass& pass, uint32_t transform,
                               bool duplicates) {
  const PlacedTransform& placed = s.plan.transforms[transform];
  const Transform& forward = placed.forward();
  for (const Trace& trace : pass.traces) {
    for (const TraceStep& step : trace.steps) {
      const Transform& first = s.plan.transforms[step.transform].forward();
      const bool both_convert = forward.is_converter() && first.is_converter();
      if (!step.changed() && !both_convert) continue;
      if (SameTransform(*first.spec, *forward.spec) != duplicates) continue;
      const std::optional<KeyMatch> match =
          FindMatch(forward, placed, *s.engine, step.before.text);
      if (!match) continue;
      if (both_convert || !FindMatch(forward, placed, *s.engine, step.after.text)) {
        return Shadow{&pass, &trace, &step, *match, duplicates};
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Shadow> ShadowOf(const Simulation& simulation, uint32_t transform) {
  for (const bool duplicates : {false, true}) {
    for (const Pass* pass : {&simulation.load, &simulation.reload}) {
      std::optional<Shadow> shadow = ShadowIn(simulation, *pass, transform, duplicates);
      if (shadow) return shadow;
    }
  }
  return std::nullopt;
}

}  // namespace wcheck
