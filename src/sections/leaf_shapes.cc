#include "sections/leaf_shapes.h"

#include <utility>

namespace wcheck::sections {

std::optional<std::vector<Sizes>> ImportedShapes(const Leaf& leaf,
                                                 const std::vector<Sizes>& exported) {
  if (leaf.kind == LeafKind::kWeight) return exported;
  if (leaf.kind == LeafKind::kPatchEmbedding) {
    std::vector<Sizes> out;
    for (const Sizes& shape : exported) {
      if (shape.size() != 4) return std::nullopt;
      out.push_back({shape[0], shape[1] * shape[2] * shape[3]});
    }
    return out;
  }
  Sizes joined = exported.front();
  size_t dim = leaf.transposes() ? 1 : 0;
  if (joined.size() <= dim || (leaf.transposes() && joined.size() != 2)) return std::nullopt;
  for (size_t i = 1; i < exported.size(); ++i) {
    Sizes rest = exported[i];
    if (rest.size() != joined.size()) return std::nullopt;
    joined[dim] += rest[dim];
    rest[dim] = joined[dim];
    if (rest != joined) return std::nullopt;
  }
  if (leaf.transposes()) std::swap(joined[0], joined[1]);
  return std::vector<Sizes>{joined};
}

std::vector<Sizes> StandInShapes(const Leaf& leaf) {
  Sizes shape = leaf.vector ? Sizes{2} : Sizes{2, 2};
  if (leaf.kind == LeafKind::kPatchEmbedding) shape = {2, 2, 2, 2};
  return std::vector<Sizes>(leaf.exported.size(), shape);
}

}  // namespace wcheck::sections
