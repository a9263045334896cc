#include "support/varint.h"

namespace wcheck {

void AppendVarint(std::string* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendBytes(std::string* out, std::string_view bytes) {
  AppendVarint(out, bytes.size());
  *out += bytes;
}

uint64_t VarintReader::NextLong() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at_++);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  Fail();
  return 0;
}

}  // namespace wcheck
