// --jobs: how many threads work.
#pragma once

#include <llvm/Support/CommandLine.h>

namespace wcheck::cli {

// --jobs N: how many threads work; 0 is one a core.
class JobsFlag {
 public:
  JobsFlag();
  unsigned count() const { return jobs_; }

 private:
  llvm::cl::opt<unsigned> jobs_;
};

}  // namespace wcheck::cli
