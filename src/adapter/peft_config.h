// An adapter's configuration as PEFT reads it: everything that decides which names and shapes its
// weights have, and which scale they are applied with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

struct PeftConfig {
  std::string path;
  std::string type;       // "LORA"
  std::string task_type;  // "" for none
  // target_modules: absent, a regex (or "all-linear"), or names. A list keeps its order; to PEFT it is
  // a set.
  std::variant<std::monostate, std::string, std::vector<std::string>> targets;
  std::variant<std::monostate, std::string, std::vector<std::string>> excluded;
  std::vector<std::string> parameters;  // target_parameters
  std::vector<std::string> saved;       // modules_to_save
  // rank_pattern and alpha_pattern, in the order written: the first that matches counts.
  std::vector<std::pair<std::string, double>> ranks;
  std::vector<std::pair<std::string, double>> alphas;
  double rank = 8;
  double alpha = 8;
  double dropout = 0;
  bool rslora = false;
  bool dora = false;
  bool lora_bias = false;
  bool fan_in_fan_out = false;
  std::string bias = "none";
  std::optional<std::vector<int64_t>> layers;  // layers_to_transform
  std::vector<std::string> layers_pattern;
  // trainable_token_indices: by the name of a module, or "" for the input embedding; the number of
  // tokens.
  std::vector<std::pair<std::string, int64_t>> tokens;
  bool ensure_weight_tying = false;
  int64_t virtual_tokens = 0;
  bool save_projection = true;  // VeRA
};

// Reads adapter_config.json. Errors: not JSON, a member of another type than PEFT writes, no
// peft_type. A type that no release has is not an error here.
Result<PeftConfig> ReadPeftConfig(const std::string& path);

}  // namespace wcheck
