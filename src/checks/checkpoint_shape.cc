// Tensors of a checkpoint that are loaded with a wrong shape: docs/checks/checkpoint-shape.md.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"

namespace wcheck::checkpoint_shape {
namespace {

using Kind = ShapeDifference::Kind;

void Tell(const CheckpointOutcome& outcome, Kind kind, Severity severity, std::string_view cause,
          const std::string& what, FindingSink* sink) {
  std::vector<ShapeDifference> group;
  for (const ShapeDifference& d : outcome.shapes) {
    if (d.kind == kind) group.push_back(d);
  }
  if (group.empty()) return;
  Finding finding = AboutCheckpoint(outcome, cause, CountKeys(CountIn(group)) + ' ' + what,
                                    "check the operations that the tensors go through on load");
  finding.severity = severity;
  for (const ShapeDifference& d : group) {
    ShowFamilyIn(&finding, d.pattern, d.numbers,
                 "is " + ShowShape(d.layout) + " in the layout, loaded as", ShowShape(d.loaded));
  }
  NameSubject(&finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

void TellFailed(const CheckpointOutcome& outcome, FindingSink* sink) {
  std::map<uint32_t, Finding> found;
  for (uint32_t p : outcome.failed) {
    const Production& production = outcome.simulation.loaded.productions[p];
    auto [it, first] = found.try_emplace(production.transform);
    Finding& finding = it->second;
    if (first) {
      finding = AboutCheckpoint(
          outcome, "operation-raises",
          "this converter raises with the checkpoint's tensors: " + production.error->ToString(),
          "check that all of its inputs are in the checkpoint, with equal shapes");
      finding.subject = OperationFailure(*production.converter, *production.error);
      finding.transform = RefOf(outcome.simulation.plan, production.transform);
    }
    ShowFamilyIn(&finding, production.pattern, production.numbers, "is not filled");
  }
  for (auto& [transform, finding] : found) sink->Add(std::move(finding));
}

// Transpose(check_dims=True) leaves a tensor alone that has the model's shape already: what a save
// writes in one order loads, and so does the other.
bool LoadsEitherOrder(const Transform& transform) {
  return std::ranges::any_of(transform.operations, [](const Operation& op) { return op.check_dims; });
}

void TellReshaped(const CheckpointOutcome& outcome, FindingSink* sink) {
  std::map<std::optional<uint32_t>, std::vector<const ReshapedKeys*>> groups;
  for (const ReshapedKeys& keys : outcome.reshaped) {
    groups[keys.transform].push_back(&keys);
  }
  for (const auto& [transform, group] : groups) {
    uint64_t count = 0;
    for (const ReshapedKeys* keys : group) count += BoxSize(keys->keys.numbers);
    Finding finding =
        AboutCheckpoint(outcome, "reshaped-on-save",
                        CountKeys(count) + " of the checkpoint " + (count == 1 ? "comes" : "come") +
                            " back with another shape when the loaded model is saved",
                        "check that the reversed operations restore every dimension");
    if (transform) finding.transform = RefOf(outcome.simulation.plan, *transform);
    const bool either = transform && LoadsEitherOrder(outcome.simulation.plan.transforms[*transform].forward());
    if (either) {
      finding.advice = "the library loads both orders, since this transform looks at the shape; a program that "
                       "expects the published order does not";
      finding.severity = Severity::kWarning;
    }
    for (const ReshapedKeys* keys : group) {
      ShowFamilyIn(&finding, keys->keys.pattern, keys->keys.numbers,
                   "is " + ShowShape(keys->before) + ", and is saved as", ShowShape(keys->after));
    }
    NameSubject(&finding);
    sink->Add(std::move(finding), /*keep_severity=*/either);
  }
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.quantiser.state == QuantisedModel::State::kRefused) return;
  Tell(outcome, Kind::kRank, Severity::kError, "other-rank",
       "are loaded with another number of dimensions", sink);
  Tell(outcome, Kind::kPermuted, Severity::kError, "permuted",
       "are loaded with their dimensions in another order", sink);
  Tell(outcome, Kind::kWrong, Severity::kError, "other-sizes",
       "are loaded with other sizes than the model's", sink);
  Tell(outcome, Kind::kOddOne, Severity::kWarning, "odd-one",
       "are loaded with another shape than most keys of their kind", sink);
  TellFailed(outcome, sink);
  TellReshaped(outcome, sink);
}

}  // namespace wcheck::checkpoint_shape
