#include "checks/rejected.h"

#include <algorithm>

#include "analysis/pattern_blame.h"
#include "analysis/subject.h"

namespace wcheck {
namespace {

bool Is(Rejected what, const CompiledRegistry::Rejection& rejection) {
  const bool pattern = rejection.error.kind == EngineError::Kind::kPatternError;
  return pattern == (what == Rejected::kPattern);
}

// In an entry that could not be read completely, a wrong pattern is certain, but not a wrong number
// of patterns or operations: some may be missing because they could not be evaluated.
bool IsCertain(const CompiledRegistry::Rejection& rejection, const Registry& registry) {
  if (Is(Rejected::kPattern, rejection)) return true;
  auto entry = registry.entries.find(rejection.entry);
  return entry == registry.entries.end() || !entry->second.incomplete;
}

Finding RejectionFinding(Rejected what, const CompiledRegistry::Rejection& rejection) {
  Finding finding;
  finding.message = "the engine rejects this transform: `" + rejection.error.ToString() + "`";
  finding.cause = "constructor-raises";
  finding.subject = ErrorName(rejection.error);
  finding.transform = TransformRef{rejection.spec, std::string(rejection.entry),
                                   static_cast<uint32_t>(rejection.index)};
  finding.advice =
      what == Rejected::kPattern
          ? "fix the pattern; `python3 -c 'import re; re.compile(r\"…\")'` reports the same error"
          : "check the numbers of sources, targets, groups and operations that its class accepts";
  finding.blame = BlamePattern(rejection.error, Blame::Part::kSource, rejection.spec->sources);
  return finding;
}

}  // namespace

void ReportRejected(Rejected what, const ClassContext& context, FindingSink* sink) {
  const auto& hits = context.simulation.plan.hits;
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Is(what, rejection) || !IsCertain(rejection, context.registry.registry())) continue;
    bool reached = AppliesToAll(rejection.entry) ||
                   std::any_of(hits.begin(), hits.end(),
                               [&](const Plan::Hit& hit) { return hit.entry == rejection.entry; });
    if (reached) sink->Add(RejectionFinding(what, rejection));
  }
}

void ReportRejected(Rejected what, const RegistryContext& context, FindingSink* sink) {
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Is(what, rejection) || !IsCertain(rejection, context.registry.registry())) continue;
    sink->Add(RejectionFinding(what, rejection));
  }
}

}  // namespace wcheck
