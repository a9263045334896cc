// Code points of UTF-8 text, for str's length, indices and slices. The text is valid UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/utf8.h"

namespace wcheck::python {

int64_t CountCodePoints(std::string_view text);
// The byte offset of code point `index` (its end if index is the length).
size_t OffsetOf(std::string_view text, int64_t index);
// Bytes of the code point that starts with `lead`.
inline size_t CodePointBytes(char lead) {
  auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

}  // namespace wcheck::python
