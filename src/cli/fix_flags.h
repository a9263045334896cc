// --fix, --diff and --unsafe-fixes: the fixes of the findings, applied to the files or shown.
#pragma once

#include <string>

#include <llvm/Support/CommandLine.h>

#include "wcheck/judge.h"
#include "wcheck/result.h"

#include "project/inputs.h"
#include "fix/fix_run.h"

namespace wcheck::cli {

// OfferFixes of fix/fix_run.h, for inputs of the program.
Status OfferFixes(const Inputs& inputs, const JudgeOptions& options, Judgement* judgement);

class FixFlags {
 public:
  FixFlags();

  bool diff() const { return diff_; }
  bool fix() const { return fix_; }
  // An error if the flags do not go together.
  Status Check() const;

  // Writes what the fixes change, without changing it. Returns whether they change anything.
  Result<bool> WriteDiff(const Inputs& inputs, const JudgeOptions& options,
                         const Judgement& judgement, const std::string& out) const;
  // Changes the file, completely or not at all, unless it has been changed since it was read.
  // Reports on standard error what was done. Returns whether anything was changed.
  Result<bool> Apply(const Inputs& inputs, const JudgeOptions& options,
                     const Judgement& judgement) const;

 private:
  llvm::cl::opt<bool> fix_;
  llvm::cl::opt<bool> diff_;
  llvm::cl::opt<bool> unsafe_;
};

}  // namespace wcheck::cli
