// Model keys that a checkpoint leaves uninitialised: docs/checks/checkpoint-missing.md.
#include <algorithm>
#include <utility>

#include "analysis/round_trip.h"
#include "families/boxes.h"

#include "checks/catalogue.h"
#include "checks/checkpoint_evidence.h"

namespace wcheck {
namespace {

class CheckpointMissingCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"checkpoint-missing", "checkpoint", Severity::kError,
                                     "a checkpoint leaves a key of the model uninitialised"};
    return kInfo;
  }

  void JudgeCheckpoint(const CheckpointJudgement& judgement, FindingSink* sink) const override {
    for (const CheckpointRemark& remark : judgement.checkpoint->remarks) {
      if (remark.kind != CheckpointRemark::Kind::kNotInShard) continue;
      sink->Add(AboutCheckpoint(judgement, remark.message, "not in shard",
                                "fetch or write the shard again"));
    }
    TellError(judgement, sink);
    TellMissing(judgement, sink);
  }

 private:
  static void TellError(const CheckpointJudgement& judgement, FindingSink* sink) {
    const Pass& load = judgement.simulation.load;
    if (!load.error) return;
    Finding finding =
        AboutCheckpoint(judgement, "loading raises " + load.error->ToString(), "load error");
    finding.transform = RefOf(judgement.simulation.plan, load.error_transform);
    finding.classes.front().keys.push_back({load.error_key, "raises on load", "", 1});
    sink->Add(std::move(finding));
  }

  static void TellMissing(const CheckpointJudgement& judgement, FindingSink* sink) {
    if (judgement.missing.empty()) return;
    Finding finding = AboutCheckpoint(
        judgement, CountKeys(CountIn(judgement.missing)) + " of the model would stay uninitialised",
        "missing");
    finding.severity = Proved(judgement) ? Severity::kError : Severity::kWarning;
    finding.advice = Proved(judgement)
                         ? "see which keys of the checkpoint hold them, and write the transform "
                           "that leads there"
                         : "another config may explain it; " + std::string(kOwnLayout);
    for (const FamilyPart& part : judgement.missing) {
      ShowFamilyIn(&finding, judgement.layout->families[part.family].pattern, part.numbers,
                   "is filled by no key of the checkpoint");
    }
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }

  // The layout is the checkpoint's own, or the keys that should have come here went elsewhere.
  static bool Proved(const CheckpointJudgement& judgement) {
    return judgement.exact || !judgement.simulation.load_collisions.empty() ||
           std::any_of(judgement.unexpected.begin(), judgement.unexpected.end(),
                       [](const UnexpectedKeys& keys) { return keys.by_mapping; });
  }
};

}  // namespace

const Check& CheckpointMissing() {
  static const CheckpointMissingCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
