// CutIntoBoxes. Most sets of tuples are one full product (every layer has every expert). The rest
// is split recursively, along the dimension that gives the fewest distinct slices.
#include <algorithm>
#include <map>

#include "wcheck/key_family.h"

#include "support/limits.h"

namespace wcheck {
namespace {

using Tuple = std::vector<uint32_t>;
using Tuples = std::vector<Tuple>;  // sorted, no two equal, not empty

// Keys with more independently varying numbers than this do not occur in models. Cutting them well
// is not worth the time that trying every dimension takes.
constexpr size_t kMaxDimensions = 6;

IndexBox Projections(const Tuples& tuples) {
  IndexBox box;
  for (size_t d = 0; d < tuples[0].size(); ++d) {
    std::vector<uint32_t> values;
    values.reserve(tuples.size());
    for (const Tuple& tuple : tuples) values.push_back(tuple[d]);
    box.push_back(IndexSet::FromValues(std::move(values)));
  }
  return box;
}

bool HasSize(const IndexBox& box, size_t size) {
  uint64_t product = 1;
  for (const IndexSet& set : box) {
    product *= set.size();
    if (product > size) return false;
  }
  return product == size;
}

// For each set of tuples that remains after removing dimension `d`: the values at `d` that leave
// exactly this set.
std::map<Tuples, std::vector<uint32_t>> Slices(const Tuples& tuples, size_t d) {
  std::map<uint32_t, Tuples> by_value;
  for (const Tuple& tuple : tuples) {
    Tuple rest = tuple;
    rest.erase(rest.begin() + static_cast<ptrdiff_t>(d));
    by_value[tuple[d]].push_back(std::move(rest));  // still sorted and distinct
  }
  std::map<Tuples, std::vector<uint32_t>> slices;
  for (auto& [value, rest] : by_value) slices[std::move(rest)].push_back(value);
  return slices;
}

// Tries every dimension and keeps the one with the fewest distinct slices. Values with the same
// slice share it, so each slice is cut once.
//
// Ends early once there are more boxes than any use has for them: see CutIntoBoxes.
void Cut(const Tuples& tuples, std::vector<IndexBox>* boxes) {
  if (boxes->size() > kMaxFamiliesOfPattern) return;
  IndexBox box = Projections(tuples);
  if (HasSize(box, tuples.size())) {
    boxes->push_back(std::move(box));
    return;
  }
  std::vector<size_t> varying;
  for (size_t d = 0; d < box.size(); ++d) {
    if (box[d].size() > 1) varying.push_back(d);
  }
  if (varying.size() > kMaxDimensions) {
    for (const Tuple& tuple : tuples) boxes->push_back(Projections({tuple}));
    return;
  }
  size_t best = 0;
  std::map<Tuples, std::vector<uint32_t>> best_slices;
  for (size_t d : varying) {
    std::map<Tuples, std::vector<uint32_t>> slices = Slices(tuples, d);
    if (best_slices.empty() || slices.size() < best_slices.size()) {
      best = d;
      best_slices = std::move(slices);
    }
  }
  for (auto& [rest, values] : best_slices) {
    const size_t first_new = boxes->size();
    Cut(rest, boxes);
    const IndexSet set = IndexSet::FromValues(values);
    for (size_t i = first_new; i < boxes->size(); ++i) {
      (*boxes)[i].insert((*boxes)[i].begin() + static_cast<ptrdiff_t>(best), set);
    }
  }
}

}  // namespace

std::vector<IndexBox> CutIntoBoxes(std::vector<std::vector<uint32_t>> tuples) {
  std::vector<IndexBox> boxes;
  std::sort(tuples.begin(), tuples.end());
  tuples.erase(std::unique(tuples.begin(), tuples.end()), tuples.end());
  if (!tuples.empty()) Cut(tuples, &boxes);
  // Numbers without any order: what was cut so far has not all of the tuples.
  if (boxes.size() > kMaxFamiliesOfPattern) {
    boxes.clear();
    for (const Tuple& tuple : tuples) boxes.push_back(Projections({tuple}));
  }
  // Sort by smallest tuples, so that the boxes of one set always come in the same, readable order.
  std::sort(boxes.begin(), boxes.end(), [](const IndexBox& a, const IndexBox& b) {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const IndexSet& x, const IndexSet& y) { return x.min() < y.min(); });
  });
  return boxes;
}

}  // namespace wcheck
