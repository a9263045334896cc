// Looks for a short literal in a short text.
#pragma once

#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace wcheck::regex {

// The offset of the first occurrence of `literal` in `text` at or after `from`, or npos. `literal`
// must not be empty.
//
// Keys have about fifty bytes, where setting up a general algorithm (memmem's table, for example)
// costs more than the search. Sixteen positions at a time are tested for the first and the last
// byte of the literal, which few positions pass.
inline size_t FindLiteral(std::string_view text, std::string_view literal, size_t from = 0) {
  if (text.size() < literal.size()) return std::string_view::npos;
  const size_t end = text.size() - literal.size() + 1;  // positions to try
  size_t i = from;
#ifdef __SSE2__
  const size_t last = literal.size() - 1;
  const __m128i first_byte = _mm_set1_epi8(literal.front());
  const __m128i last_byte = _mm_set1_epi8(literal.back());
  for (; i + 16 <= end; i += 16) {
    const char* at = text.data() + i;
    __m128i heads = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    __m128i tails = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + last));
    auto candidates = static_cast<unsigned>(_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(heads, first_byte), _mm_cmpeq_epi8(tails, last_byte))));
    for (; candidates != 0; candidates &= candidates - 1) {
      const char* candidate = at + __builtin_ctz(candidates);
      if (std::memcmp(candidate, literal.data(), literal.size()) == 0) {
        return static_cast<size_t>(candidate - text.data());
      }
    }
  }
#endif
  for (; i < end; ++i) {
    if (text[i] == literal.front() && text[i + literal.size() - 1] == literal.back() &&
        std::memcmp(text.data() + i, literal.data(), literal.size()) == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

inline bool ContainsLiteral(std::string_view text, std::string_view literal) {
  return FindLiteral(text, literal) != std::string_view::npos;
}

}  // namespace wcheck::regex
