// Looks for holes whose numbers run from 0 to an end that depends on an outer hole. Families are
// then cut at the outer numbers, so that each slice has an ordinary count that can be fitted.
#include "checkpoint/ragged_parts.h"

#include <algorithm>
#include <iterator>

#include "wcheck/key_family.h"

namespace wcheck {
namespace {

// More slices of one pattern than any model has; the number of slices is a product.
constexpr uint64_t kMaxSlices = 4096;

// By outer number, the numbers inside it; nothing once there are too many of them.
struct Inner {
  std::map<uint32_t, IndexSet> by_outer;
  bool too_many = false;

  void Add(const IndexSet& outer, const IndexSet& inner) {
    too_many = too_many || outer.size() > RaggedParts::kMaxOuter;
    if (too_many) return;
    outer.ForEach([&](uint32_t number) {
      IndexSet& set = by_outer[number];
      if (!set.Contains(inner)) set = set.Union(inner);
    });
  }

  bool IsRagged() const {
    if (too_many) return false;
    const bool all_run_from_zero = std::all_of(by_outer.begin(), by_outer.end(), [](const auto& e) {
      return e.second.ranges().size() == 1 && e.second.min() == 0;
    });
    return all_run_from_zero && std::any_of(by_outer.begin(), by_outer.end(), [&](const auto& e) {
             return e.second != by_outer.begin()->second;
           });
  }
};

}  // namespace

std::vector<Hole> HolesOf(std::string_view pattern) {
  std::vector<Hole> holes;
  for (size_t at = 0; (at = pattern.find(kHole, at)) != std::string_view::npos; ++at) {
    holes.push_back({pattern.substr(0, at + 1), holes.size()});
  }
  return holes;
}

RaggedParts::RaggedParts(std::span<const LayoutFamily> families) {
  std::map<std::pair<std::string_view, size_t>, Inner> numbers;  // by part and outer hole
  for (const LayoutFamily& family : families) {
    if (family.numbers.size() < 2) continue;
    for (const Hole& inner : HolesOf(family.pattern)) {
      for (size_t outer = 0; outer < inner.index; ++outer) {
        numbers[{inner.part, outer}].Add(family.numbers[outer], family.numbers[inner.index]);
      }
    }
  }
  for (const auto& [where, inner] : numbers) {
    if (inner.IsRagged()) outer_[std::string(where.first)].insert(where.second);
  }
}

// Walks the holes of the pattern from left to right: a hole whose number decides about the count of
// another one is filled in, once per number, and the others stay holes.
std::vector<RaggedParts::Slice> RaggedParts::Cut(std::string_view pattern,
                                                 std::span<const IndexSet> numbers) const {
  std::vector<Slice> slices;
  if (outer_.empty() || numbers.size() < 2) return slices;
  const std::vector<Hole> holes = HolesOf(pattern);
  std::set<size_t> written;
  for (const Hole& hole : holes) {
    auto found = outer_.find(hole.part);
    if (found != outer_.end()) written.insert(found->second.begin(), found->second.end());
  }
  uint64_t count = 1;
  for (size_t hole : written) count *= std::min(numbers[hole].size(), kMaxSlices + 1);
  if (written.empty() || count > kMaxSlices) return slices;

  slices.emplace_back();
  size_t from = 0;
  for (size_t hole = 0; hole <= holes.size(); ++hole) {
    const size_t to = hole < holes.size() ? holes[hole].part.size() - 1 : pattern.size();
    for (Slice& slice : slices) slice.pattern += pattern.substr(from, to - from);
    if (hole == holes.size()) break;
    from = to + 1;
    if (!written.contains(hole)) {
      for (Slice& slice : slices) {
        slice.pattern += kHole;
        slice.numbers.push_back(numbers[hole]);
      }
      continue;
    }
    std::vector<Slice> cut;
    for (const Slice& slice : slices) {
      numbers[hole].ForEach([&](uint32_t number) {
        Slice& one = cut.emplace_back(slice);
        one.pattern += std::to_string(number);
        one.written.emplace_back(hole, number);
      });
    }
    slices = std::move(cut);
  }
  return slices;
}

IndexBox RaggedParts::Whole(const Slice& slice, IndexBox numbers) {
  for (const auto& [hole, number] : slice.written) {
    numbers.insert(std::next(numbers.begin(), static_cast<std::ptrdiff_t>(hole)),
                   IndexSet(number, number));
  }
  return numbers;
}

}  // namespace wcheck
