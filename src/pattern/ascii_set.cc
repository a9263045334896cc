// Computes the set for each kind of single-character node. Non-ASCII members do not matter here,
// except the four letters that case folding maps into ASCII.
#include "pattern/ascii_set.h"

#include <algorithm>
#include <bit>

namespace wcheck::regex {
namespace {

constexpr char32_t kCapitalIWithDot = 0x130;
constexpr char32_t kDotlessI = 0x131;
constexpr char32_t kLongS = 0x17F;
constexpr char32_t kKelvinSign = 0x212A;

void AddBothCases(char32_t c, AsciiSet* set) {
  set->Add(c);
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (letter) set->Add(c ^ 0x20);
}

void AddRange(char32_t lo, char32_t hi, uint8_t flags, AsciiSet* set) {
  char32_t ascii_end = std::min<char32_t>(hi + 1, 128);
  if ((flags & kIgnoreCase) == 0) {
    for (char32_t c = lo; c < ascii_end; ++c) set->Add(c);
    return;
  }
  for (char32_t c = lo; c < ascii_end; ++c) AddBothCases(c, set);
  if ((flags & kAscii) != 0) return;
  auto has = [&](char32_t c) { return lo <= c && c <= hi; };
  if (has(kCapitalIWithDot) || has(kDotlessI)) AddBothCases('i', set);
  if (has(kLongS)) AddBothCases('s', set);
  if (has(kKelvinSign)) AddBothCases('k', set);
}

}  // namespace

int AsciiSet::Single() const {
  if (std::popcount(words_[0]) + std::popcount(words_[1]) != 1) return -1;
  return words_[0] != 0 ? std::countr_zero(words_[0]) : 64 + std::countr_zero(words_[1]);
}

AsciiSet AsciiSetOfCategory(Category category) {
  AsciiSet set;
  switch (category) {
    case Category::kNone:
      break;
    case Category::kDigit:
    case Category::kNotDigit:
      set.AddRange('0', '9');
      break;
    case Category::kSpace:
    case Category::kNotSpace:
      // str.isspace() also takes the four separators U+001C to U+001F.
      set.AddRange('\t', '\r');
      set.AddRange(0x1C, ' ');
      break;
    case Category::kWord:
    case Category::kNotWord:
      set.AddRange('0', '9');
      set.AddRange('A', 'Z');
      set.AddRange('a', 'z');
      set.Add('_');
      break;
  }
  bool complement = category == Category::kNotDigit || category == Category::kNotSpace ||
                    category == Category::kNotWord;
  return complement ? set.Complement() : set;
}

// All matchers ask this function what a single-character node matches, so they cannot disagree on
// it.
AsciiSet AsciiSetOf(const Tree& tree, const Node& node) {
  AsciiSet set;
  switch (node.kind) {
    case NodeKind::kLiteral:
      AddRange(node.value, node.value, node.flags, &set);
      return set;
    case NodeKind::kAny:
      if ((node.flags & kDotAll) == 0) set.Add('\n');
      return set.Complement();
    default:
      break;
  }
  for (uint32_t i = node.value; i < node.value2; ++i) {
    const SetItem& item = tree.items[i];
    if (item.category == Category::kNone) {
      AddRange(item.lo, item.hi, node.flags, &set);
    } else {
      AsciiSet category = AsciiSetOfCategory(item.category);
      // With (?a), only ASCII counts as space, and \s is [ \t\n\r\f\v].
      if ((node.flags & kAscii) != 0 &&
          (item.category == Category::kSpace || item.category == Category::kNotSpace)) {
        category = AsciiSet();
        category.AddRange('\t', '\r');
        category.Add(' ');
        if (item.category == Category::kNotSpace) category = category.Complement();
      }
      set |= category;
    }
  }
  return node.negated ? set.Complement() : set;
}

}  // namespace wcheck::regex
