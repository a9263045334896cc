#include "judge/judge_checkpoint.h"

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
  summary.model_keys = outcome.layout->key_count();
  summary.filled = summary.model_keys - CountIn(outcome.simulation.missing);
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

}  // namespace

Judgement JudgeCheckpoint(const Registry& registry, const Layout& layout,
                          const Checkpoint& checkpoint, bool default_layout,
                          const JudgeOptions& options) {
  CompiledRegistry compiled(registry, *options.engine);
  WrittenTransforms written(registry);
  Judgement out;
  CheckpointOutcome outcome =
      SimulateCheckpoint(layout, compiled, checkpoint, {default_layout});
  if (FirstIncompleteEntry(outcome.simulation.plan, registry) != nullptr) {
    out.not_judged.push_back({layout.class_name, std::string(kIncompleteEntry), ""});
    return out;
  }
  Collector collector(written, options);
  for (const Check* check : ChosenChecks(options)) {
    if (check->on_checkpoint == nullptr) continue;
    collector.Begin(*check, layout.class_name);
    check->on_checkpoint(outcome, &collector);
  }
  out.findings = std::move(collector.findings);
  ApplyIgnores(registry, &out.findings);
  out.classes = 1;
  out.keys = outcome.layout->key_count();
  out.checkpoint = Summarize(outcome);
  return out;
}

}  // namespace wcheck
