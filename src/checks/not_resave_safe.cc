// A second save corrupts names: docs/checks/not-resave-safe.md.
#include <algorithm>
#include <map>

#include "wcheck/checks/round_trip.h"

#include "catalogue.h"
#include "repair.h"

namespace wcheck {
namespace {

class NotResaveSafeCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "not-resave-safe", "stability", Severity::kWarning,
        "a name that is already in checkpoint format is renamed again by a save"};
    return kInfo;
  }

  void JudgeClass(const ClassContext& context, FindingSink* sink) const override {
    const Simulation& s = context.simulation;
    if (!s.has_checkpoint || s.resave.error) return;
    std::map<std::optional<uint32_t>, std::vector<KeyEvidence>> by_transform;
    for (const Trace& trace : s.resave.traces) {
      if (!trace.changed()) continue;
      std::optional<uint32_t> transform;
      for (const TraceStep& step : trace.steps) {
        if (step.changed() && !transform) transform = step.transform;
      }
      Name name = s.resave.NameOf(trace);
      IndexBox numbers = name.Numbers(trace.members);
      by_transform[transform].push_back(
          {ShowFamily(s.resave.families[trace.family].pattern, trace.members), "would be saved as",
           ShowFamily(name.pattern, numbers), s.resave.size(trace)});
    }
    for (auto& [transform, keys] : by_transform) {
      Finding finding;
      if (transform) finding.transform = RefOf(s.plan, *transform);
      finding.message =
          "its reverse renames names that are in checkpoint format already: a second "
          "conversion corrupts them";
      finding.classes.push_back({"", std::move(keys), 0});
      finding.advice =
          "keep the target, which a save reads as a pattern, off names that have the old form: an "
          "anchor, or a lookaround against what the source has beside it, such as "
          "`(?<!encoder\\.)layers` for `encoder.layers` (a load takes it out again)";
      if (finding.transform) {
        Propose(GuardTarget(*finding.transform), &finding);
        Propose(AnchorTargets(*finding.transform), &finding);
      }
      sink->Add(std::move(finding));
    }
  }
};

}  // namespace

const Check& NotResaveSafe() {
  static const NotResaveSafeCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
