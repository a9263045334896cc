// Maps an adapter's keys to the weights that they belong to.
#pragma once

#include <memory>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace wcheck {

// The weights that the keys of an adapter file change, by their names in a checkpoint or in the
// model. `base_model.model.q_proj.lora_A.weight` belongs to `q_proj.weight`: after the wrapper's
// prefix comes the name of a module, then what the adapter adds to it. A key that belongs to
// nothing is returned as it is.
struct AdapterWeights {
  std::vector<LayoutFamily> families;  // without shapes
  std::shared_ptr<const void> storage;
};
AdapterWeights WeightsOfAdapter(const Layout& layout, const CompiledRegistry& registry, const std::vector<LayoutFamily>& keys);

}  // namespace wcheck
