// The ASCII characters that a single-character node of a pattern can match.
#pragma once

#include <cstdint>

#include "pattern/syntax_tree.h"

namespace wcheck::regex {

class AsciiSet {
 public:
  constexpr AsciiSet() = default;

  constexpr void Add(uint32_t c) { words_[c >> 6] |= uint64_t{1} << (c & 63); }
  constexpr void AddRange(uint32_t lo, uint32_t hi) {
    for (uint32_t c = lo; c <= hi; ++c) Add(c);
  }
  constexpr bool Contains(uint32_t c) const { return (words_[c >> 6] >> (c & 63) & 1) != 0; }
  constexpr bool empty() const { return (words_[0] | words_[1]) == 0; }
  constexpr bool Intersects(const AsciiSet& other) const {
    return ((words_[0] & other.words_[0]) | (words_[1] & other.words_[1])) != 0;
  }
  constexpr AsciiSet Complement() const { return AsciiSet(~words_[0], ~words_[1]); }
  constexpr AsciiSet& operator|=(const AsciiSet& other) {
    words_[0] |= other.words_[0];
    words_[1] |= other.words_[1];
    return *this;
  }
  friend constexpr bool operator==(const AsciiSet&, const AsciiSet&) = default;

  // Bit d is set if the digit d is a member.
  constexpr uint16_t digits() const { return static_cast<uint16_t>(words_[0] >> '0' & 0x3FF); }
  // The only member, or -1.
  int Single() const;

 private:
  constexpr AsciiSet(uint64_t low, uint64_t high) : words_{low, high} {}

  uint64_t words_[2] = {0, 0};
};

// Python's \d, \s and \w (and complements) on ASCII.
AsciiSet AsciiSetOfCategory(Category category);

// `node` must match a single character. Takes case-insensitivity into account, including the four
// non-ASCII letters that Python treats as case variants of an ASCII letter.
AsciiSet AsciiSetOf(const Tree& tree, const Node& node);

}  // namespace wcheck::regex
