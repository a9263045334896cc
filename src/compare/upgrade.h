// What happens to a mapping when the engine changes under it: the same mapping and models, run by
// two engines, and which of the rules that differ makes the difference.
#pragma once

#include <string>
#include <vector>

#include "wcheck/compare.h"

namespace wcheck {

// Compares what two engines do with one mapping. The result is that of Compare, but its groups are
// by cause in the engine: one group for each rule that changes a class by itself, in the order of
// AllEngineRules(), with the classes that it changes; the group's cause is the rule's name. A
// class that only several rules together change is in a group with the cause "rules-together". The
// counts by verdict are those of the upgrade as a whole, so that a class stands in several groups
// where several rules change it.
Result<Comparison> CompareEngines(const CompareSide& before, const Engine& after,
                                  const std::vector<std::string>& classes,
                                  const CompareOptions& options);

}  // namespace wcheck
