// --baseline and --write-baseline: findings that are known and do not fail the run.
#pragma once

#include <functional>
#include <string>

#include <llvm/Support/CommandLine.h>

#include "judge/baseline.h"
#include "wcheck/judge.h"
#include "wcheck/result.h"

namespace wcheck::cli {

class BaselineFlags {
 public:
  BaselineFlags();
  bool writes() const { return !write_.empty(); }
  // Writes the findings, completely or not at all, and reports how many there are. Requires
  // writes().
  Status Write(const Judgement& judgement) const;
  // Takes the known findings out of the judgement. `configured` is the baseline that .wcheck.json
  // names, which --baseline overrides; without either nothing happens. On standard error it says
  // how many findings are known and, if `complete` (every class was looked at), which of the file
  // are fixed; those of checks that did not run are not told. A file of an older version is
  // rewritten if every class was looked at by every check.
  // The path "bundled" stands for what `bundled` returns.
  Status Apply(const std::string& configured, bool complete, const JudgeOptions& options,
               const std::function<Result<Judgement>()>& bundled, Judgement* judgement) const;

 private:
  static Status Renew(const std::string& path, bool all, size_t lines, const BaselineUse& use);

  llvm::cl::opt<std::string> read_;
  llvm::cl::opt<std::string> write_;
};

}  // namespace wcheck::cli
