// Whether a configuration targets a module: PEFT's check_target_module_exists.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapter/base_model.h"
#include "adapter/name_match.h"
#include "adapter/peft_config.h"
#include "adapter/peft_release.h"

namespace wcheck {

enum class Targeted : uint8_t { kNo, kYes, kExcluded };

Targeted IsTargeted(const PeftConfig& config, const PeftRules& peft, NamePatterns* patterns, std::string_view name);

// "all-linear", in any case.
bool MeansAllLinear(const PeftConfig& config);

// The names of all linear modules but the head, which "all-linear" stands for.
std::vector<std::string> AllLinear(const PeftConfig& config, const BaseModel& model, const Version& transformers);

}  // namespace wcheck
