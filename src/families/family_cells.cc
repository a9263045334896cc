// A cell of one number set is all its members with the same length and the same sequence of digit
// classes. The cells of a product are the products of the cells of its sets. After renaming,
// JoinBoxes puts neighbouring boxes with equal results together again, so that reports show few
// families.
#include "families/family_cells.h"

#include <algorithm>
#include <map>
#include <string>

namespace wcheck {
namespace {

// The product of several alternatives per set.
std::vector<IndexBox> Product(const std::vector<std::vector<IndexSet>>& choices) {
  std::vector<IndexBox> out{{}};
  for (const std::vector<IndexSet>& choice : choices) {
    std::vector<IndexBox> next;
    next.reserve(out.size() * choice.size());
    for (const IndexBox& box : out) {
      for (const IndexSet& set : choice) {
        next.push_back(box);
        next.back().push_back(set);
      }
    }
    out = std::move(next);
  }
  return out;
}

}  // namespace

// If no pattern looks at digits, cells are the ranges 0...9, 10...99 and so on, which needs no look
// at single values.
std::vector<IndexSet> CutIntoCells(const IndexSet& numbers, const DigitClasses& classes) {
  std::vector<IndexSet> cells;
  if (classes.trivial()) {
    uint64_t first = 0;
    for (uint64_t stop = 10; first <= numbers.max(); first = stop, stop *= 10) {
      uint64_t last = std::min<uint64_t>(stop - 1, UINT32_MAX);
      IndexSet length(static_cast<uint32_t>(first), static_cast<uint32_t>(last));
      if (length.Contains(numbers)) return {numbers};
      IndexSet cell = numbers.Intersect(length);
      if (!cell.empty()) cells.push_back(std::move(cell));
    }
    return cells;
  }
  std::map<std::string, std::vector<uint32_t>> by_classes;
  numbers.ForEach([&](uint32_t value) {
    std::string digits = std::to_string(value);
    for (char& c : digits) c = static_cast<char>(classes.ClassOf(c - '0'));
    by_classes[digits].push_back(value);
  });
  for (auto& [digits, values] : by_classes) {
    cells.push_back(IndexSet::FromValues(std::move(values)));
  }
  return cells;
}

std::vector<IndexBox> CutIntoCells(std::span<const IndexSet> numbers, const DigitClasses& classes) {
  std::vector<std::vector<IndexSet>> choices;
  choices.reserve(numbers.size());
  for (const IndexSet& set : numbers) choices.push_back(CutIntoCells(set, classes));
  return Product(choices);
}

std::vector<IndexBox> CutIntoMembers(std::span<const IndexSet> numbers) {
  std::vector<std::vector<IndexSet>> choices(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i].ForEach([&](uint32_t value) { choices[i].emplace_back(value, value); });
  }
  return Product(choices);
}

void JoinBoxes(std::vector<IndexBox>* boxes) {
  if (boxes->size() < 2) return;
  size_t dimensions = boxes->front().size();
  for (size_t d = 0; d < dimensions; ++d) {
    // Sorts boxes so that those that agree in all other sets are adjacent, then joins them along d.
    auto others_less = [d](const IndexBox& a, const IndexBox& b) {
      for (size_t i = 0; i < a.size(); ++i) {
        if (i == d || a[i] == b[i]) continue;
        const auto& x = a[i].ranges();
        const auto& y = b[i].ranges();
        return std::lexicographical_compare(
            x.begin(), x.end(), y.begin(), y.end(), [](const IndexRange& p, const IndexRange& q) {
              return p.first != q.first ? p.first < q.first : p.last < q.last;
            });
      }
      return false;
    };
    std::stable_sort(boxes->begin(), boxes->end(), others_less);
    std::vector<IndexBox> joined;
    for (size_t begin = 0; begin < boxes->size();) {
      size_t end = begin + 1;
      std::vector<IndexRange> ranges = (*boxes)[begin][d].ranges();
      while (end < boxes->size() && !others_less((*boxes)[begin], (*boxes)[end])) {
        const auto& more = (*boxes)[end][d].ranges();
        ranges.insert(ranges.end(), more.begin(), more.end());
        ++end;
      }
      joined.push_back(std::move((*boxes)[begin]));
      if (end - begin > 1) joined.back()[d] = IndexSet::FromRanges(std::move(ranges));
      begin = end;
    }
    *boxes = std::move(joined);
  }
}

}  // namespace wcheck
