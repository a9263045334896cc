// What a checkpoint is compared with is not quite its own model: docs/checks/checkpoint-layout.md.
#include <algorithm>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/catalogue.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

constexpr size_t kMaxSizes = 6;

// "model.layers.{0...55}": numbers further out are not what this is about.
std::string ShowPart(const CountDifference& count) {
  auto holes = std::count(count.part.begin(), count.part.end(), kHole);
  std::string part;
  for (char c : count.part) {
    if (c != kHole) {
      part += c;
    } else {
      part += --holes == 0 ? '{' + count.checkpoint.ToString() + '}' : "*";
    }
  }
  return part;
}

class CheckpointLayoutCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"checkpoint-layout", "checkpoint", Severity::kNote,
                                     "a checkpoint has other numbers or sizes than the layout"};
    return kInfo;
  }

  void JudgeCheckpoint(const CheckpointJudgement& judgement, FindingSink* sink) const override {
    for (const CountDifference& count : judgement.counts) TellCount(judgement, count, sink);
    TellSizes(judgement, sink);
    TellLeftOut(judgement, sink);
  }

 private:
  static void TellCount(const CheckpointJudgement& judgement, const CountDifference& count,
                        FindingSink* sink) {
    Finding finding = AboutCheckpoint(
        judgement,
        "the checkpoint has " + std::to_string(count.checkpoint.size()) + " of " + ShowPart(count) +
            ", the layout " + std::to_string(count.layout.size()) +
            (count.fitted ? "; it is judged with the checkpoint's number"
                          : "; there is more than one way to fit it, so it was not fitted"),
        "count of " + count.part, std::string(kOwnLayout));
    finding.severity = count.fitted ? Severity::kNote : Severity::kWarning;
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }

  static void TellSizes(const CheckpointJudgement& judgement, FindingSink* sink) {
    std::vector<const ShapeDifference*> differences;
    uint64_t keys = 0;
    for (const ShapeDifference& d : judgement.shapes) {
      if (d.kind != ShapeDifference::Kind::kSize) continue;
      differences.push_back(&d);
      keys += BoxSize(d.numbers);
    }
    if (differences.empty()) return;
    std::string sizes;
    for (size_t i = 0; i < std::min(kMaxSizes, judgement.sizes.size()); ++i) {
      const SizeRelation& size = judgement.sizes[i];
      sizes += (i == 0 ? "" : ", ") + std::to_string(size.layout) + " is " +
               std::to_string(size.checkpoint);
    }
    if (judgement.sizes.size() > kMaxSizes) sizes += ", …";
    Finding finding = AboutCheckpoint(
        judgement,
        CountKeys(keys) + " have other sizes than in the layout, as those of another config do (" +
            sizes + ")",
        "sizes", std::string(kOwnLayout));
    for (const ShapeDifference* d : differences) {
      ShowFamilyIn(&finding, d->pattern, d->numbers,
                   "is " + ShowShape(d->layout) + " in the layout, loaded as",
                   ShowShape(d->loaded));
    }
    sink->Add(std::move(finding));
  }

  static void TellLeftOut(const CheckpointJudgement& judgement, FindingSink* sink) {
    if (judgement.left_out.empty()) return;
    Finding finding = AboutCheckpoint(
        judgement,
        CountKeys(CountIn(judgement.left_out)) +
            " of the layout have no counterpart in the checkpoint, of which nothing is left over "
            "for them: its config leaves them out, or they are new",
        "left out", std::string(kOwnLayout));
    for (const FamilyPart& part : judgement.left_out) {
      ShowFamilyIn(&finding, judgement.layout->families[part.family].pattern, part.numbers,
                   "is filled by no key of the checkpoint");
    }
    sink->Add(std::move(finding));
  }
};

}  // namespace

const Check& CheckpointLayout() {
  static const CheckpointLayoutCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
