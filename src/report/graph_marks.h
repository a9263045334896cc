// What findings say of the transforms of a graph.
#pragma once

#include <vector>

#include "wcheck/finding.h"

#include "analysis/graph.h"
#include "analysis/written.h"

namespace wcheck {

// One mark for each transform of the plan that a finding blames: red for errors and for mappings
// that leak into another model, dim for transforms that are unused or shadowed, amber for other
// warnings. Notes mark nothing else.
std::vector<GraphMark> MarksOf(const Plan& plan, const WrittenTransforms& written,
                               const std::vector<Finding>& findings);

}  // namespace wcheck
