#include "judge/judge_published.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "analysis/written.h"
#include "checkpoint/checkpoint.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"
#include "judge/judge_checkpoint.h"

namespace wcheck {
namespace {

constexpr size_t kModelsNamed = 3;

Checkpoint CheckpointOf(const PublishedList& list) {
  return CheckpointOfNames(list.families, list.storage, list.config, list.model);
}

std::string NameOf(const PublishedList& list) {
  return list.model + " (" + std::string(OriginName(list.origin)) + ')';
}

// The last transform that renames the keys of one trace and not those of the other.
std::optional<uint32_t> Difference(const Trace& one, const Trace& other) {
  std::set<uint32_t> of_other;
  for (const TraceStep& step : other.steps) {
    if (step.changed()) of_other.insert(step.transform);
  }
  std::optional<uint32_t> last;
  for (const TraceStep& step : one.steps) {
    if (step.changed() && !of_other.contains(step.transform)) last = step.transform;
  }
  return last;
}

// Names that the list and a save of the loaded model have, and under which a model that was made from its
// configuration is not saved: that save takes other transforms. By the transform to blame.
struct FreshNames {
  std::map<std::optional<uint32_t>, std::vector<KeyEvidence>> by_transform;
  uint64_t count = 0;
};

FreshNames FreshNamesOf(const CheckpointOutcome& outcome) {
  FreshNames names;
  const Simulation& s = outcome.simulation;
  if (s.load.error || outcome.save_error) return names;
  const FreshSave save = FreshSaveOf(outcome);
  for (const auto& [fresh, loaded] : save.renamed) {
    std::optional<uint32_t> blamed = Difference(*fresh, *loaded);
    if (!blamed) blamed = Difference(*loaded, *fresh);
    const uint64_t count = save.pass.size(*fresh);
    names.count += count;
    names.by_transform[blamed].push_back({ShowResult(outcome.save, *loaded), "would be saved as",
                                          ShowResult(save.pass, *fresh), count});
  }
  return names;
}

// Names that come back with the base model's prefix, or without it. The library loads both. A list that is
// that of the base model as a whole is no fault of the mapping; one that comes back changed in part, or after
// transforms that should give its own names, is.
std::optional<Finding> PrefixDrift(const PublishedList& list, const CheckpointOutcome& outcome) {
  if (outcome.prefixed.empty()) return std::nullopt;
  const uint64_t loaded = list.key_count() - CountIn(outcome.unexpected);
  uint64_t count = 0;
  bool renamed = false;
  Finding finding;
  finding.classes.push_back({list.class_name, {}, 0});
  for (const DriftedKeys& keys : outcome.prefixed) {
    count += BoxSize(keys.keys.numbers);
    const Trace& trace = outcome.simulation.load.traces[keys.load_trace];
    renamed |= std::ranges::any_of(trace.steps, [](const TraceStep& step) { return step.changed(); });
    std::string saved;
    if (keys.save_trace) {
      const Trace& save = outcome.save.traces[*keys.save_trace];
      const Name name = outcome.save.NameOf(save);
      saved = ShowFamily(name.pattern, name.Numbers(save.members));
    }
    ShowFamilyIn(&finding, keys.keys.pattern, keys.keys.numbers, "is saved as", saved);
  }
  finding.message = CountKeys(count) + (count == 1 ? " comes" : " come") +
                    " back with or without the base model's prefix when the loaded model is saved";
  finding.advice = "the library loads both, and other programs only the published names: rename them on load, so "
                   "that a save renames them back";
  finding.cause = "base-prefix";
  finding.severity = renamed || count < loaded ? Severity::kError : Severity::kNote;
  NameSubject(&finding);
  return finding;
}

// One fault of several lists of a class.
struct Fault {
  Finding finding;
  std::vector<std::string> models;
  bool derived_only = true;
};

// What of a finding about a checkpoint is a fault of the mapping: keys that stay empty, and names that do
// not come back.
bool IsDrift(const Finding& finding) {
  const bool about = finding.check == "checkpoint-missing" || finding.check == "checkpoint-drift";
  return about && finding.severity == Severity::kError;
}

class PublishedJudge {
 public:
  PublishedJudge(const Registry& registry, const JudgeOptions& options)
      : compiled_(registry, *options.engine), written_(registry) {
    options_.engine = options.engine;
    options_.expected_key = options.expected_key;
    options_.all_evidence = options.all_evidence;
  }

  void Judge(const PublishedModel& model) {
    const PublishedList& list = model.list;
    if (!model.layout) {
      out_.not_judged.push_back({list.class_name, "published names of " + list.model + ": " + model.why_not,
                                 "name a checkout or an installed package with --transformers"});
      return;
    }
    const Checkpoint checkpoint = CheckpointOf(list);
    Judgement judgement = JudgeCheckpoint(compiled_, written_, *model.layout, checkpoint,
                                          {.own_config = true}, options_);
    // A class of an entry that could not be read is listed by the classes themselves.
    if (!judgement.not_judged.empty()) return;
    for (Finding& finding : judgement.findings) {
      if (IsDrift(finding)) Note(model, std::move(finding));
    }
    const CheckpointOutcome outcome =
        SimulateCheckpoint(*model.layout, compiled_, checkpoint, {.own_config = true});
    if (std::optional<Finding> finding = PrefixDrift(list, outcome)) Note(model, *std::move(finding));
    for (auto& [transform, keys] : FreshNamesOf(outcome).by_transform) {
      uint64_t count = 0;
      for (const KeyEvidence& one : keys) count += one.count;
      Finding finding;
      finding.message = CountKeys(count) + " of a model that was not loaded from it would be saved under " +
                        (count == 1 ? "another name" : "other names");
      finding.advice = "the save of a loaded model takes other transforms; a model that is trained and saved has "
                       "names that no other program knows";
      finding.cause = "fresh-names";
      finding.severity = Severity::kWarning;
      if (transform) finding.transform = RefOf(outcome.simulation.plan, *transform);
      finding.classes.push_back({list.class_name, std::move(keys), 0});
      NameSubject(&finding);
      Note(model, std::move(finding));
    }
  }

  PublishedJudgement Take() {
    for (auto& [key, fault] : faults_) {
      Finding& finding = fault.finding;
      std::string names;
      for (size_t i = 0; i < std::min(kModelsNamed, fault.models.size()); ++i) {
        names += (i == 0 ? "" : ", ") + fault.models[i];
      }
      if (fault.models.size() > kModelsNamed) {
        names += " and " + std::to_string(fault.models.size() - kModelsNamed) + " more";
      }
      finding.message = "published " + names + ": " + finding.message;
      // What a tool has written proves less than what the makers of the model have.
      if (fault.derived_only && finding.severity == Severity::kError) {
        finding.severity = Severity::kWarning;
      }
      out_.drift.push_back(std::move(finding));
    }
    return std::move(out_);
  }

 private:
  void Note(const PublishedModel& model, Finding finding) {
    const PublishedList& list = model.list;
    if (!model.other_release.empty()) {
      finding.severity = std::min(finding.severity, Severity::kWarning);
      finding.message += " (its model is of " + model.other_release + ", the mapping of " +
                         compiled_.registry().release + ')';
    }
    const TransformSpec* spec = finding.transform ? finding.transform->spec : nullptr;
    Fault& fault = faults_[{list.class_name, finding.cause, finding.subject, spec}];
    fault.models.push_back(NameOf(list));
    fault.derived_only &= list.origin == PublishedOrigin::kDerived;
    if (fault.models.size() == 1) fault.finding = std::move(finding);
  }

  const CompiledRegistry compiled_;
  const WrittenTransforms written_;
  JudgeOptions options_;
  std::map<std::tuple<std::string, std::string_view, std::string, const TransformSpec*>, Fault> faults_;
  PublishedJudgement out_;
};

}  // namespace

PublishedCounts CountPublished(const PublishedModel& model, const CompiledRegistry& registry) {
  const Checkpoint checkpoint = CheckpointOf(model.list);
  const CheckpointOutcome outcome =
      SimulateCheckpoint(*model.layout, registry, checkpoint, {.own_config = true});
  PublishedCounts counts;
  for (const std::vector<FamilyPart>* parts :
       {&outcome.missing, &outcome.quantised, &outcome.constants, &outcome.left_out}) {
    counts.missing += CountIn(*parts);
  }
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    // The library ignores what older releases wrote and models compute.
    if (keys.kind != UnexpectedKeys::Kind::kBuffer) counts.unexpected += BoxSize(keys.numbers);
  }
  for (const std::vector<DriftedKeys>* drifted : {&outcome.drifted, &outcome.prefixed}) {
    for (const DriftedKeys& keys : *drifted) counts.drifted += BoxSize(keys.keys.numbers);
  }
  counts.added = CountIn(outcome.added) + CountIn(outcome.added_for_missing);
  for (const DriftedKeys& keys : outcome.prefixed) counts.added += BoxSize(keys.keys.numbers);
  counts.fresh = FreshNamesOf(outcome).count;
  return counts;
}

Finding PublishedGap(const std::string& class_name) {
  Finding finding;
  finding.message =
      "no published checkpoint of the class is known, so the mapping is compared with itself alone";
  finding.advice = "`wcheck published add` keeps the names of a checkpoint, and --published judges by them";
  finding.cause = "no-list";
  finding.severity = Severity::kNote;
  finding.classes.push_back({class_name, {}, 0});
  return finding;
}

PublishedJudgement JudgePublished(const Registry& registry, const std::vector<PublishedModel>& models,
                                  const JudgeOptions& options) {
  PublishedJudge judge(registry, options);
  for (const PublishedModel& model : models) judge.Judge(model);
  return judge.Take();
}

}  // namespace wcheck
