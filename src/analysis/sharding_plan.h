// A sharding plan (`base_model_tp_plan` of a config): which modules or parameters, by name with `*` for
// numbers, are split over devices. What a plan names and a model does not have stays whole, silently.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

#include "analysis/near_miss.h"

namespace wcheck {

// A name of a plan that is no module and no parameter of the model.
struct UnmatchedRule {
  std::string name;
  std::optional<NearMiss> near;
  // Parameters of the same module that no name of the plan covers, with `*` for numbers.
  std::vector<std::string> uncovered;
};

// In the order of `names`. A name of the base model also stands for that with its prefix.
std::vector<UnmatchedRule> UnmatchedRules(const Layout& layout, std::span<const std::string> names);

}  // namespace wcheck
