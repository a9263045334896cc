// Keys that differ only in their numbers.
//
// A *number* is a dotted part of a key that consists of ASCII digits, without a leading zero
// (except "0" itself) and below 10^9. A family is a key pattern with a hole for each number, and
// for each hole the set of its values; its members are the full product. Every key belongs to a
// family, possibly with one member: `layers.0.norm` is the pattern `layers.<hole>.norm` with the
// set {0}.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/index_set.h"

namespace wcheck {

// Marks a number in a key pattern. 0xFF never occurs in UTF-8, so it cannot be part of a key.
inline constexpr char kHole = '\xFF';

// A key cut into its pattern and its numbers, in order.
struct SplitKey {
  std::string pattern;
  std::vector<uint32_t> numbers;
};
SplitKey SplitNumbers(std::string_view key);
// The same, into existing storage.
void SplitNumbers(std::string_view key, std::string* pattern, std::vector<uint32_t>* numbers);
// The inverse: `numbers` has one value for each hole of `pattern`.
std::string JoinNumbers(std::string_view pattern, std::span<const uint32_t> numbers);

// "model.layers.{0...31}.mlp.w1.weight": a pattern with its holes filled in. A hole with one value
// is shown as that value. `sets` has one set for each hole.
std::string ShowFamily(std::string_view pattern, std::span<const IndexSet> sets);

// The order in which the engines visit keys: split at '.', all-digit parts as numbers and before
// words, words by code point (docs/semantics.md#natural-order).
bool NaturalLess(std::string_view a, std::string_view b);

// A product of index sets, as cut out of a set of number tuples.
using IndexBox = std::vector<IndexSet>;
// Cuts a set of number tuples (all of the same length) into few disjoint boxes that together
// contain exactly these tuples.
std::vector<IndexBox> CutIntoBoxes(std::vector<std::vector<uint32_t>> tuples);

}  // namespace wcheck
