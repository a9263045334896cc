// What many threads and classes found, as the findings that users see.
#pragma once

#include <vector>

#include "wcheck/judge.h"

namespace wcheck {

// One finding an identity, with all its classes, in an order that no thread decides: the transforms
// with the worst findings first, then by place; the findings of one transform stay together.
std::vector<Finding> JoinFindings(std::vector<Finding> findings, const JudgeOptions& options);

}  // namespace wcheck
