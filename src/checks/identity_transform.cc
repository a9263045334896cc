// A renaming without effect: docs/checks/identity-transform.md.
#include <map>
#include <set>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::identity_transform {
namespace {

// Its source, read as a name, is its target.
bool IsIdentity(const Transform& forward) {
  for (size_t i = 0; i < forward.sources.size(); ++i) {
    size_t target = forward.is_group() ? i : 0;
    if (target >= forward.targets.size()) return false;
    const Engine& engine = *forward.engine;
    if (ProcessTarget(forward.sources[i], engine).text !=
        ProcessTarget(forward.targets[target], engine).text) {
      return false;
    }
  }
  return true;
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::set<uint32_t> changes;
  std::map<uint32_t, Finding> found;
  for (const Pass* pass : {&s.load, &s.reload, &s.save_fresh}) {
    for (const Trace& trace : pass->traces) {
      for (const TraceStep& step : trace.steps) {
        if (step.changed()) changes.insert(step.transform);
        if (step.changed() || pass == &s.save_fresh) continue;
        AddEvidence(&found[step.transform],
                    {ShowText(trace, step.before), "is matched, and keeps its name", "",
                     pass->size(trace)});
      }
    }
  }
  for (auto& [transform, finding] : found) {
    const Transform& forward = s.plan.transforms[transform].forward();
    // A converter has an effect through its operations; a transform for old keys has it elsewhere.
    if (forward.is_converter() || forward.is_prefix_change() || changes.contains(transform)) {
      continue;
    }
    if (!IsIdentity(forward)) continue;
    finding.transform = RefOf(s.plan, transform);
    finding.message = "it gives every key that it matches the name that the key already has";
    finding.cause = "keeps-every-name";
    finding.advice = "remove it";
    Propose(RemoveTransform(*finding.transform, "remove the renaming"), &finding);
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::identity_transform
