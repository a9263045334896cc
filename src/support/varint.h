// Variable-length numbers for the binary formats: seven bits per byte, the lowest first; the top
// bit means that more bytes follow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wcheck {

void AppendVarint(std::string* out, uint64_t value);
// The length, then the bytes.
void AppendBytes(std::string* out, std::string_view bytes);

// Maps small numbers of either sign to small unsigned ones: 0, -1, 1, -2, …
inline uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// Reads what the functions above write. After the first number that is truncated or too long, or
// the first impossible count, ok() stays false and everything that is read is 0 or empty.
class VarintReader {
 public:
  explicit VarintReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  uint64_t Next() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) {
      return static_cast<unsigned char>(*at_++);
    }
    return NextLong();
  }
  // A count of items that take at least one byte each, so never more than the bytes left.
  uint64_t NextCount() {
    const uint64_t count = Next();
    if (count <= static_cast<uint64_t>(end_ - at_)) return count;
    Fail();
    return 0;
  }
  // A view into the input.
  std::string_view NextBytes() {
    const uint64_t size = NextCount();
    at_ += size;
    return {at_ - size, static_cast<size_t>(size)};
  }
  void Fail() {
    ok_ = false;
    at_ = end_;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }

 private:
  uint64_t NextLong();

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace wcheck
