#include "checks/checkpoint_evidence.h"

#include <deque>
#include <utility>

#include "analysis/subject.h"
#include "families/boxes.h"

namespace wcheck {

std::string FileName(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

Finding AboutCheckpoint(const CheckpointOutcome& outcome, std::string_view cause,
                        std::string message, std::string advice) {
  Finding finding;
  finding.message = std::move(message);
  finding.advice = std::move(advice);
  finding.cause = cause;
  finding.classes.push_back({outcome.layout->class_name, {}, 0});
  return finding;
}

void NameSubject(Finding* finding) {
  if (finding->transform) return;
  std::vector<std::string> keys;
  for (const KeyEvidence& evidence : finding->classes.front().keys) keys.push_back(evidence.key);
  finding->subject = NumberlessList(keys);
}

std::optional<SharedDifference> NearestToMissing(const CheckpointOutcome& outcome,
                                                 std::span<const UnexpectedKeys> unexpected) {
  std::vector<NamedFamily> wanted;
  for (const FamilyPart& part : outcome.missing) {
    wanted.push_back({outcome.layout->families[part.family].pattern, part.numbers});
  }
  // By the names that they end with, and by their own.
  std::deque<Name> names;
  std::deque<IndexBox> numbers;
  std::vector<NamedFamily> have;
  for (const UnexpectedKeys& keys : unexpected) {
    if (keys.kind != UnexpectedKeys::Kind::kUnknown) continue;
    have.push_back({outcome.families[keys.family].pattern, keys.numbers});
    for (const Trace& trace : TracesOf(outcome.simulation.load, keys.family)) {
      if (trace.in_model || !trace.changed() || !BoxesIntersect(trace.members, keys.numbers)) {
        continue;
      }
      const Name& name = names.emplace_back(outcome.simulation.load.NameOf(trace));
      const IndexBox& box = numbers.emplace_back(
          name.Numbers(IntersectBoxes(trace.members, keys.numbers)));
      have.push_back({name.pattern, box});
    }
  }
  return NearestPaths(wanted, have);
}

namespace {

// Whether the checkpoint has the names that a save gives to the keys of a trace.
bool HasResult(const KeySet& checkpoint, const Pass& save, const Trace& trace) {
  const Name name = save.NameOf(trace);
  return checkpoint.Has(name.pattern, name.Numbers(trace.members)) == KeySet::Part::kAll;
}

}  // namespace

FreshSave FreshSaveOf(const CheckpointOutcome& outcome) {
  const Simulation& s = outcome.simulation;
  const PassOrder order = SaveOrder(s.plan, *s.engine, FreshChoice(s.plan));
  FreshSave save{
      RunPass(s.plan, order, *s.engine, Direction::kSave, outcome.model, nullptr), {}};
  if (save.pass.error) return save;
  const KeySet checkpoint(outcome.families);
  for (const Trace& fresh : save.pass.traces) {
    if (HasResult(checkpoint, save.pass, fresh)) continue;
    for (const Trace& loaded : TracesOf(outcome.save, fresh.family)) {
      if (!BoxesIntersect(loaded.members, fresh.members) ||
          !HasResult(checkpoint, outcome.save, loaded)) {
        continue;
      }
      save.renamed.push_back({&fresh, &loaded});
      break;
    }
  }
  return save;
}

void ShowFamilyIn(Finding* finding, std::string_view pattern, std::span<const IndexSet> numbers,
                  std::string relation, std::string other) {
  finding->classes.front().keys.push_back(
      {ShowFamily(pattern, numbers), std::move(relation), std::move(other), BoxSize(numbers)});
}

}  // namespace wcheck
