// Adapters (PEFT, LoRA-style): what of a model an adapter's config names, and what a mapping does
// to the keys of an adapter that was trained on it.
//
// An adapter file has, for a module q_proj, `base_model.model.….q_proj.lora_A.weight` and
// `…lora_B.weight`; loading renames them with the transforms that rename the model's own keys. They
// are of use only where q_proj.weight goes too.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"
#include "pattern/pattern.h"

namespace wcheck {

struct AdapterConfig {
  // The modules to adapt: by the ends of their names, by a regex for whole names, or all that are
  // linear.
  struct Modules {
    std::vector<std::string> ends;
    std::optional<Pattern> regex;
    bool all_linear = false;
    bool empty() const { return ends.empty() && !regex && !all_linear; }
  };
  Modules targets;
  Modules excluded;
  std::vector<std::string> saved;       // modules_to_save: trained as a whole
  std::vector<std::string> parameters;  // target_parameters: by the ends of their names
  // layers_to_transform: empty means all; and what stands before the layer's number.
  std::vector<int64_t> layers;
  std::vector<std::string> layers_pattern;
};

// Reads adapter_config.json; members that say nothing of names (ranks, dropout) are passed over. An
// error if it names no module and no parameter.
Result<AdapterConfig> ReadAdapterConfig(const std::string& path);

// Whether the config names a module or parameter that one of these keys is of: the model's own, or
// those of its checkpoint.
bool TouchesAny(const AdapterConfig& config, std::span<const LayoutFamily> keys);

// Modules that the config names, of one of its lists, as they are in the model.
std::vector<std::string> SavedOrTargeted(const AdapterConfig& config,
                                         const std::vector<std::string>& modules);

// What becomes of some keys of an adapter when it is loaded.
struct AdapterFate {
  enum class Kind : uint8_t {
    kFollows,     // they go where their weight goes
    kConverted,   // their weight goes through a converter, which a pair of factors cannot
    kLeftBehind,  // they come to another name than their weight
  };
  Kind kind = Kind::kFollows;
  bool old_names = false;  // of checkpoints; otherwise those of the model
  std::string keys;        // "model.layers.{0...31}.q_proj.lora_A.weight"
  std::string result;      // where they go
  std::string weight;      // where their weight goes
  uint64_t count = 0;
  std::optional<uint32_t> transform;  // the plan's that separates them
};

// Of all keys that an adapter of this config may have in a file: under the names that checkpoints
// of the model have, and under the model's own.
std::vector<AdapterFate> FatesOfAdapter(const Simulation& simulation, const AdapterConfig& config);

}  // namespace wcheck
