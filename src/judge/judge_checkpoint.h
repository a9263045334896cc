// Judges what people have on disk.
#pragma once

#include "wcheck/judge.h"

#include "checkpoint/checkpoint_files.h"

namespace wcheck {

// Judges one checkpoint of one class: runs the checks of the checkpoint family. Their findings are
// in the order in which they should be read. Unused ignore comments are not reported.
// `default_layout` as in CheckpointOptions.
Judgement JudgeCheckpoint(const Registry& registry, const Layout& layout,
                          const Checkpoint& checkpoint, bool default_layout,
                          const JudgeOptions& options);

}  // namespace wcheck
