// What a leaf is as transforms of a registry, and what it does to shapes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mapping/sections/sections.h"

namespace wcheck::sections {

// Anchored on both sides, so that each name is matched whole and nothing else is. Empty for a leaf
// that keeps its names. A PatchEmbedding is renamed only: the library has no operation that
// flattens the last dimensions of four.
std::vector<TransformSpec> TransformsOf(const Leaf& leaf);

using Sizes = std::vector<int64_t>;

// The internal shapes that importing tensors of these shapes gives; nothing if they do not fit.
std::optional<std::vector<Sizes>> ImportedShapes(const Leaf& leaf,
                                                 const std::vector<Sizes>& exported);

// Shapes that fit any leaf of this kind, for a model of which no shape is known.
std::vector<Sizes> StandInShapes(const Leaf& leaf);

}  // namespace wcheck::sections
