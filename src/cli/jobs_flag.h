// --jobs: how many threads work.
#pragma once

#include <llvm/Support/CommandLine.h>

namespace wcheck::cli {

// --jobs N: the number of threads; 0 is one per core.
class JobsFlag {
 public:
  JobsFlag();
  unsigned count() const { return jobs_; }

 private:
  llvm::cl::opt<unsigned> jobs_;
};

}  // namespace wcheck::cli
