// What a leaf is as transforms of a registry.
#pragma once

#include <vector>

#include "mapping/sections/leaf.h"

namespace wcheck::sections {

// Anchored on both sides, so that only complete names match. Empty for a leaf that keeps its names.
// A PatchEmbedding is only renamed: the library has no operation that flattens the last dimensions
// of four.
std::vector<TransformSpec> TransformsOf(const Leaf& leaf);

}  // namespace wcheck::sections
