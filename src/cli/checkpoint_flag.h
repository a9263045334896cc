// --checkpoint: files on disk, and the class that they belong to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/judge.h"
#include "cli/input_flags.h"
#include "checkpoint/checkpoint_files.h"
#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck::cli {

class CheckpointFlag {
 public:
  CheckpointFlag();
  bool given() const { return !paths_.empty(); }
  // The one path, if it is that of an adapter: it is judged as with --adapter.
  std::optional<std::string> adapter() const;
  // Requires given().
  Result<Checkpoint> Read() const;

 private:
  llvm::cl::list<std::string> paths_;
};

// The index of the one class that `globs` select, or, without globs, of the first class of the
// checkpoint's config.json that has a layout. Errors: several classes, none, an unknown one (with
// the nearest names).
Result<size_t> ClassOfCheckpoint(const Checkpoint& checkpoint, const LayoutSource& layouts,
                                 const std::vector<std::string>& globs);

// Reads the checkpoint and judges its class, which becomes the one of `classes`. With `no_mapping`, as
// programs read it that do not know the mapping.
Result<Judgement> JudgeGivenCheckpoint(const CheckpointFlag& flag, bool no_mapping, const Inputs& inputs,
                                       const std::vector<std::string>& globs, bool default_layout,
                                       const JudgeOptions& options, std::vector<size_t>* classes);

}  // namespace wcheck::cli
