// A set of numbers, kept as sorted, disjoint, non-touching ranges: the values at one numbered part
// of a key family ("{0...31}").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wcheck {

struct IndexRange {
  uint32_t first;
  uint32_t last;  // inclusive
  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

class IndexSet {
 public:
  IndexSet() = default;
  // The range first … last, inclusive. Requires first <= last.
  IndexSet(uint32_t first, uint32_t last) : ranges_{{first, last}} {}
  // Any values, in any order, possibly repeated.
  static IndexSet FromValues(std::vector<uint32_t> values);
  // Any ranges, in any order; overlapping and touching ones are joined.
  static IndexSet FromRanges(std::vector<IndexRange> ranges);

  const std::vector<IndexRange>& ranges() const { return ranges_; }
  bool empty() const { return ranges_.empty(); }
  uint64_t size() const;                                  // of values
  uint32_t min() const { return ranges_.front().first; }  // requires !empty()
  uint32_t max() const { return ranges_.back().last; }    // requires !empty()
  bool Contains(uint32_t value) const;
  bool Contains(const IndexSet& other) const;    // all of its values
  bool Intersects(const IndexSet& other) const;  // some value in common
  IndexSet Intersect(const IndexSet& other) const;
  IndexSet Union(const IndexSet& other) const;
  IndexSet Minus(const IndexSet& other) const;
  // The n-th smallest value, n < size().
  uint32_t At(uint64_t n) const;

  // "0...31", "0...3,7,9...11": the inside of the braces in a message.
  std::string ToString() const;

  // Calls f(value) for every value, ascending.
  template <typename F>
  void ForEach(F&& f) const {
    for (const IndexRange& r : ranges_) {
      for (uint64_t v = r.first; v <= r.last; ++v) f(static_cast<uint32_t>(v));
    }
  }

  friend bool operator==(const IndexSet&, const IndexSet&) = default;

 private:
  std::vector<IndexRange> ranges_;
};

}  // namespace wcheck
