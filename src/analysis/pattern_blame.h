// Which of a transform's patterns an error of the engine is about.
#pragma once

#include <string>
#include <vector>

#include "wcheck/evidence.h"
#include "mapping/transform.h"

namespace wcheck {

// `patterns` are the sources or targets, as `part` says, from which the engine built its regex. The
// whole call if the error is about no pattern, or about one that cannot be determined.
Blame BlamePattern(const EngineError& error, Blame::Part part,
                   const std::vector<std::string>& patterns);

}  // namespace wcheck
