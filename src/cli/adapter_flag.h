// --adapter and what belongs to it: an adapter, the model that it is for, and how it is loaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "cli/input_flags.h"
#include "judge/judge_adapter.h"
#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// An adapter, the model that it is for, and what is asked about them.
struct AdapterModel {
  AdapterFolder folder;
  std::optional<ModelConfig> config;
  AdapterQuestion question;  // without the config
  size_t index = 0;          // of the class
  Layout layout;
  SizedLayout sized;
  std::optional<bool> ties() const { return config ? config->ties() : std::nullopt; }
};

class AdapterFlag {
 public:
  AdapterFlag();
  const std::string& path() const { return path_; }
  // --config, which is also that of a checkpoint's model.
  const std::string& config() const { return config_; }
  // A folder or a weights' file was given: what becomes of it is judged. A lone configuration is
  // judged with every class, by the names that it selects.
  bool folder() const;
  // Requires folder().
  Result<Judgement> Judge(const Inputs& inputs, const std::vector<std::string>& globs, bool default_layout,
                          const JudgeOptions& options, std::vector<size_t>* classes) const;
  // The same for an adapter that --checkpoint names.
  Result<Judgement> JudgeCheckpoint(const std::string& path, const Inputs& inputs,
                                    const std::vector<std::string>& globs, bool default_layout,
                                    const JudgeOptions& options, std::vector<size_t>* classes) const;
  // Errors: files that cannot be read, no class, an unknown route or release.
  Result<AdapterModel> Model(const Inputs& inputs, const std::vector<std::string>& globs, bool default_layout) const {
    return ModelOf(path_, inputs, globs, default_layout);
  }

 private:
  Result<AdapterModel> ModelOf(const std::string& path, const Inputs& inputs, const std::vector<std::string>& globs,
                               bool default_layout) const;

  llvm::cl::opt<std::string> path_;
  llvm::cl::opt<std::string> config_;
  llvm::cl::opt<std::string> route_;
  llvm::cl::opt<std::string> peft_;
};

// The path is a folder with an adapter_config.json, or lies beside one.
bool IsAdapter(const std::string& path);

}  // namespace wcheck::cli
