// Names of a checkpoint that a save of the loaded model does not give back:
// docs/checks/checkpoint-drift.md.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "checks/evidence.h"
#include "families/boxes.h"

namespace wcheck::checkpoint_drift {
namespace {

Finding AboutKeys(const CheckpointOutcome& outcome, const std::vector<const DriftedKeys*>& group,
                  std::string_view cause) {
  uint64_t count = 0;
  for (const DriftedKeys* d : group) count += BoxSize(d->keys.numbers);
  Finding finding =
      AboutCheckpoint(outcome, cause,
                      CountKeys(count) + " of the checkpoint " + (count == 1 ? "does" : "do") +
                          " not come back under " + (count == 1 ? "its name" : "their names") +
                          " when the loaded model is saved");
  for (const DriftedKeys* d : group) {
    std::string saved;
    if (d->save_trace) {
      const Trace& trace = outcome.save.traces[*d->save_trace];
      Name name = outcome.save.NameOf(trace);
      saved = ShowFamily(name.pattern, name.Numbers(trace.members));
    }
    ShowFamilyIn(&finding, d->keys.pattern, d->keys.numbers,
                 saved.empty() ? "is no longer written" : "is saved as", saved);
  }
  return finding;
}

// The names under which a group of keys stands and would be saved, up to where they agree again:
// `model.language_model.layers` and `model.layers`.
struct Spellings {
  std::string_view file;
  std::string_view saved;
};
Spellings SpellingsOf(std::string_view file, std::string_view saved) {
  size_t end = 0;  // of the agreeing text, at a dot
  for (size_t n = 1; n <= std::min(file.size(), saved.size()); ++n) {
    const char a = file[file.size() - n];
    if (a != saved[saved.size() - n]) break;
    if (a == '.') end = n;
  }
  return {file.substr(0, file.size() - end), saved.substr(0, saved.size() - end)};
}

// A file that has a part of the model under two spellings: some keys as they are saved, others as the
// model in memory has them. Empty if all keys of the group have one.
std::string OtherSpelling(const CheckpointOutcome& outcome, const std::vector<const DriftedKeys*>& group) {
  for (const DriftedKeys* d : group) {
    if (!d->save_trace) continue;
    const Name name = outcome.save.NameOf(outcome.save.traces[*d->save_trace]);
    const Spellings spellings = SpellingsOf(d->keys.pattern, name.pattern);
    if (spellings.file.empty() || spellings.saved.empty()) continue;
    // The next part of the name is what both have: without it, `model` would be in every name.
    const size_t part = name.pattern.find('.', spellings.saved.size() + 1);
    const std::string_view shared = std::string_view(name.pattern).substr(0, part);
    const bool both = std::ranges::any_of(outcome.families, [&](const LayoutFamily& family) {
      return family.pattern.size() > shared.size() && family.pattern.starts_with(shared) &&
             family.pattern[shared.size()] == '.';
    });
    if (!both) continue;
    const auto written = [&](std::string_view prefix) {
      std::string text = "`" + std::string(prefix) + std::string(shared.substr(spellings.saved.size())) + "`";
      std::ranges::replace(text, kHole, '*');
      return text;
    };
    return "the file has one part of the model under two spellings, " + written(spellings.saved) + " and " +
           written(spellings.file) + ", which no other loader takes";
  }
  return "";
}

// A checkpoint of the base model in a class with a head, or the other way round.
void TellPrefixed(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.prefixed.empty()) return;
  std::vector<const DriftedKeys*> group;
  for (const DriftedKeys& keys : outcome.prefixed) group.push_back(&keys);
  Finding finding = AboutKeys(outcome, group, "base-prefix");
  NameSubject(&finding);
  finding.message += ", but with or without the base model's prefix, which also loads";
  finding.severity = Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

void TellAdded(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.added.empty()) return;
  Finding finding = AboutCheckpoint(outcome, "names-added",
                                    "saving the loaded model writes " +
                                        CountKeys(CountIn(outcome.added)) + " that were not there",
                                    "find the transform that writes these names on save");
  for (const NameFamily& a : outcome.added) {
    ShowFamilyIn(&finding, a.pattern, a.numbers, "is new");
  }
  NameSubject(&finding);
  sink->Add(std::move(finding));
}

// A key was renamed on load. A checkpoint with the model's own names is not what the mapping is
// for, and nobody expects other names from a save.
bool HasFormatOfMapping(const Simulation& s) {
  const std::vector<bool> fresh = FreshChoice(s.plan);
  for (const Trace& trace : s.load.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      if (step.changed() && fresh[step.transform]) return true;
    }
  }
  return false;
}

// The save of a loaded model leaves out transforms that no key used on load. The save of a model
// that was not loaded from this checkpoint does not, and writes names that the checkpoint does not
// have.
void TellFresh(const CheckpointOutcome& outcome, FindingSink* sink) {
  const Simulation& s = outcome.simulation;
  if (!HasFormatOfMapping(s)) return;
  const FreshSave save = FreshSaveOf(outcome);
  std::map<uint32_t, Finding> found;
  for (const auto& [fresh, loaded] : save.renamed) {
    for (const TraceStep& step : fresh->steps) {
      if (!step.changed() || s.load.used[step.transform]) continue;
      AddEvidence(&found[step.transform],
                  {ShowResult(outcome.save, *loaded), "would be saved as",
                   ShowResult(save.pass, *fresh), save.pass.size(*fresh)});
    }
  }
  for (auto& [transform, finding] : found) {
    uint64_t count = 0;
    for (const KeyEvidence& keys : finding.classes.front().keys) count += keys.count;
    finding.message = "no key of the checkpoint uses this transform, and " + CountKeys(count) +
                      " of a model that was not loaded from it would be saved under " +
                      (count == 1 ? "another name" : "other names");
    finding.advice =
        "if every published checkpoint has these names, remove the transform: only the save of a "
        "model that was loaded from one of them leaves it out";
    finding.cause = "fresh-save-renames";
    finding.transform = RefOf(s.plan, transform);
    finding.classes.front().class_name = outcome.layout->class_name;
    sink->Add(std::move(finding));
  }
}

// The last transform that renamed the keys on load: its reverse does not undo it.
std::optional<uint32_t> BlameOf(const CheckpointOutcome& outcome, const DriftedKeys& drifted) {
  return LastRenamer(outcome.simulation.load.traces[drifted.load_trace]);
}

void TellInMemory(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.in_memory.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "names-in-memory",
      CountKeys(CountIn(outcome.in_memory)) +
          " of the checkpoint have the names of the model in memory: the mapping splits them on save, so the "
          "file was written without it",
      "the library loads them; for programs that read published names, save the model with "
      "save_pretrained");
  for (const NameFamily& keys : outcome.in_memory) {
    ShowFamilyIn(&finding, keys.pattern, keys.numbers, "is one tensor of several");
  }
  NameSubject(&finding);
  finding.severity = Severity::kWarning;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.quantiser.state == QuantisedModel::State::kRefused) return;
  TellInMemory(outcome, sink);
  if (outcome.save_error) {
    Finding finding = AboutCheckpoint(
        outcome, "save-raises", "saving the loaded model raises " + outcome.save_error->ToString());
    finding.subject = ErrorName(*outcome.save_error);
    sink->Add(std::move(finding));
    return;
  }
  std::map<std::optional<uint32_t>, std::vector<const DriftedKeys*>> groups;
  for (const DriftedKeys& keys : outcome.drifted) {
    groups[BlameOf(outcome, keys)].push_back(&keys);
  }
  for (const auto& [transform, group] : groups) {
    Finding finding = AboutKeys(outcome, group, "names-drift");
    finding.advice = OtherSpelling(outcome, group);
    if (finding.advice.empty()) {
      finding.advice = "make the transform that renames them on load reversible";
    } else {
      finding.advice += ": write all keys as a save writes them";
    }
    if (transform) finding.transform = RefOf(outcome.simulation.plan, *transform);
    NameSubject(&finding);
    sink->Add(std::move(finding));
  }
  // Lost names come back as others; those are not a second finding.
  if (groups.empty()) TellAdded(outcome, sink);
  TellPrefixed(outcome, sink);
  TellFresh(outcome, sink);
}

}  // namespace wcheck::checkpoint_drift
