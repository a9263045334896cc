// An earlier transform always takes its text: docs/checks/shadowed-transform.md.
#include "analysis/trace_text.h"
#include "checks/catalogue.h"
#include "checks/evidence.h"
#include "checks/repair.h"
#include "engine/match.h"

namespace wcheck {
namespace {

class ShadowedTransformCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"shadowed-transform", "reach", Severity::kWarning,
                                     "an earlier transform always takes the text of this one"};
    return kInfo;
  }

  void JudgeClass(const ClassContext& context, FindingSink* sink) const override {
    const Simulation& s = context.simulation;
    if (!s.has_checkpoint || s.load.error || s.reload.error) return;
    for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
      const PlacedTransform& placed = s.plan.transforms[i];
      if (placed.legacy || Used(s.load, i) || Used(s.reload, i)) continue;
      if (IsBlamed(context.round_trip, i)) continue;
      std::optional<Shadow> shadow = Find(s, i, s.load);
      if (!shadow) shadow = Find(s, i, s.reload);
      // That the other one takes what is not its own is an error already.
      if (shadow && !IsBlamed(context.round_trip, shadow->step->transform)) {
        Report(s, i, *shadow, sink);
      }
    }
  }

  // With all classes judged, a transform that gets a key in one of them is not dead.
  bool Keep(const RegistryContext& context, const Finding& finding) const override {
    if (!context.all_classes) return true;
    const RegistryContext::Use* use = context.UseOf(*finding.transform);
    return use == nullptr || use->loaded == 0;
  }

 private:
  struct Shadow {
    const Pass* pass;
    const Trace* trace;
    const TraceStep* step;  // of the transform that comes first
    KeyMatch match;
  };

  // A key that it would match, if an earlier transform had not renamed it first.
  static std::optional<Shadow> Find(const Simulation& s, uint32_t transform, const Pass& pass) {
    const PlacedTransform& placed = s.plan.transforms[transform];
    const Transform& forward = placed.forward();
    for (const Trace& trace : pass.traces) {
      for (const TraceStep& step : trace.steps) {
        if (!step.changed()) continue;
        // Twice the same in one entry is duplicate-transform.
        if (SameTransform(*s.plan.transforms[step.transform].forward().spec, *forward.spec)) {
          continue;
        }
        std::optional<KeyMatch> match = FindMatch(forward, placed, *s.profile, step.before.text);
        if (!match) continue;
        bool gone = !FindMatch(forward, placed, *s.profile, step.after.text);
        bool claimed =
            forward.is_converter() && s.plan.transforms[step.transform].forward().is_converter();
        if (gone || claimed) return Shadow{&pass, &trace, &step, *match};
      }
    }
    return std::nullopt;
  }

  static void Report(const Simulation& s, uint32_t transform, const Shadow& shadow,
                     FindingSink* sink) {
    const Transform& forward = s.plan.transforms[transform].forward();
    const Transform& first = s.plan.transforms[shadow.step->transform].forward();
    TransformRef earlier = RefOf(s.plan, shadow.step->transform);
    Finding finding;
    finding.transform = RefOf(s.plan, transform);
    finding.blame = BlameForSource(*shadow.pass, forward, shadow.match.source);
    finding.message = "it never fires on load: an earlier transform always takes its text";
    finding.cause = "shadowed by " + ShowTransform(*earlier.spec);
    finding.related.push_back({std::move(earlier),
                               BlameForSource(*shadow.pass, first, shadow.step->source),
                               "this one comes first"});
    AddEvidence(&finding,
                {ShowText(*shadow.trace, shadow.step->before), "is renamed first, to",
                 ShowText(*shadow.trace, shadow.step->after), shadow.pass->size(*shadow.trace)});
    finding.advice = "put it before the one that shadows it, or remove it if both do the same";
    Propose(RemoveTransform(*finding.transform, "remove the transform"), &finding);
    sink->Add(std::move(finding));
  }
};

}  // namespace

const Check& ShadowedTransform() {
  static const ShadowedTransformCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
