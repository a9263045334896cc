// Adapters (PEFT, LoRA-style): what an adapter's config selects in a model, and what a mapping does
// to the keys of an adapter that was trained on it.
//
// For a module q_proj, an adapter file has `base_model.model.….q_proj.lora_A.weight` and
// `…lora_B.weight`. A load renames them with the transforms that rename the model's own keys. They
// are only useful if they end up where q_proj.weight does.
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
  // The modules to adapt: by the ends of their names, by a regex for complete names, or all linear
  // ones.
  struct Modules {
    std::vector<std::string> ends;
    std::optional<Pattern> regex;
    bool all_linear = false;
    bool empty() const { return ends.empty() && !regex && !all_linear; }
  };
  Modules targets;
  Modules excluded;
  std::vector<std::string> saved;       // modules_to_save: trained completely
  std::vector<std::string> parameters;  // target_parameters: by the ends of their names
  // layers_to_transform (empty means all), and the name before the layer's number.
  std::vector<int64_t> layers;
  std::vector<std::string> layers_pattern;
  bool ensures_ties = false;  // ensure_weight_tying
};

// Reads adapter_config.json; members that do not affect names (ranks, dropout) are ignored. An
// error if it names no module and no parameter.
Result<AdapterConfig> ReadAdapterConfig(const std::string& path);

// Whether the config selects a module or parameter of one of these keys: the model's own, or those
// of its checkpoint.
bool TouchesAny(const AdapterConfig& config, std::span<const LayoutFamily> keys);

// The modules selected by one list of the config, as they are in the model.
std::vector<std::string> SavedOrTargeted(const AdapterConfig& config,
                                         const std::vector<std::string>& modules);

// What a load does to some keys of an adapter.
struct AdapterFate {
  enum class Kind : uint8_t {
    kFollows,     // they are loaded to where their weight is
    kConverted,   // a converter claims their weight, which it cannot do with a pair of factors
    kLeftBehind,  // they get another name than their weight
  };
  Kind kind = Kind::kFollows;
  bool old_names = false;  // named as in checkpoints; otherwise as in the model
  std::string keys;        // "model.layers.{0...31}.q_proj.lora_A.weight"
  std::string result;      // where they go
  std::string weight;      // where their weight goes
  uint64_t count = 0;
  std::optional<uint32_t> transform;  // of the plan; it matched only one of the two
};

// All keys that an adapter with this config may have in a file: under the names that the model's
// checkpoints have, and under the model's own.
std::vector<AdapterFate> FatesOfAdapter(const Simulation& simulation, const AdapterConfig& config);

}  // namespace wcheck
