#include "compare/misfits.h"

#include <algorithm>

#include "families/boxes.h"

namespace wcheck {

std::string ShapeText(std::span<const int64_t> shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) out += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return out + ']';
}

std::vector<Misfit> MisfitsOf(std::span<const LayoutFamily> tensors, const KeySet& expected) {
  std::vector<Misfit> out;
  for (const LayoutFamily& tensor : tensors) {
    for (const uint32_t f : expected.FamiliesOf(tensor.pattern)) {
      const LayoutFamily& family = expected.families()[f];
      if (std::ranges::equal(family.shape, tensor.shape)) continue;
      if (!BoxesIntersect(family.numbers, tensor.numbers)) continue;
      out.push_back({tensor.pattern, IntersectBoxes(family.numbers, tensor.numbers), family.shape,
                     tensor.shape});
    }
  }
  return out;
}

}  // namespace wcheck
