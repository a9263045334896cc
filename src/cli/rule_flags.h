// Which checks run, and how severe they are: --select, --ignore, --severity, and the same in the
// configuration. The command line takes precedence.
#pragma once

#include <string>

#include <llvm/Support/CommandLine.h>

#include "wcheck/judge.h"
#include "wcheck/result.h"

#include "project/configuration.h"

namespace wcheck::cli {

class RuleFlags {
 public:
  RuleFlags();
  // Fills in `select`, `ignore` and `severity`. Errors: an unknown check (with the nearest names), an
  // unknown severity.
  Status ApplyTo(const Configuration& configuration, JudgeOptions* options) const;

 private:
  llvm::cl::list<std::string> select_;
  llvm::cl::list<std::string> ignore_;
  llvm::cl::list<std::string> severity_;
};

}  // namespace wcheck::cli
