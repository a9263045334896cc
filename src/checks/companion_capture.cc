// A reversed converter also claims what quantisation stores beside a parameter:
// docs/checks/companion-capture.md.
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "families/boxes.h"

namespace wcheck::companion_capture {
namespace {

// The suffixes that quantised checkpoints add to a parameter's name.
constexpr std::string_view kCompanions[] = {"_scale_inv", "_scale", "_blocks", "_scales",
                                            ".weight_scale"};

// Collected under the parameter's own key: both tensors go through the operations as one list. A
// companion that is also claimed but keeps its suffix is split beside the parameter, as intended.
bool SwallowedWith(const Simulation& s, const Trace& parameter, const Pass& save,
                   const Trace& companion) {
  if (save.error || companion.claim < 0) return false;
  Name ours = s.save_fresh.NameOf(parameter);
  Name theirs = save.NameOf(companion);
  return ours.pattern == theirs.pattern &&
         BoxesIntersect(ours.Numbers(parameter.members), theirs.Numbers(companion.members));
}

void Report(const Simulation& s, uint32_t converter, const Trace& parameter, std::string companion,
            Finding* finding) {
  if (!finding->transform) {
    finding->transform = RefOf(s.plan, converter);
    finding->cause = "swallows-companion";
    finding->message =
        "reversed, this converter also claims the tensors that a quantised model stores beside its "
        "parameter";
    // From 5.21 on a `$` stays in names.
    finding->advice = s.engine->keeps_dollar
                          ? "name in the target pattern what may follow"
                          : "end the target pattern with $, or name what may follow";
  }
  AddEvidence(finding, {std::move(companion), "would be saved together with",
                        ShowKeys(s.save_fresh, parameter), s.save_fresh.size(parameter)});
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (s.save_fresh.error) return;
  std::map<uint32_t, Finding> found;
  for (const Trace& parameter : s.save_fresh.traces) {
    if (parameter.claim < 0) continue;
    uint32_t converter = parameter.steps[static_cast<size_t>(parameter.claim)].transform;
    if (IsBlamed(context.round_trip, converter)) continue;
    const LayoutFamily& family = s.save_fresh.families[parameter.family];
    for (std::string_view companion : kCompanions) {
      std::string pattern = std::string(family.pattern) + std::string(companion);
      // A companion that the layout has is an ordinary key, and judged as such.
      if (!s.model->FamiliesOf(pattern).empty()) continue;
      LayoutFamily beside{pattern, parameter.members, family.shape, family.dtype};
      Pass save = RunPass(s.plan, s.save_order, *s.engine, Direction::kSave, std::span(&beside, 1),
                          nullptr);
      for (const Trace& trace : save.traces) {
        if (!SwallowedWith(s, parameter, save, trace)) continue;
        Report(s, converter, parameter, ShowKeys(save, trace), &found[converter]);
      }
    }
  }
  for (auto& [transform, finding] : found) sink->Add(std::move(finding));
}

}  // namespace wcheck::companion_capture
