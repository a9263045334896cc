// What PEFT and transformers make of the configuration of an adapter for experts of 4.x: targets that
// were modules and are parameters now.
#pragma once

#include <optional>
#include <string>

#include "adapter/injection.h"

namespace wcheck {

// PEFT's conversion; the answer is what it raises.
std::optional<std::string> ConvertByPeft(const BaseModel& model, const PeftRules& peft, const ConversionTable& table,
                                         const Version& transformers, NamePatterns* patterns, PeftConfig* config);
// That of transformers' own code, before PEFT's.
std::optional<std::string> ConvertByTransformers(const LoadAdapterRules& rules, const ConversionTable& table,
                                                 PeftConfig* config);

}  // namespace wcheck
