// Names of a checkpoint that a save of the loaded model does not give back:
// docs/checks/checkpoint-drift.md.
#include <map>
#include <optional>
#include <utility>

#include "wcheck/checks/round_trip.h"
#include "wcheck/engine/boxes.h"

#include "catalogue.h"
#include "checkpoint_evidence.h"

namespace wcheck {
namespace {

class CheckpointDriftCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "checkpoint-drift", "checkpoint", Severity::kError,
        "saving a loaded checkpoint does not give the same names back"};
    return kInfo;
  }

  void JudgeCheckpoint(const CheckpointJudgement& judgement, FindingSink* sink) const override {
    if (judgement.save_error) {
      sink->Add(AboutCheckpoint(
          judgement, "saving the loaded model raises " + judgement.save_error->ToString(),
          "save error"));
      return;
    }
    std::map<std::optional<uint32_t>, std::vector<const DriftedKeys*>> groups;
    for (const DriftedKeys& keys : judgement.drifted) {
      groups[BlameOf(judgement, keys)].push_back(&keys);
    }
    for (const auto& [transform, group] : groups) {
      Finding finding = AboutKeys(judgement, group, "drift");
      finding.advice = "make the transform that renames them on load reversible";
      if (transform) finding.transform = RefOf(judgement.simulation.plan, *transform);
      sink->Add(std::move(finding));
    }
    // Names that were lost come back as others; those are no second finding.
    if (groups.empty()) TellAdded(judgement, sink);
    TellPrefixed(judgement, sink);
  }

 private:
  static Finding AboutKeys(const CheckpointJudgement& judgement,
                           const std::vector<const DriftedKeys*>& group, std::string cause) {
    uint64_t count = 0;
    for (const DriftedKeys* d : group) count += BoxSize(d->keys.numbers);
    Finding finding =
        AboutCheckpoint(judgement,
                        CountKeys(count) + " of the checkpoint " + (count == 1 ? "does" : "do") +
                            " not come back under " + (count == 1 ? "its name" : "their names") +
                            " when the loaded model is saved",
                        std::move(cause));
    for (const DriftedKeys* d : group) {
      std::string saved;
      if (d->save_trace) {
        const Trace& trace = judgement.save.traces[*d->save_trace];
        Name name = judgement.save.NameOf(trace);
        saved = ShowFamily(name.pattern, name.Numbers(trace.members));
      }
      ShowFamilyIn(&finding, d->keys.pattern, d->keys.numbers,
                   saved.empty() ? "is not written again" : "is saved as", saved);
    }
    return finding;
  }

  // A checkpoint of the base model in a class with a head, or the other way round.
  static void TellPrefixed(const CheckpointJudgement& judgement, FindingSink* sink) {
    if (judgement.prefixed.empty()) return;
    std::vector<const DriftedKeys*> group;
    for (const DriftedKeys& keys : judgement.prefixed) group.push_back(&keys);
    Finding finding = AboutKeys(judgement, group, "base model prefix");
    finding.message += ", but with or without the base model's prefix, which loads as well";
    finding.severity = Severity::kNote;
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }

  static void TellAdded(const CheckpointJudgement& judgement, FindingSink* sink) {
    if (judgement.added.empty()) return;
    Finding finding =
        AboutCheckpoint(judgement,
                        "saving the loaded model writes " + CountKeys(CountIn(judgement.added)) +
                            " that were not there",
                        "added", "see which transform makes these names on save");
    for (const NameFamily& a : judgement.added) {
      ShowFamilyIn(&finding, a.pattern, a.numbers, "is written anew");
    }
    sink->Add(std::move(finding));
  }

  // The last transform that renamed the keys on load: its reverse does not undo it.
  static std::optional<uint32_t> BlameOf(const CheckpointJudgement& judgement,
                                         const DriftedKeys& drifted) {
    const Trace& trace = judgement.simulation.load.traces[drifted.load_trace];
    for (auto step = trace.steps.rbegin(); step != trace.steps.rend(); ++step) {
      if (step->changed()) return step->transform;
    }
    return std::nullopt;
  }
};

}  // namespace

const Check& CheckpointDrift() {
  static const CheckpointDriftCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
