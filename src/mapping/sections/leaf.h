// A leaf: what a declaration of the sections dialect comes to for one model. Names only; the shapes
// of a model's tensors are sections/leaf_shapes.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/registry.h"

namespace wcheck {

enum class LeafKind : uint8_t {
  kWeight,          // the tensors as they are, name by name
  kSplit,           // one internal tensor is the exported ones, joined along the first dimension
  kTransposeSplit,  // the same along the second dimension, and transposed
  kKeyValue,        // a Split of exactly a key and a value
  kPatchEmbedding,  // an internal matrix is an exported convolution, flattened
};

// "Weight", "Split", …
std::string_view LeafKindName(LeafKind kind);

struct Leaf {
  LeafKind kind = LeafKind::kWeight;
  std::vector<std::string> internal;  // full names; one, unless it is a Weight
  std::vector<std::string> exported;
  bool vector = false;  // a bias: it has one dimension, and transposing leaves it alone
  std::shared_ptr<const Origin>
      origin;  // the declaration; its names are sources, internal: targets

  // Whether the tensor is transposed on its way.
  bool transposes() const { return kind == LeafKind::kTransposeSplit && !vector; }
};

// "a = b", "a = Split(b, c)": the internal names, then what they are built from.
std::string ShowLeaf(const Leaf& leaf);

}  // namespace wcheck
