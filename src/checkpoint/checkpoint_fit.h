// Fits a layout to a checkpoint: the numbers of its repeated parts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace wcheck {

struct Fit {
  std::shared_ptr<const Layout> layout;  // null if there is nothing to fit
  std::vector<CountDifference> counts;   // every difference, fitted or not
  // Parts of which the checkpoint has more than the model, because the last ones predict further
  // tokens: the part ("model.layers.<hole>"), and the first number that is not the model's.
  struct Behind {
    std::string part;
    uint32_t first;
  };
  std::vector<Behind> behind;
};

// The layout with the numbers of repeated parts that `families` have. The checkpoint's config
// decides: a number that only the layout shares with it stays.
Fit FitLayout(const Layout& layout, const CompiledRegistry& registry,
              const Checkpoint& checkpoint, const std::vector<LayoutFamily>& families);

}  // namespace wcheck
