// One run of `wcheck check` up to its findings: reads the inputs, judges what was asked for, and
// offers the fixes that hold. What is done with the findings is the command's (check_command.cc).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "cli/checkpoint_flag.h"
#include "cli/inputs.h"
#include "checkpoint/adapter.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// What to judge. `options` need not know the engine, the sections and the adapter: they are read.
struct CheckRequest {
  InputPaths paths;
  std::vector<std::string> globs;              // of classes; empty means all
  const CheckpointFlag* checkpoint = nullptr;  // must outlive the request
  std::string adapter;                         // an adapter_config.json; empty means none
  JudgeOptions options;
};

// What was read, and what is wrong with it. Findings point into the inputs.
struct Checked {
  Inputs inputs;
  std::vector<size_t> classes;
  bool all_classes = false;  // the classes are all that there are
  std::optional<AdapterConfig> adapter;
  JudgeOptions options;  // as the run had them
  Judgement judgement;
};

// Errors: any input that cannot be read, a class that is not there, an adapter or a checkpoint that
// fits none. Shows a progress bar on a terminal, and tells on standard error what was guessed.
Result<Checked> ReadAndJudge(const CheckRequest& request);

}  // namespace wcheck::cli
