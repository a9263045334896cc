// Runs another program, without a shell.
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

// Runs `words[0]`, looked up in PATH, with the other words as its arguments and an empty standard
// input, and waits for it to end. The variables in `unset` are removed from its environment. An
// Error if it cannot be started, or prints more than kMaxProcessOutput bytes (it is then killed).
// `words` must not be empty.
Result<ProcessOutput> RunProcess(const std::vector<std::string>& words,
                                 const std::vector<std::string_view>& unset = {});

}  // namespace wcheck
