// What the engines that a project supports do differently with its mapping, as findings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/compare.h"

namespace wcheck {

inline constexpr std::string_view kEngineCheck = "engine-sensitive";

// A finding for each class, engine and rule of the engine by which `side` and another engine load or
// save the class's keys differently, as CompareEngines judges it. It blames the first transform of
// the class's plan that matches such a key. `options` is that of the run that the findings are for
// (JudgeOptions::made). Errors: those of Compare.
Result<std::vector<Finding>> EngineFindings(const CompareSide& side,
                                            std::span<const Engine* const> engines,
                                            const std::vector<std::string>& classes,
                                            const JudgeOptions& options);

}  // namespace wcheck
