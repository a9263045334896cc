// Renamings that give several parameters one name: `q_proj`, `k_proj` and `v_proj` become
// `qkv_proj`. Two old names of one parameter are no such thing: no checkpoint has both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

struct MergedNames {
  std::vector<uint32_t> transforms;  // indices into Plan::transforms, ascending
  std::vector<std::string> names;    // what they read: "q_proj", "k_proj", "v_proj"
  std::string target;                // what they make of each: "qkv_proj"
  // Traces of save_fresh: the model's keys of that name. Never empty.
  std::vector<uint32_t> traces;
};

// The names of a group differ within one part, and the target lists what they differ in.
std::vector<MergedNames> MergedNamesOf(const Simulation& simulation);

}  // namespace wcheck
