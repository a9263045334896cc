// Model keys that a checkpoint leaves uninitialised: docs/checks/checkpoint-missing.md.
#include <algorithm>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"

namespace wcheck::checkpoint_missing {
namespace {

void TellError(const CheckpointOutcome& outcome, FindingSink* sink) {
  const Pass& load = outcome.simulation.load;
  if (!load.error) return;
  Finding finding =
      AboutCheckpoint(outcome, "load-raises", "loading raises " + load.error->ToString());
  finding.subject = ErrorName(*load.error);
  finding.transform = RefOf(outcome.simulation.plan, load.error_transform);
  finding.classes.front().keys.push_back({load.error_key, "raises on load", "", 1});
  sink->Add(std::move(finding));
}

// The layout is the checkpoint's own, or the keys that should have come here went elsewhere.
bool Proved(const CheckpointOutcome& outcome) {
  return outcome.exact || !outcome.simulation.load_collisions.empty() ||
         std::any_of(outcome.unexpected.begin(), outcome.unexpected.end(),
                     [](const UnexpectedKeys& keys) { return keys.by_mapping; });
}

void TellMissing(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.missing.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "uninitialised",
      CountKeys(CountIn(outcome.missing)) + " of the model would stay uninitialised");
  finding.severity = Proved(outcome) ? Severity::kError : Severity::kWarning;
  finding.advice = Proved(outcome) ? "find the keys of the checkpoint that contain them, and add a "
                                     "transform that renames those"
                                   : "another config may explain it; " + std::string(kOwnLayout);
  for (const FamilyPart& part : outcome.missing) {
    ShowFamilyIn(&finding, outcome.layout->families[part.family].pattern, part.numbers,
                 "is filled by no key of the checkpoint");
  }
  NameSubject(&finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  for (const CheckpointRemark& remark : outcome.checkpoint->remarks) {
    if (remark.kind != CheckpointRemark::Kind::kNotInShard) continue;
    Finding finding = AboutCheckpoint(outcome, "not-in-shard", remark.message,
                                      "download or write the shard again");
    finding.subject = FileName(remark.file);
    sink->Add(std::move(finding));
  }
  TellError(outcome, sink);
  TellMissing(outcome, sink);
}

}  // namespace wcheck::checkpoint_missing
