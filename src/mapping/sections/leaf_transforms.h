// What a leaf is as transforms of a registry.
#pragma once

#include <vector>

#include "mapping/sections/leaf.h"

namespace wcheck::sections {

// Anchored on both sides, so that each name is matched whole and nothing else is. Empty for a leaf
// that keeps its names. A PatchEmbedding is renamed only: the library has no operation that
// flattens the last dimensions of four.
std::vector<TransformSpec> TransformsOf(const Leaf& leaf);

}  // namespace wcheck::sections
