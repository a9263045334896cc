// One run of `wcheck check` up to its findings: reads the inputs, judges the requested classes, and
// offers the fixes that hold. check_command.cc handles the findings.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "cli/adapter_flag.h"
#include "cli/checkpoint_flag.h"
#include "cli/input_flags.h"
#include "checkpoint/adapter.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// What to judge. `options` need not contain the engine, the sections and the adapter: they are read
// here.
struct CheckRequest {
  InputPaths paths;
  const CheckpointFlag* checkpoint = nullptr;  // must outlive the request
  const AdapterFlag* adapter = nullptr;        // must outlive the request
  std::string key_mapping;                     // what --key-mapping gives; empty means none
  JudgeOptions options;
  bool no_mapping = false;  // with a checkpoint: judge it as it is read without the mapping
  std::vector<std::string> published;  // files of published names, besides the bundled one
};

// The inputs, and what is wrong with them. Findings point into the inputs.
struct Checked {
  Inputs inputs;
  std::vector<size_t> classes;
  bool all_classes = false;  // the classes are all there are
  std::optional<AdapterConfig> adapter;
  JudgeOptions options;  // as the run had them
  Judgement judgement;
};

// Errors: any input that cannot be read, an unknown class, an adapter or a checkpoint that fits
// none. Shows a progress bar on a terminal, and reports on standard error what was guessed.
Result<Checked> ReadAndJudge(const CheckRequest& request);

// What the same checks find in the mapping that the release of the run's engine came with.
Result<Judgement> JudgeRelease(const CheckRequest& request, const Checked& checked);

}  // namespace wcheck::cli
