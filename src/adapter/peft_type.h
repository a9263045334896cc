// The table of adapter types (`peft_type`): which names each adds to a module (docs/adapters.md).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wcheck/release.h"

namespace wcheck {

// One parameter that a method adds to a module of the model.
struct PeftParameter {
  std::string_view name;  // "lora_A"
  // In a file it is `NAME.weight` (a module), or `NAME` alone (a parameter).
  bool is_module = false;
  // Its shape, by letters: r is the rank, i and o are the features of the module, 1 is one; empty
  // where it depends on more.
  std::string_view shape;
};

struct PeftType {
  enum class Kind : uint8_t {
    kModules,          // adds parameters to modules
    kPrompt,           // adds virtual tokens; touches no module
    kTrainableTokens,  // rows of an embedding
    kLayerNorms,       // a copy of each module that it names
    kUnknown,          // PEFT has it, and wcheck does not know its names
  };
  std::string_view name;  // as in the configuration: "LORA"
  Kind kind = Kind::kUnknown;
  Version since{0, 18, 0};
  // The first release that does not have it any more; 0.0 for none.
  Version until{};
  std::string_view prefix;  // by which releases before 0.21 find its keys
  std::vector<PeftParameter> parameters;
  // State that modules share stands beside the model, as `base_model.NAME`.
  std::vector<std::string_view> shared;
  // A parameter is a product where the rank is small for it: `NAME_a` and `NAME_b` in its place.
  bool factored = false;
};

// Null if no release has it.
const PeftType* FindPeftType(std::string_view name);
std::span<const PeftType> PeftTypes();

}  // namespace wcheck
