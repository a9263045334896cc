// Set arithmetic on families: products of index sets (boxes). All functions of two boxes require
// that both have the same number of sets.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wcheck/key_family.h"

namespace wcheck {

// The member with the smallest number in every set; requires that no set is empty.
std::vector<uint32_t> SmallestMember(std::span<const IndexSet> box);
IndexBox SingleMember(std::span<const uint32_t> member);  // the box of this member alone
IndexBox BoxOf(std::span<const IndexSet> numbers);        // a copy that owns its sets
uint64_t BoxSize(std::span<const IndexSet> box);          // members; 1 for a box of no sets
bool BoxContains(std::span<const IndexSet> outer, std::span<const IndexSet> inner);
bool BoxesIntersect(std::span<const IndexSet> a, std::span<const IndexSet> b);  // a common member
IndexBox IntersectBoxes(std::span<const IndexSet> a, std::span<const IndexSet> b);

// `box` minus all of `without`, as disjoint boxes.
std::vector<IndexBox> BoxMinus(const IndexBox& box,
                               std::span<const std::span<const IndexSet>> without);

// The plane cut along the edges of all boxes: disjoint boxes, each with the boxes that cover it.
struct OverlayCell {
  IndexBox box;
  std::vector<uint32_t> covering;  // indices of input boxes, ascending
};
// All boxes have the same number of sets. Every input box is exactly the union of its cells.
std::vector<OverlayCell> Overlay(std::span<const IndexBox> boxes);

// Calls f(member) with every tuple of numbers of a box, in lexicographic order.
template <typename F>
void ForEachMember(std::span<const IndexSet> box, F&& f) {
  std::vector<uint32_t> member;
  auto walk = [&](auto&& self, size_t d) -> void {
    if (d == box.size()) {
      f(std::span<const uint32_t>(member));
      return;
    }
    box[d].ForEach([&](uint32_t value) {
      member.push_back(value);
      self(self, d + 1);
      member.pop_back();
    });
  };
  walk(walk, 0);
}

}  // namespace wcheck
