// Judges what people have on disk.
#pragma once

#include "wcheck/judge.h"

#include "analysis/written.h"
#include "checkpoint/checkpoint.h"

namespace wcheck {

// Judges one checkpoint of one class: runs the checks of the checkpoint family. Their findings are
// in the order in which they should be read. Unused ignore comments are not reported.
Judgement JudgeCheckpoint(const Registry& registry, const Layout& layout,
                          const Checkpoint& checkpoint, const CheckpointOptions& how,
                          const JudgeOptions& options);

// The same with a registry that was compiled before.
Judgement JudgeCheckpoint(const CompiledRegistry& registry, const WrittenTransforms& written,
                          const Layout& layout, const Checkpoint& checkpoint,
                          const CheckpointOptions& how, const JudgeOptions& options);

// The same for a class without a layout, from the checkpoint alone: the model is taken to have the keys
// that the transforms of the entry of this name (a class or a model_type) make of it. What that
// cannot show, whether the model has these keys, is added to what was not judged.
Judgement JudgeCheckpointAlone(const Registry& registry, const std::string& entry,
                               const Checkpoint& checkpoint, const JudgeOptions& options);

}  // namespace wcheck
