// Which checks run, and how severe they are: --select, --ignore, --severity, and the same in a
// .wcheck.json found upwards from the working directory. The command line takes precedence.
#pragma once

#include <string>

#include <llvm/Support/CommandLine.h>

#include "wcheck/judge.h"
#include "wcheck/result.h"

namespace wcheck::cli {

class RuleFlags {
 public:
  RuleFlags();
  // Fills in `select`, `ignore` and `severity`. Errors: an unknown check (with the nearest names),
  // an unknown severity, an invalid .wcheck.json (unknown keys are errors). If `baseline` is not
  // null, it is set to the path of the baseline that .wcheck.json names.
  Status ApplyTo(JudgeOptions* options, std::string* baseline = nullptr) const;

 private:
  llvm::cl::list<std::string> select_;
  llvm::cl::list<std::string> ignore_;
  llvm::cl::list<std::string> severity_;
};

}  // namespace wcheck::cli
