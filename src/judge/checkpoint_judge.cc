#include <utility>

#include "wcheck/judge.h"
#include "families/boxes.h"
#include "checkpoint/checkpoint.h"

#include "checks/checkpoint_evidence.h"
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

CheckpointSummary Summarize(const CheckpointJudgement& judgement) {
  CheckpointSummary summary;
  const Checkpoint& checkpoint = *judgement.checkpoint;
  const std::vector<LayoutFamily>& model = judgement.layout->families;
  summary.class_name = judgement.layout->class_name;
  summary.files = checkpoint.files;
  summary.has_shapes = checkpoint.has_shapes;
  summary.fitted = judgement.fitted;
  summary.adapter = checkpoint.adapter;
  summary.keys = checkpoint.key_count();
  summary.model_keys = judgement.layout->key_count();
  summary.filled = summary.model_keys - CountIn(judgement.simulation.missing);
  summary.missing = ShowParts(judgement.missing, model);
  summary.tied = ShowParts(judgement.tied, model);
  summary.quantised = ShowParts(judgement.quantised, model);
  summary.constants = ShowParts(judgement.constants, model);
  summary.left_out = ShowParts(judgement.left_out, model);
  summary.unexpected = ShowParts(judgement.unexpected, judgement.families);
  for (const std::vector<DriftedKeys>* drifted : {&judgement.drifted, &judgement.prefixed}) {
    for (const DriftedKeys& d : *drifted) {
      summary.drifted.push_back(
          {ShowFamily(d.keys.pattern, d.keys.numbers), BoxSize(d.keys.numbers)});
    }
  }
  for (const NameFamily& a : judgement.added) {
    summary.added.push_back({ShowFamily(a.pattern, a.numbers), BoxSize(a.numbers)});
  }
  if (!judgement.save_error && !checkpoint.adapter) {
    summary.returned = summary.keys - CountIn(judgement.unexpected);
    for (const ShownKeys& d : summary.drifted) summary.returned -= d.count;
  }
  return summary;
}

}  // namespace

Judgement CheckCheckpoint(const Registry& registry, const Layout& layout,
                          const Checkpoint& checkpoint, bool default_layout,
                          const JudgeOptions& options) {
  CompiledRegistry compiled(registry);
  WrittenTransforms written(registry);
  Judgement out;
  CheckpointJudgement judgement =
      JudgeCheckpoint(layout, compiled, checkpoint, {options.profile, default_layout});
  if (ReachesIncompleteEntry(judgement.simulation.plan, registry)) {
    out.not_judged.push_back(layout.class_name);
    return out;
  }
  Collector collector(written, options);
  for (const Check* check : ChosenChecks(options)) {
    collector.Begin(*check, layout.class_name);
    check->JudgeCheckpoint(judgement, &collector);
  }
  out.findings = std::move(collector.findings);
  ApplyIgnores(registry, &out.findings);
  out.classes = 1;
  out.keys = judgement.layout->key_count();
  out.checkpoint = Summarize(judgement);
  return out;
}

}  // namespace wcheck
