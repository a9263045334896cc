#include "python/unicode.h"

#include <algorithm>

namespace wcheck::python {

int64_t CountCodePoints(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

size_t OffsetOf(std::string_view text, int64_t index) {
  size_t at = 0;
  while (index > 0 && at < text.size()) {
    at += CodePointBytes(text[at]);
    --index;
  }
  return std::min(at, text.size());
}

}  // namespace wcheck::python
