#include "checks/rejected_check.h"

#include <algorithm>

#include "analysis/pattern_blame.h"

namespace wcheck {
namespace {

// In an entry that could not be read completely, a wrong pattern is certain, but not a wrong number
// of patterns or operations: some may be missing because they could not be evaluated.
bool IsCertain(const CompiledRegistry::Rejection& rejection, const Registry& registry) {
  if (rejection.error.kind == EngineError::Kind::kPatternError) return true;
  auto entry = registry.entries.find(rejection.entry);
  return entry == registry.entries.end() || !entry->second.incomplete;
}

}  // namespace

Finding RejectedCheck::FindingOf(const CompiledRegistry::Rejection& rejection) const {
  Finding finding;
  finding.message = "the engine rejects this transform: `" + rejection.error.ToString() + "`";
  finding.transform = TransformRef{rejection.spec, std::string(rejection.entry),
                                   static_cast<uint32_t>(rejection.index)};
  finding.advice = advice();
  finding.blame = BlamePattern(rejection.error, Blame::Part::kSource, rejection.spec->sources);
  return finding;
}

void RejectedCheck::JudgeClass(const ClassContext& context, FindingSink* sink) const {
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Owns(rejection.error) || !IsCertain(rejection, context.registry.registry())) continue;
    const auto& hits = context.simulation.plan.hits;
    bool reached = rejection.entry == kLegacyEntry ||
                   std::any_of(hits.begin(), hits.end(),
                               [&](const Plan::Hit& hit) { return hit.entry == rejection.entry; });
    if (reached) sink->Add(FindingOf(rejection));
  }
}

void RejectedCheck::JudgeRegistry(const RegistryContext& context, FindingSink* sink) const {
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Owns(rejection.error) || !IsCertain(rejection, context.registry.registry())) continue;
    sink->Add(FindingOf(rejection));
  }
}

}  // namespace wcheck
