// What a leaf does to the shapes of a model's tensors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapping/sections/leaf.h"

namespace wcheck::sections {

using Sizes = std::vector<int64_t>;

// The internal shapes that result from importing tensors of these shapes; nothing if they do not
// fit.
std::optional<std::vector<Sizes>> ImportedShapes(const Leaf& leaf,
                                                 const std::vector<Sizes>& exported);

// Shapes that fit any leaf of this kind, for a model without known shapes.
std::vector<Sizes> StandInShapes(const Leaf& leaf);

}  // namespace wcheck::sections
