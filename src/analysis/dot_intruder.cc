// Tries the hypothesis: compiles the transform with its dots escaped and loads the saved keys
// again. Only if they come back is the dot to blame.
#include "analysis/dot_intruder.h"

#include <algorithm>
#include <span>
#include <variant>

#include "analysis/variant.h"

namespace wcheck {
namespace {

bool TookPart(const Trace& trace, uint32_t transform) {
  return std::any_of(trace.steps.begin(), trace.steps.end(),
                     [&](const TraceStep& step) { return step.transform == transform; });
}

// Whether the checkpoint keys of `load` reach the model keys of `save` if `repaired` replaces the
// plan's transform.
bool ComesBack(const Simulation& s, const Trace& save, const Trace& load, uint32_t transform,
               const Transform& repaired) {
  PassOrder order = s.load_order;
  for (PassTransform& one : order.transforms) {
    if (one.index == transform) one.transform = &repaired;
  }
  const LayoutFamily& checkpoint = s.load.families[load.family];
  const LayoutFamily part{checkpoint.pattern, load.members, checkpoint.shape, checkpoint.dtype};
  const LoadTarget target{s.layout->base_model_prefix, s.model.get()};
  const Pass pass =
      RunPass(s.plan, order, *s.engine, Direction::kLoad, std::span(&part, 1), &target);
  if (pass.error) return false;
  // The name that keys are collected under does not contain a converter's other targets.
  const bool by_name = save.claim < 0;
  return std::all_of(pass.traces.begin(), pass.traces.end(), [&](const Trace& trace) {
    return trace.in_model &&
           (!by_name || pass.NameOf(trace).pattern == s.layout->families[save.family].pattern);
  });
}

}  // namespace

std::optional<DotIntruder> FindDotIntruder(const Simulation& s, const Trace& save,
                                           const Trace& load) {
  for (const TraceStep& step : load.steps) {
    const PlacedTransform& placed = s.plan.transforms[step.transform];
    const Transform& forward = placed.forward();
    if (!step.changed() || placed.legacy || forward.is_prefix_change()) continue;
    if (TookPart(save, step.transform)) continue;
    const std::string& source = forward.sources[step.source];
    if (!HasBareDot(source) || DotIsADot(source, step)) continue;
    TransformSpec spec = *forward.spec;
    for (std::string& written : spec.sources) written = EscapeBareDots(written);
    const auto built = Transform::Construct(spec, *s.engine);
    const auto* repaired = std::get_if<Transform>(&built);
    if (repaired == nullptr || !ComesBack(s, save, load, step.transform, *repaired)) continue;
    return DotIntruder{step.transform, step.source, spec.sources[step.source]};
  }
  return std::nullopt;
}

}  // namespace wcheck
