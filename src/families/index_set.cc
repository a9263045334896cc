// All operations walk the sorted ranges of their operands once. Results keep the invariant of the
// class: ranges are sorted, disjoint, and do not touch.
#include "wcheck/index_set.h"

#include <algorithm>

namespace wcheck {
namespace {

// The first range that does not end before `value`: one of the operands often has a single number, and the
// other one thousands.
std::vector<IndexRange>::const_iterator FirstNotBefore(const std::vector<IndexRange>& ranges,
                                                       uint32_t value) {
  return std::lower_bound(ranges.begin(), ranges.end(), value,
                          [](const IndexRange& range, uint32_t v) { return range.last < v; });
}

}  // namespace

IndexSet IndexSet::FromValues(std::vector<uint32_t> values) {
  std::sort(values.begin(), values.end());
  IndexSet set;
  for (uint32_t value : values) {
    if (!set.ranges_.empty() && value - set.ranges_.back().last <= 1) {
      set.ranges_.back().last = value;
    } else {
      set.ranges_.push_back({value, value});
    }
  }
  return set;
}

IndexSet IndexSet::FromRanges(std::vector<IndexRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const IndexRange& a, const IndexRange& b) { return a.first < b.first; });
  IndexSet set;
  for (const IndexRange& range : ranges) {
    if (!set.ranges_.empty() && range.first <= uint64_t{set.ranges_.back().last} + 1) {
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    } else {
      set.ranges_.push_back(range);
    }
  }
  return set;
}

uint64_t IndexSet::size() const {
  uint64_t n = 0;
  for (const IndexRange& r : ranges_) n += uint64_t{r.last} - r.first + 1;
  return n;
}

bool IndexSet::Contains(uint32_t value) const {
  auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), value,
                       [](uint32_t v, const IndexRange& range) { return v < range.first; });
  return after != ranges_.begin() && value <= std::prev(after)->last;
}

bool IndexSet::Contains(const IndexSet& other) const {
  if (other.empty()) return true;
  // Ranges do not touch, so each range of `other` must lie within a single one of ours.
  auto ours = FirstNotBefore(ranges_, other.min());
  for (const IndexRange& r : other.ranges_) {
    while (ours != ranges_.end() && ours->last < r.first) ++ours;
    if (ours == ranges_.end() || r.first < ours->first || ours->last < r.last) return false;
  }
  return true;
}

bool IndexSet::Intersects(const IndexSet& other) const {
  if (empty() || other.empty()) return false;
  auto a = FirstNotBefore(ranges_, other.min());
  auto b = FirstNotBefore(other.ranges_, min());
  while (a != ranges_.end() && b != other.ranges_.end()) {
    if (a->last < b->first) {
      ++a;
    } else if (b->last < a->first) {
      ++b;
    } else {
      return true;
    }
  }
  return false;
}

IndexSet IndexSet::Intersect(const IndexSet& other) const {
  IndexSet common;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const uint32_t first = std::max(a->first, b->first);
    const uint32_t last = std::min(a->last, b->last);
    if (first <= last) common.ranges_.push_back({first, last});
    if (a->last < b->last) {
      ++a;
    } else {
      ++b;
    }
  }
  return common;
}

IndexSet IndexSet::Union(const IndexSet& other) const {
  std::vector<IndexRange> both = ranges_;
  both.insert(both.end(), other.ranges_.begin(), other.ranges_.end());
  return FromRanges(std::move(both));
}

IndexSet IndexSet::Minus(const IndexSet& other) const {
  IndexSet rest;
  auto cut = other.ranges_.begin();
  for (const IndexRange& r : ranges_) {
    uint64_t from = r.first;  // the first value of r that is not handled yet
    while (cut != other.ranges_.end() && cut->last < from) ++cut;
    for (auto c = cut; c != other.ranges_.end() && c->first <= r.last; ++c) {
      if (from < c->first) rest.ranges_.push_back({static_cast<uint32_t>(from), c->first - 1});
      from = uint64_t{c->last} + 1;
    }
    if (from <= r.last) rest.ranges_.push_back({static_cast<uint32_t>(from), r.last});
  }
  return rest;
}

uint32_t IndexSet::At(uint64_t n) const {
  for (const IndexRange& r : ranges_) {
    const uint64_t size = uint64_t{r.last} - r.first + 1;
    if (n < size) return static_cast<uint32_t>(r.first + n);
    n -= size;
  }
  return ranges_.back().last;
}

std::string IndexSet::ToString() const {
  std::string out;
  for (const IndexRange& r : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(r.first);
    if (r.last != r.first) out += "..." + std::to_string(r.last);
  }
  return out;
}

}  // namespace wcheck
