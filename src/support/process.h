// Running another program, without a shell in between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

struct ProcessOutput {
  int status = 0;   // the exit status; 128 + the signal if one ended it
  std::string out;  // standard output
  std::string err;  // standard error
};

// Runs `words[0]`, looked up in PATH, with the other words as its arguments and nothing to read,
// and waits for its end. It does not see the environment variables in `unset`. An Error if it
// cannot be started. Requires that `words` is not empty.
Result<ProcessOutput> RunProcess(const std::vector<std::string>& words,
                                 const std::vector<std::string_view>& unset = {});

}  // namespace wcheck
