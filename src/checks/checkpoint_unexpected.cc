// Keys of a checkpoint that go nowhere: docs/checks/checkpoint-unexpected.md.
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"
#include "published/foreign_format.h"

namespace wcheck::checkpoint_unexpected {
namespace {

using Kind = UnexpectedKeys::Kind;

std::string_view CauseOf(CheckpointRemark::Kind kind) {
  switch (kind) {
    case CheckpointRemark::Kind::kNotInIndex:
      return "not-in-index";
    case CheckpointRemark::Kind::kInSeveralFiles:
      return "in-several-files";
    case CheckpointRemark::Kind::kOwnCode:
      return "own-code";
    case CheckpointRemark::Kind::kShardMissing:  // these two: checkpoint-missing
    case CheckpointRemark::Kind::kNotInShard:
    case CheckpointRemark::Kind::kConfigUnreadable:
      break;
  }
  return "config-unreadable";
}

void TellFiles(const CheckpointOutcome& outcome, FindingSink* sink) {
  for (const CheckpointRemark& remark : outcome.checkpoint->remarks) {
    if (remark.kind == CheckpointRemark::Kind::kNotInShard ||
        remark.kind == CheckpointRemark::Kind::kShardMissing) {
      continue;
    }
    Finding finding = AboutCheckpoint(outcome, CauseOf(remark.kind), remark.message);
    finding.subject = FileName(remark.file);
    finding.severity = remark.kind == CheckpointRemark::Kind::kConfigUnreadable ||
                               remark.kind == CheckpointRemark::Kind::kOwnCode
                           ? Severity::kNote
                           : Severity::kWarning;
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }
}

std::string PatternsOf(const CheckpointOutcome& outcome,
                       const std::vector<const UnexpectedKeys*>& group) {
  std::vector<std::string> patterns;
  for (const UnexpectedKeys* keys : group) {
    patterns.emplace_back(outcome.families[keys->family].pattern);
  }
  return NumberlessList(patterns);
}

uint64_t CountIn(const std::vector<const UnexpectedKeys*>& group) {
  return std::accumulate(
      group.begin(), group.end(), uint64_t{0},
      [](uint64_t n, const UnexpectedKeys* keys) { return n + BoxSize(keys->numbers); });
}

const Trace* TraceOf(const CheckpointOutcome& outcome, const FamilyPart& part) {
  for (const Trace& trace : TracesOf(outcome.simulation.load, part.family)) {
    if (!trace.in_model && BoxesIntersect(trace.members, part.numbers)) return &trace;
  }
  return nullptr;
}

void Show(const CheckpointOutcome& outcome, const std::vector<const UnexpectedKeys*>& group,
          Finding* finding) {
  for (const UnexpectedKeys* part : group) {
    const UnexpectedKeys& keys = *part;
    std::string to;
    if (const Trace* trace = TraceOf(outcome, keys); trace != nullptr && trace->changed()) {
      Name name = outcome.simulation.load.NameOf(*trace);
      to = ShowFamily(name.pattern, name.Numbers(trace->members));
    }
    ShowFamilyIn(
        finding, outcome.families[keys.family].pattern, keys.numbers,
        to.empty() ? "is no key of the model" : "becomes a name that is no key of the model:", to);
  }
}

std::optional<uint32_t> BlameOf(const CheckpointOutcome& outcome, const UnexpectedKeys& keys) {
  const Trace* trace = TraceOf(outcome, keys);
  if (!keys.by_mapping || trace == nullptr) return std::nullopt;
  return LastRenamer(*trace);
}

// One finding for each transform that leads keys astray, and one for all others.
void TellUnknown(const CheckpointOutcome& outcome, FindingSink* sink) {
  std::map<std::optional<uint32_t>, std::vector<const UnexpectedKeys*>> groups;
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    if (keys.kind == Kind::kUnknown) groups[BlameOf(outcome, keys)].push_back(&keys);
  }
  for (const auto& [transform, group] : groups) {
    uint64_t count = CountIn(group);
    Finding finding = AboutCheckpoint(
        outcome, "goes-nowhere",
        CountKeys(count) + " of the checkpoint " + (count == 1 ? "goes" : "go") + " nowhere" +
            (outcome.exact || transform ? "" : ", unless its own config has them"),
        transform ? "they are dropped on load; correct the transform that renames them last"
                  : "they are dropped on load; if the model needs them, add a transform that "
                    "renames them to its keys");
    if (transform) {
      finding.transform = RefOf(outcome.simulation.plan, *transform);
    } else {
      finding.subject = PatternsOf(outcome, group);
    }
    std::vector<UnexpectedKeys> keys;
    for (const UnexpectedKeys* part : group) keys.push_back(*part);
    if (const auto near = NearestToMissing(outcome, keys)) {
      finding.advice = (transform ? "they are dropped on load; correct the transform that renames "
                                    "them last: "
                                  : "they are dropped on load; ") +
                       HowToFill(*near);
    }
    Show(outcome, group, &finding);
    // The quantiser looks for these names, and finds none of them.
    const bool torn =
        std::ranges::any_of(group, [](const UnexpectedKeys* keys) { return keys->torn; });
    if (torn) finding.severity = Severity::kError;
    sink->Add(std::move(finding), /*keep_severity=*/torn);
  }
}

void TellKnown(const CheckpointOutcome& outcome, Kind kind, std::string_view cause,
               const std::string& what, FindingSink* sink) {
  std::vector<const UnexpectedKeys*> group;
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    if (keys.kind == kind && keys.unmerged == UnexpectedKeys::Unmerged::kNo) group.push_back(&keys);
  }
  if (group.empty()) return;
  uint64_t count = CountIn(group);
  Finding finding = AboutCheckpoint(
      outcome, cause,
      CountKeys(count) + " of the checkpoint " + (count == 1 ? "is " : "are ") + what);
  finding.subject = PatternsOf(outcome, group);
  finding.severity = Severity::kNote;
  Show(outcome, group, &finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

// Quantised parts of weights that the mapping merges, single experts for example.
void TellUnmerged(const CheckpointOutcome& outcome, UnexpectedKeys::Unmerged how,
                  Severity severity, std::string_view cause, const std::string& what,
                  FindingSink* sink) {
  std::vector<const UnexpectedKeys*> group;
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    if (keys.kind == Kind::kQuantised && keys.unmerged == how) group.push_back(&keys);
  }
  if (group.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, cause, CountKeys(CountIn(group)) + " of the checkpoint " + what,
      "load the model without quantisation, or with a release whose quantiser merges them");
  finding.subject = PatternsOf(outcome, group);
  finding.severity = severity;
  Show(outcome, group, &finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

// Without a quantiser, what it wrote is dropped, and nothing fills the weights.
void TellNoQuantiser(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.checkpoint->config.empty() || outcome.checkpoint->quantised) return;
  std::vector<const UnexpectedKeys*> group;
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    if (keys.kind == Kind::kQuantised) group.push_back(&keys);
  }
  if (group.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "no-quantiser",
      CountKeys(CountIn(group)) +
          " of the checkpoint are quantisation data, and its config.json has no "
          "quantization_config: they are dropped",
      "give the checkpoint the quantization_config of its quantiser");
  finding.subject = PatternsOf(outcome, group);
  finding.severity = Severity::kError;
  Show(outcome, group, &finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

// Names of another program, of which the library may load some, with weights that mean something else.
void TellForeign(const CheckpointOutcome& outcome, FindingSink* sink) {
  const ForeignFormat* foreign = ForeignFormatOf(*outcome.checkpoint);
  if (foreign == nullptr || outcome.of_checkpoint) return;
  Finding finding = AboutCheckpoint(outcome, "foreign-format",
                                    "these are the names of " + std::string(foreign->name) +
                                        ", not the library's (" + std::string(foreign->because) + ")",
                                    "convert it with the program that wrote it");
  finding.subject = foreign->name;
  finding.severity = Severity::kError;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  TellFiles(outcome, sink);
  TellForeign(outcome, sink);
  if (outcome.quantiser.state == QuantisedModel::State::kRefused) return;
  TellUnknown(outcome, sink);
  TellNoQuantiser(outcome, sink);
  TellUnmerged(outcome, UnexpectedKeys::Unmerged::kParts, Severity::kError, "parts-not-merged",
               "are quantised parts of weights that a converter merges, and no quantiser merges "
               "these: the weights stay uninitialised",
               sink);
  TellUnmerged(outcome, UnexpectedKeys::Unmerged::kGlobalScale, Severity::kWarning,
               "scales-not-merged",
               "are global scales of weights that a converter merges, and no quantiser collects them",
               sink);
  TellKnown(
      outcome, Kind::kQuantised, "quantised",
      "quantisation data beside or instead of parameters of the model; a quantised model has them",
      sink);
  TellKnown(outcome, Kind::kBuffer, "buffer",
            "constants that other releases wrote; the model computes them itself", sink);
  TellKnown(outcome, Kind::kPrediction, "prediction",
            "of layers that predict further tokens, which the model does not have", sink);
}

}  // namespace wcheck::checkpoint_unexpected
