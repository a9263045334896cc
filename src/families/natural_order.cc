// NaturalLess: the order of Python's
//   [(0, int(part)) if part.isdigit() else (1, part) for part in key.split('.')]
// and the same with (1, text, int(digits)) for a word that ends in digits.
#include "families/natural_order.h"

#include <algorithm>
#include <array>
#include <optional>

#include "wcheck/key_family.h"

#include "support/utf8.h"

namespace wcheck {
namespace {

// The zeros of the runs of ten decimal digits (general category Nd) of Unicode 14. str.isdigit() is
// also true for digits that int() refuses, such as superscripts: the engines raise on these, and
// here they are words.
constexpr std::array<char32_t, 66> kZeros{
    0x0030,  0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,
    0x0C66,  0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,
    0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,
    0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
    0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
    0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0};

std::optional<int> DigitValue(char32_t c) {
  auto after = std::upper_bound(kZeros.begin(), kZeros.end(), c);
  if (after == kZeros.begin() || c - *std::prev(after) > 9) return std::nullopt;
  return static_cast<int>(c - *std::prev(after));
}

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// One part of a key: a number of any length as ASCII digits without leading zeros, or a word.
struct Part {
  bool is_word;
  std::string_view text;
};

// `digits` provides storage for the digits of a number that is written in another script.
Part Classify(std::string_view part, std::string* digits) {
  if (part.empty()) return {true, part};
  if (!std::all_of(part.begin(), part.end(), IsAsciiDigit)) {
    const auto first = static_cast<unsigned char>(part[0]);
    if (!IsAsciiDigit(part[0]) && first < 0x80) return {true, part};
    digits->clear();
    size_t length = 0;
    for (size_t at = 0; at < part.size(); at += length) {
      const std::optional<int> value = DigitValue(DecodeUtf8(part.substr(at), &length));
      if (!value) return {true, part};
      digits->push_back(static_cast<char>('0' + *value));
    }
    part = *digits;
  }
  part.remove_prefix(std::min(part.find_first_not_of('0'), part.size()));
  return {false, part};
}

int CompareNumbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

// A word cut before the ASCII digits at its end. False if it has none there.
bool CutDigits(std::string_view* word, std::string_view* digits) {
  const size_t end = word->find_last_not_of("0123456789");
  const size_t length = end == std::string_view::npos ? 0 : end + 1;
  *digits = word->substr(length);
  word->remove_suffix(digits->size());
  const bool any = !digits->empty();
  digits->remove_prefix(std::min(digits->find_first_not_of('0'), digits->size()));
  return any;
}

int CompareWords(std::string_view a, std::string_view b, WordOrder words) {
  // The byte order of UTF-8 is that of code points.
  if (words == WordOrder::kText) return a.compare(b);
  std::string_view a_digits;
  std::string_view b_digits;
  const bool a_has_digits = CutDigits(&a, &a_digits);
  const bool b_has_digits = CutDigits(&b, &b_digits);
  if (a != b) return a.compare(b);
  if (a_has_digits != b_has_digits) return a_has_digits ? 1 : -1;
  return CompareNumbers(a_digits, b_digits);
}

// <0, 0 or >0.
int Compare(const Part& a, const Part& b, WordOrder words) {
  if (a.is_word != b.is_word) return a.is_word ? 1 : -1;
  return a.is_word ? CompareWords(a.text, b.text, words) : CompareNumbers(a.text, b.text);
}

}  // namespace

bool IsNumberPart(std::string_view part) {
  std::string digits;
  return !Classify(part, &digits).is_word;
}

bool NaturalLess(std::string_view a, std::string_view b) {
  return NaturalLess(a, b, WordOrder::kText);
}

bool NaturalLess(std::string_view a, std::string_view b, WordOrder words) {
  std::string a_digits;
  std::string b_digits;
  while (true) {
    const size_t a_dot = a.find('.');
    const size_t b_dot = b.find('.');
    const std::string_view a_text = a.substr(0, a_dot);
    const std::string_view b_text = b.substr(0, b_dot);
    if (a_text != b_text) {
      const int order = Compare(Classify(a_text, &a_digits), Classify(b_text, &b_digits), words);
      if (order != 0) return order < 0;
    }
    // A key that is a prefix of another one comes first.
    if (b_dot == std::string_view::npos) return false;
    if (a_dot == std::string_view::npos) return true;
    a.remove_prefix(a_dot + 1);
    b.remove_prefix(b_dot + 1);
  }
}

}  // namespace wcheck
