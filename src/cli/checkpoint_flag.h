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
#include "project/mixed_layouts.h"
#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck::cli {

class CheckpointFlag {
 public:
  CheckpointFlag();
  bool given() const { return !paths_.empty(); }
  // The one path, if it is that of an adapter: it is judged as with --adapter.
  std::optional<std::string> adapter() const;
  // Requires given(). `config` as in ReadCheckpoint.
  Result<Checkpoint> Read(const std::string& config) const;

 private:
  llvm::cl::list<std::string> paths_;
};

// The index of the one class that `globs` select, or, without globs, of the first class of the
// checkpoint's config.json that has a layout. Errors: several classes, none, an unknown one (with
// the nearest names).
Result<size_t> ClassOfCheckpoint(const Checkpoint& checkpoint, const LayoutSource& layouts,
                                 const std::vector<std::string>& globs);

// What is asked about a checkpoint.
struct CheckpointQuestion {
  bool no_mapping = false;           // as programs read it that do not know the mapping
  std::vector<std::string> globs;    // of the class
  LayoutChoice layouts = LayoutChoice::kChanged;
  bool given_layout = false;         // by --layouts; otherwise it is that of the default configuration
  std::string package;               // the folder whose source its model can be built from, or ""
  std::string config;                // --config, or ""
};

// Reads the checkpoint and judges its class, which becomes the one of `classes`. If there is a package,
// the model is the one that config.json describes, and `inputs` says so.
Result<Judgement> JudgeGivenCheckpoint(const CheckpointFlag& flag, const CheckpointQuestion& question,
                                       const JudgeOptions& options, Inputs* inputs,
                                       std::vector<size_t>* classes);

}  // namespace wcheck::cli
