#include "engine/load_remains.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "families/boxes.h"

namespace wcheck {
namespace {

IndexBox BoxOf(const LayoutFamily& family) {
  return {family.numbers.begin(), family.numbers.end()};
}

}  // namespace

// Compares the tensors that a load produced with the model's parameters: names without a parameter
// are stray, other shapes are mismatched, and parameters without a tensor are unset.
LoadRemains RemainsOf(const Simulation& s) {
  LoadRemains out;
  for (const Production& production : s.loaded.productions) {
    if (production.error) {
      out.failures.push_back({production.pattern, production.numbers, &*production.error});
    }
  }
  std::unordered_map<std::string_view, std::vector<std::span<const IndexSet>>> came;
  std::vector<std::pair<const LayoutFamily*, IndexBox>> stray;
  std::vector<std::pair<const LayoutFamily*, IndexBox>> mismatched;
  for (const LayoutFamily& tensors : s.loaded.tensors) {
    came[tensors.pattern].push_back(tensors.numbers);
    std::vector<std::span<const IndexSet>> held;
    for (uint32_t f : s.model->FamiliesOf(tensors.pattern)) {
      const LayoutFamily& family = s.model->families()[f];
      held.push_back(family.numbers);
      if (std::ranges::equal(family.shape, tensors.shape)) continue;
      if (!BoxesIntersect(tensors.numbers, family.numbers)) continue;
      mismatched.emplace_back(&tensors, IntersectBoxes(tensors.numbers, family.numbers));
    }
    for (IndexBox& box : BoxMinus(BoxOf(tensors), held))
      stray.emplace_back(&tensors, std::move(box));
  }
  // The boxes first: the families point into them.
  out.storage.reserve(stray.size() + mismatched.size());
  for (auto& [list, to] :
       {std::pair(&stray, &out.stray), std::pair(&mismatched, &out.mismatched)}) {
    for (auto& [family, box] : *list) {
      LayoutFamily part = *family;
      part.numbers = out.storage.emplace_back(std::move(box));
      to->push_back(part);
    }
  }
  for (uint32_t f = 0; f < s.layout->families.size(); ++f) {
    const LayoutFamily& family = s.layout->families[f];
    const auto& boxes_here = came[family.pattern];
    for (IndexBox& left : BoxMinus(BoxOf(family), boxes_here)) {
      out.unset.push_back({f, std::move(left)});
    }
  }
  return out;
}

}  // namespace wcheck
