// A set of names, stored as families, that can compute which part of another family it does not
// contain.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wcheck/layout.h"

#include "families/boxes.h"

namespace wcheck {

class NameSet {
 public:
  NameSet() = default;
  explicit NameSet(std::span<const LayoutFamily> families) {
    for (const LayoutFamily& family : families) Add(family.pattern, family.numbers);
  }

  void Add(std::string_view pattern, std::span<const IndexSet> numbers) {
    boxes_[std::string(pattern)].emplace_back(numbers.begin(), numbers.end());
  }

  // The part of `pattern` with `numbers` that is not in the set, as disjoint boxes.
  std::vector<IndexBox> Outside(std::string_view pattern, std::span<const IndexSet> numbers) const {
    const IndexBox all(numbers.begin(), numbers.end());
    const auto found = boxes_.find(std::string(pattern));
    if (found == boxes_.end()) return {all};
    std::vector<std::span<const IndexSet>> without;
    without.reserve(found->second.size());
    for (const IndexBox& box : found->second) without.emplace_back(box);
    return BoxMinus(all, without);
  }

  // The part of `pattern` with `numbers` that is in the set; boxes may overlap if those added did.
  std::vector<IndexBox> Inside(std::string_view pattern, std::span<const IndexSet> numbers) const {
    std::vector<IndexBox> out;
    const auto found = boxes_.find(std::string(pattern));
    if (found == boxes_.end()) return out;
    for (const IndexBox& box : found->second) {
      if (BoxesIntersect(box, numbers)) out.push_back(IntersectBoxes(box, numbers));
    }
    return out;
  }

  bool Holds(std::string_view pattern, std::span<const IndexSet> numbers) const {
    return Outside(pattern, numbers).empty();
  }

 private:
  std::unordered_map<std::string, std::vector<IndexBox>> boxes_;
};

}  // namespace wcheck
