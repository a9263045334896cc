// The layout that a checkpoint is compared with is not exactly its own:
// docs/checks/checkpoint-layout.md.
#include <algorithm>
#include <utility>

#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"

namespace wcheck::checkpoint_layout {
namespace {

constexpr size_t kMaxSizes = 6;

// "model.layers.{0...55}": later numbers do not matter here.
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

// The class is not the one of config.json.
void TellOtherClass(const CheckpointOutcome& outcome, FindingSink* sink) {
  const std::vector<std::string>& named = outcome.checkpoint->architectures;
  const std::string& judged = outcome.layout->class_name;
  if (outcome.of_checkpoint || named.empty() || std::ranges::find(named, judged) != named.end()) {
    return;
  }
  Finding finding = AboutCheckpoint(outcome, "other-class",
                                    "config.json names " + named.front() + ", and it is judged as " +
                                        judged,
                                    "");
  finding.subject = named.front();
  finding.severity = Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

void TellCount(const CheckpointOutcome& outcome, const CountDifference& count, FindingSink* sink) {
  Finding finding = AboutCheckpoint(
      outcome, "count-differs",
      "the checkpoint has " + std::to_string(count.checkpoint.size()) + " of " + ShowPart(count) +
          ", the layout " + std::to_string(count.layout.size()) +
          (count.fitted ? "; it is judged with the checkpoint's number"
                        : "; there is more than one way to fit it, so it was not fitted"),
      std::string(kOwnLayout));
  finding.subject = Numberless(count.part);
  finding.severity = count.fitted ? Severity::kNote : Severity::kWarning;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

void TellSizes(const CheckpointOutcome& outcome, FindingSink* sink) {
  std::vector<const ShapeDifference*> differences;
  uint64_t keys = 0;
  for (const ShapeDifference& d : outcome.shapes) {
    if (d.kind != ShapeDifference::Kind::kSize) continue;
    differences.push_back(&d);
    keys += BoxSize(d.numbers);
  }
  if (differences.empty()) return;
  std::string sizes;
  for (size_t i = 0; i < std::min(kMaxSizes, outcome.sizes.size()); ++i) {
    const SizeRelation& size = outcome.sizes[i];
    sizes += (i == 0 ? "" : ", ") + std::to_string(size.layout) + " is " +
             std::to_string(size.checkpoint);
  }
  if (outcome.sizes.size() > kMaxSizes) sizes += ", …";
  Finding finding = AboutCheckpoint(
      outcome, "sizes-differ",
      CountKeys(keys) + " have other sizes than in the layout, which indicates another config (" +
          sizes + ")",
      std::string(kOwnLayout));
  for (const ShapeDifference* d : differences) {
    ShowFamilyIn(&finding, d->pattern, d->numbers,
                 "is " + ShowShape(d->layout) + " in the layout, loaded as", ShowShape(d->loaded));
  }
  NameSubject(&finding);
  sink->Add(std::move(finding));
}

void TellLeftOut(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.left_out.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "left-out",
      CountKeys(CountIn(outcome.left_out)) +
          " of the layout have no counterpart in the checkpoint, and no key of the checkpoint is "
          "left for them: its config leaves them out, or they are new",
      std::string(kOwnLayout));
  for (const FamilyPart& part : outcome.left_out) {
    ShowFamilyIn(&finding, outcome.layout->families[part.family].pattern, part.numbers,
                 "is filled by no key of the checkpoint");
  }
  NameSubject(&finding);
  sink->Add(std::move(finding));
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.quantiser.state == QuantisedModel::State::kRefused) return;
  TellOtherClass(outcome, sink);
  for (const CountDifference& count : outcome.counts) TellCount(outcome, count, sink);
  TellSizes(outcome, sink);
  TellLeftOut(outcome, sink);
}

}  // namespace wcheck::checkpoint_layout
