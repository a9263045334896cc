#include "judge/judge_checkpoint.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "wcheck/judge.h"

#include "analysis/incomplete.h"
#include "checkpoint/checkpoint.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"
#include "judge/collector.h"
#include "judge/ignores.h"

namespace wcheck {
namespace {

template <typename Part>
std::vector<ShownKeys> ShowParts(const std::vector<Part>& parts,
                                 const std::vector<LayoutFamily>& families) {
  std::vector<ShownKeys> shown;
  shown.reserve(parts.size());
  for (const Part& part : parts) {
    shown.push_back(
        {ShowFamily(families[part.family].pattern, part.numbers), BoxSize(part.numbers)});
  }
  return shown;
}

// Keys of the model that only keys of missing shards would fill.
uint64_t FilledByAbsent(const CheckpointOutcome& outcome) {
  if (outcome.checkpoint->absent.empty()) return 0;
  const KeySet absent(outcome.checkpoint->absent);
  const Simulation& s = outcome.simulation;
  std::map<std::string, std::vector<IndexBox>> there;    // what keys of the others fill
  std::map<std::string, std::vector<IndexBox>> missing;  // what those fill
  for (const Trace& trace : s.load.traces) {
    if (!trace.in_model) continue;
    const std::string_view pattern = s.load.families[trace.family].pattern;
    std::vector<std::span<const IndexSet>> gone;
    for (const uint32_t f : absent.FamiliesOf(pattern)) {
      gone.push_back(absent.families()[f].numbers);
    }
    const std::vector<Name> names = trace.claim < 0 ? std::vector<Name>{s.load.NameOf(trace)}
                                                    : FilledKeys(s, s.load, trace);
    const IndexBox all(trace.members.begin(), trace.members.end());
    const std::vector<IndexBox> rest = BoxMinus(all, gone);
    for (const Name& name : names) {
      for (const IndexBox& box : rest) there[name.pattern].push_back(name.Numbers(box));
      for (const auto& box : gone) {
        if (!BoxesIntersect(all, box)) continue;
        missing[name.pattern].push_back(name.Numbers(IntersectBoxes(all, box)));
      }
    }
  }
  uint64_t count = 0;
  for (auto& [pattern, boxes] : missing) {
    std::vector<std::span<const IndexSet>> known(there[pattern].begin(), there[pattern].end());
    for (const IndexBox& box : boxes) {
      for (const IndexBox& left : BoxMinus(box, known)) count += BoxSize(left);
      known.emplace_back(box);
    }
  }
  return count;
}

CheckpointSummary Summarize(const CheckpointOutcome& outcome) {
  CheckpointSummary summary;
  const Checkpoint& checkpoint = *outcome.checkpoint;
  const std::vector<LayoutFamily>& model = outcome.layout->families;
  summary.class_name = outcome.layout->class_name;
  summary.files = checkpoint.files;
  summary.has_shapes = checkpoint.has_shapes;
  summary.fitted = outcome.fitted;
  summary.adapter = checkpoint.adapter;
  summary.keys = checkpoint.key_count();
  summary.model_keys = outcome.model_keys();
  summary.filled = summary.model_keys - CountIn(outcome.simulation.missing);
  summary.filled -= std::min(summary.filled, FilledByAbsent(outcome));
  summary.missing = ShowParts(outcome.missing, model);
  summary.tied = ShowParts(outcome.tied, model);
  summary.quantised = ShowParts(outcome.quantised, model);
  summary.constants = ShowParts(outcome.constants, model);
  summary.left_out = ShowParts(outcome.left_out, model);
  summary.unexpected = ShowParts(outcome.unexpected, outcome.families);
  for (const std::vector<DriftedKeys>* drifted : {&outcome.drifted, &outcome.prefixed}) {
    for (const DriftedKeys& d : *drifted) {
      summary.drifted.push_back(
          {ShowFamily(d.keys.pattern, d.keys.numbers), BoxSize(d.keys.numbers)});
    }
  }
  for (const NameFamily& a : outcome.added) {
    summary.added.push_back({ShowFamily(a.pattern, a.numbers), BoxSize(a.numbers)});
  }
  if (!outcome.save_error && !checkpoint.adapter) {
    summary.returned = summary.keys - CountIn(outcome.unexpected);
    for (const ShownKeys& d : summary.drifted) summary.returned -= d.count;
  }
  return summary;
}

// A model with the keys that a load of a checkpoint makes, and their shapes.
class LoadedModel {
 public:
  LoadedModel(const CompiledRegistry& registry, const std::string& name,
              const Checkpoint& checkpoint) {
    for (Layout* layout : {&nothing_, &named_, &shaped_}) {
      layout->class_name = name;
      layout->model_type = name;
      layout->modules.push_back({"", name, name});
    }
    SimulationOptions options;
    options.checkpoint = &checkpoint.families;
    options.load_only = true;
    const Simulation first = Simulate(nothing_, registry, options);
    LayoutBuilder names;
    for (const Trace& trace : first.load.traces) {
      claimed_ |= trace.claim >= 0;
      const std::vector<Name> made = trace.claim < 0
                                         ? std::vector<Name>{first.load.NameOf(trace)}
                                         : FilledKeys(first, first.load, trace);
      for (const Name& one : made) {
        ForEachMember(one.Numbers(trace.members), [&](std::span<const uint32_t> numbers) {
          names.Add(JoinNumbers(one.pattern, numbers), {}, "");
        });
      }
    }
    names.FinishInto(&named_);
    // Tensors are made for keys of the model only, so the load is done again with these.
    second_ = Simulate(named_, registry, options);
    shaped_.families = second_.loaded.tensors;
  }

  const Layout& layout() const { return shaped_; }
  // Some converter takes part, whose operations need shapes.
  bool needs_shapes() const { return claimed_; }

 private:
  Layout nothing_;
  Layout named_;
  Simulation second_;  // refers to named_
  Layout shaped_;      // refers to second_
  bool claimed_ = false;
};

// Takes the keys that are expected to be missing out of those that are.
std::vector<FamilyPart> TakeExpected(const JudgeOptions& options, CheckpointOutcome* outcome) {
  std::vector<FamilyPart> expected;
  if (!options.expected_key) return expected;
  std::erase_if(outcome->missing, [&](const FamilyPart& part) {
    const std::string_view pattern = outcome->layout->families[part.family].pattern;
    if (!options.expected_key(ShowFamily(pattern, part.numbers))) return false;
    expected.push_back(part);
    return true;
  });
  return expected;
}

// A load of quantised experts uses copies of converters, which live only as long as its outcome: what a
// finding says of a copy is said of the converter as it was written.
void PointAtWritten(const Registry& registry, std::optional<TransformRef>* ref) {
  if (!*ref) return;
  const Entry* entry = registry.Find((*ref)->entry);
  if (entry == nullptr) return ref->reset();
  const std::vector<TransformSpec>& written = entry->transforms;
  if ((*ref)->index < written.size()) {
    (*ref)->spec = &written[(*ref)->index];
    return;
  }
  const std::string& source = (*ref)->spec->sources.front();
  for (uint32_t i = 0; i < written.size(); ++i) {
    if (written[i].kind != TransformKind::kWeightConverter || written[i].sources.empty() ||
        !source.starts_with(written[i].sources.front())) {
      continue;
    }
    **ref = {&written[i], (*ref)->entry, i};
    return;
  }
  ref->reset();
}

Judgement JudgeAs(const CompiledRegistry& compiled, const WrittenTransforms& written,
                  const Layout& layout, const Checkpoint& checkpoint, const CheckpointOptions& how,
                  const JudgeOptions& options) {
  const Registry& registry = compiled.registry();
  Judgement out;
  CheckpointOutcome outcome = SimulateCheckpoint(layout, compiled, checkpoint, how);
  if (FirstIncompleteEntry(outcome.simulation.plan, registry) != nullptr) {
    out.not_judged.push_back({layout.class_name, std::string(kIncompleteEntry), ""});
    return out;
  }
  outcome.rejections = compiled.rejections();
  const std::vector<FamilyPart> expected = TakeExpected(options, &outcome);
  Collector collector(written, options);
  for (const Check* check : ChosenChecks(options)) {
    if (check->on_checkpoint == nullptr) continue;
    collector.Begin(*check, layout.class_name);
    check->on_checkpoint(outcome, &collector);
  }
  out.findings = std::move(collector.findings);
  if (outcome.quantiser.registry != nullptr) {
    for (Finding& finding : out.findings) PointAtWritten(registry, &finding.transform);
  }
  ApplyIgnores(registry, &out.findings);
  out.classes = 1;
  out.keys = outcome.model_keys();
  out.checkpoint = Summarize(outcome);
  out.checkpoint->expected = ShowParts(expected, outcome.layout->families);
  return out;
}

}  // namespace

Judgement JudgeCheckpointAlone(const Registry& registry, const std::string& entry,
                               const Checkpoint& checkpoint, const JudgeOptions& options) {
  const CompiledRegistry compiled(registry, *options.engine);
  const LoadedModel model(compiled, entry, checkpoint);
  Judgement out = JudgeAs(compiled, WrittenTransforms(registry), model.layout(), checkpoint,
                          {.of_checkpoint = true}, options);
  if (model.needs_shapes() && !checkpoint.has_shapes) {
    // What a save writes is not known without shapes.
    std::erase_if(out.findings,
                  [](const Finding& finding) { return finding.check == "checkpoint-drift"; });
  }
  out.not_judged.push_back({entry, "no layout, so whether the model has the keys is not known",
                            "give its layout with --layouts (`wcheck layout` builds one from its source)"});
  return out;
}

Judgement JudgeCheckpoint(const Registry& registry, const Layout& layout,
                          const Checkpoint& checkpoint, const CheckpointOptions& how,
                          const JudgeOptions& options) {
  const CompiledRegistry compiled(registry, *options.engine);
  return JudgeAs(compiled, WrittenTransforms(registry), layout, checkpoint, how, options);
}

Judgement JudgeCheckpoint(const CompiledRegistry& registry, const WrittenTransforms& written,
                          const Layout& layout, const Checkpoint& checkpoint,
                          const CheckpointOptions& how, const JudgeOptions& options) {
  return JudgeAs(registry, written, layout, checkpoint, how, options);
}

}  // namespace wcheck
