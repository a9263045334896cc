// An earlier transform always takes its text: docs/checks/shadowed-transform.md.
#include "analysis/shadow.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::shadowed_transform {
namespace {

void Report(const Simulation& s, uint32_t transform, const Shadow& shadow, FindingSink* sink) {
  const Transform& forward = s.plan.transforms[transform].forward();
  const Transform& first = s.plan.transforms[shadow.step->transform].forward();
  TransformRef earlier = RefOf(s.plan, shadow.step->transform);
  Finding finding;
  finding.transform = RefOf(s.plan, transform);
  finding.blame = BlameForSource(*shadow.pass, forward, shadow.match.source);
  finding.message = "it never fires on load: an earlier transform always takes its text";
  finding.cause = "shadowed";
  finding.subject = ShowTransform(*earlier.spec);
  finding.related.push_back({std::move(earlier),
                             BlameForSource(*shadow.pass, first, shadow.step->source),
                             "this one comes first"});
  AddEvidence(&finding,
              {ShowText(*shadow.trace, shadow.step->before), "is renamed first, to",
               ShowText(*shadow.trace, shadow.step->after), shadow.pass->size(*shadow.trace)});
  finding.advice = "move it before the transform that shadows it, or remove it if both do the same";
  Propose(RemoveTransform(*finding.transform, "remove the transform"), &finding);
  sink->Add(std::move(finding));
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (!s.has_checkpoint || s.load.error || s.reload.error) return;
  for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
    const PlacedTransform& placed = s.plan.transforms[i];
    if (placed.legacy || Used(s.load, i) || Used(s.reload, i)) continue;
    if (IsBlamed(context.round_trip, i)) continue;
    const std::optional<Shadow> shadow = ShadowOf(s, i);
    // An equal pair in one entry is duplicate-transform.
    if (!shadow || shadow->duplicate) continue;
    // If the other one takes what is not its own, that is an error already.
    if (!IsBlamed(context.round_trip, shadow->step->transform)) {
      Report(s, i, *shadow, sink);
    }
  }
}

// With all classes judged, a transform that gets a key in one of them is not dead.
bool Keep(const RegistryContext& context, const Finding& finding) {
  if (!context.all_classes) return true;
  const RegistryContext::Use* use = context.UseOf(*finding.transform);
  return use == nullptr || use->loaded == 0;
}

}  // namespace wcheck::shadowed_transform
