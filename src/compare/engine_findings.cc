#include "compare/engine_findings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/round_trip.h"
#include "checks/check.h"
#include "compare/class_changes.h"
#include "compare/plan_edits.h"
#include "compare/upgrade.h"

namespace wcheck {
namespace {

// Compares all classes with one engine, from the older to the newer of the two.
class EngineComparison {
 public:
  EngineComparison(const CompareSide& side, const Engine& other, const JudgeOptions& options)
      : side_(side),
        other_(other),
        other_is_newer_(other.classes_of > side.engine->classes_of),
        older_(*side.registry, other_is_newer_ ? *side.engine : other),
        newer_(*side.registry, other_is_newer_ ? other : *side.engine) {
    options_.judge.jobs = options.jobs;
    // Only names and shapes are compared here; the findings by the other engine are its own.
    for (const Check& check : AllChecks())
      options_.judge.ignore.insert(std::string(check.info.name));
  }

  Status AddTo(const std::vector<std::string>& classes, std::vector<Finding>* findings) {
    CompareSide before = side_;
    before.engine = other_is_newer_ ? side_.engine : &other_;
    const Engine& after = other_is_newer_ ? other_ : *side_.engine;
    const Result<Comparison> compared = CompareEngines(before, after, classes, options_);
    if (!compared) return compared.error();
    for (const ChangeGroup& group : compared->groups) {
      for (const ClassComparison& one : group.classes) {
        Result<Finding> finding = FindingOf(group, one);
        if (!finding) return finding.error();
        findings->push_back(*std::move(finding));
      }
    }
    return Unit{};
  }

 private:
  Result<Finding> FindingOf(const ChangeGroup& group, const ClassComparison& one) const {
    Finding finding;
    const std::string other(other_.name);
    finding.message =
        "the engine of " + other + " loads or saves keys differently: " + group.summary;
    finding.cause = "engine-rule";
    finding.subject = other + ' ' + group.cause;
    finding.advice =
        "write it so that both do the same, or support one of them only; `wcheck upgrade "
        "--from " +
        std::string(older_.engine().name) + " --to " + std::string(newer_.engine().name) +
        "` shows every key";
    ClassEvidence evidence{one.class_name, {}, 0};
    for (const KeyChange& change : one.changes) evidence.keys.push_back(EvidenceOfChange(change));
    finding.classes.push_back(std::move(evidence));
    Result<std::optional<TransformRef>> blamed = FirstMover(one.class_name);
    if (!blamed) return blamed.error();
    finding.transform = *std::move(blamed);
    return finding;
  }

  KeyEvidence EvidenceOfChange(const KeyChange& change) const {
    const auto name_of = [](const std::vector<std::string>& names) {
      return names.empty() ? std::string("nothing") : '`' + names.front() + '`';
    };
    KeyEvidence evidence{change.subject, std::string(KeyChangeName(change.kind)), "", change.count};
    if (!change.message.empty()) {
      evidence.relation += ": " + change.message;
    } else if (!change.before.empty() || !change.after.empty()) {
      evidence.relation += ": " + name_of(change.before) + " by " +
                           std::string(older_.engine().name) + ", " + name_of(change.after) +
                           " by " + std::string(newer_.engine().name);
    }
    return evidence;
  }

  // The first transform of the class's plan that matches a key whose result differs.
  Result<std::optional<TransformRef>> FirstMover(const std::string& class_name) const {
    const std::optional<size_t> index = side_.layouts->Find(class_name);
    if (!index) return std::optional<TransformRef>();
    const Result<Layout> layout = side_.layouts->Read(*index);
    if (!layout) return layout.error();
    const Simulation before = Simulate(*layout, older_, {});
    const Simulation after = Simulate(*layout, newer_, {});
    const ClassChanges changes = ChangesOf(before, after);
    for (const Simulation* s : {&before, &after}) {
      for (uint32_t i = 0; i < s->plan.transforms.size(); ++i) {
        TransformRef ref = RefOf(s->plan, i);
        if (changes.movers.contains(TransformText(*ref.spec))) return std::optional(std::move(ref));
      }
    }
    return std::optional<TransformRef>();
  }

  const CompareSide side_;
  const Engine& other_;
  const bool other_is_newer_;
  const CompiledRegistry older_;
  const CompiledRegistry newer_;
  CompareOptions options_;
};

}  // namespace

Result<std::vector<Finding>> EngineFindings(const CompareSide& side,
                                            std::span<const Engine* const> engines,
                                            const std::vector<std::string>& classes,
                                            const JudgeOptions& options) {
  std::vector<Finding> findings;
  for (const Engine* other : engines) {
    if (SameRules(*other, *side.engine)) continue;
    const Status added = EngineComparison(side, *other, options).AddTo(classes, &findings);
    if (!added) return added.error();
  }
  return findings;
}

}  // namespace wcheck
