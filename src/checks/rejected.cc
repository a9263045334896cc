#include "checks/rejected.h"

#include <algorithm>

#include "analysis/pattern_blame.h"
#include "analysis/subject.h"
#include "checkpoint/checkpoint.h"

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

bool Reaches(const Plan& plan, const CompiledRegistry::Rejection& rejection) {
  return AppliesToAll(rejection.entry) || std::ranges::any_of(plan.hits, [&](const Plan::Hit& hit) {
           return hit.entry == rejection.entry;
         });
}

Finding RejectionFinding(Rejected what, const CompiledRegistry::Rejection& rejection) {
  Finding finding;
  finding.message = "the engine rejects this transform: `" + rejection.error.ToString() + "`";
  finding.cause = "constructor-raises";
  finding.subject = ErrorName(rejection.error);
  finding.transform = TransformRef{rejection.spec, std::string(rejection.entry),
                                   static_cast<uint32_t>(rejection.index)};
  const bool other_release = rejection.error.kind == EngineError::Kind::kAttributeError;
  finding.advice =
      other_release
          ? "it belongs to another release: judge the mapping with that one's --engine, or leave it out"
      : what == Rejected::kPattern
          ? "fix the pattern; `python3 -c 'import re; re.compile(r\"…\")'` reports the same error"
          : "check the numbers of sources, targets, groups and operations that its class accepts";
  finding.blame = BlamePattern(rejection.error, Blame::Part::kSource, rejection.spec->sources);
  return finding;
}

}  // namespace

void ReportRejected(Rejected what, const ClassContext& context, FindingSink* sink) {
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Is(what, rejection) || !IsCertain(rejection, context.registry.registry())) continue;
    if (Reaches(context.simulation.plan, rejection)) sink->Add(RejectionFinding(what, rejection));
  }
}

void ReportRejected(Rejected what, const CheckpointOutcome& outcome, FindingSink* sink) {
  // Entries that could not be read completely are not judged.
  for (const CompiledRegistry::Rejection& rejection : outcome.rejections) {
    if (!Is(what, rejection) || !Reaches(outcome.simulation.plan, rejection)) continue;
    sink->Add(RejectionFinding(what, rejection));
  }
}

void ReportRejected(Rejected what, const RegistryContext& context, FindingSink* sink) {
  for (const CompiledRegistry::Rejection& rejection : context.registry.rejections()) {
    if (!Is(what, rejection) || !IsCertain(rejection, context.registry.registry())) continue;
    sink->Add(RejectionFinding(what, rejection));
  }
}

}  // namespace wcheck
