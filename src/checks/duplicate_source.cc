// Two converters with one source text: docs/checks/duplicate-source.md.
#include <algorithm>
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::duplicate_source {
namespace {

// By the converter that matches and the one that collects.
using Found = std::map<std::pair<uint32_t, uint32_t>, Finding>;

void Look(const Simulation& s, const Pass& pass, const Conversion& conversion,
          const PassOrder& order, Found* found) {
  for (const Production& production : conversion.productions) {
    for (const Production::Input& input : production.inputs) {
      const Trace& trace = pass.traces[input.trace];
      if (trace.claim < 0) continue;
      const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
      if (step.transform == production.transform) continue;
      const Transform& matched = *RanAs(order, step.transform);
      const Transform& collects = *production.converter;
      bool one_source = !collects.sources.empty() &&
                        std::find(collects.sources.begin(), collects.sources.end(),
                                  matched.sources[step.source]) != collects.sources.end();
      // One converter at two places of the model has the same effect at both.
      bool alike = matched.targets == collects.targets &&
                   matched.operations == collects.operations && matched.sources == collects.sources;
      if (!one_source || alike) continue;
      Finding& finding = (*found)[{step.transform, production.transform}];
      if (!finding.transform) {
        const Plan& plan = s.plan;
        TransformRef other = RefOf(plan, production.transform);
        finding.transform = RefOf(plan, step.transform);
        finding.blame = BlameForSource(pass, matched, step.source);
        finding.message = std::string("it matches keys, but the later converter with the same ") +
                          (pass.direction == Direction::kLoad ? "source" : "target") +
                          " text collects them";
        finding.cause = "same-text";
        finding.subject = ShowTransform(*other.spec);
        finding.related.push_back({std::move(other), {}, "this one collects the keys"});
        finding.advice = "write the two texts differently, or join the converters";
      }
      AddEvidence(&finding, EvidenceOf(pass, trace));
    }
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Found found;
  Look(s, s.load, s.loaded, s.load_order, &found);
  Look(s, s.save_fresh, s.saved, s.save_order, &found);
  for (auto& [pair, finding] : found) {
    AddOrExplain(context.round_trip, pair.second, std::move(finding), sink);
  }
}

}  // namespace wcheck::duplicate_source
