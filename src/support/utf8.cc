#include "support/utf8.h"

#include <cstdint>
#include <cstring>

namespace wcheck {
namespace {

// The length of the well-formed sequence at `p` (Unicode, table 3-7), or 0.
size_t SequenceLength(const unsigned char* p, size_t left) {
  auto follows = [&](size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  const unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return follows(1) ? 2 : 0;
  if (lead < 0xF0) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;   // no overlong forms
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;  // no surrogates
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;  // nothing above U+10FFFF
  return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
}

Error BadByte(std::string_view text, size_t offset, const std::string& path) {
  uint32_t line = 1;
  size_t line_start = 0;
  for (size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(text[offset]);
  return {
      {path, line, static_cast<uint32_t>(offset - line_start + 1), ""},
      std::string("found byte 0x") + kHex[byte >> 4] + kHex[byte & 15] + ", expected UTF-8 text",
      "save the file as UTF-8"};
}

}  // namespace

bool IsAscii(std::string_view text) {
  const char* p = text.data();
  size_t left = text.size();
  uint64_t seen = 0;
  for (; left >= 8; p += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    seen |= word;
  }
  for (; left > 0; ++p, --left) seen |= static_cast<unsigned char>(*p) & 0x80;
  return (seen & 0x8080808080808080u) == 0;
}

size_t FindInvalidUtf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  size_t i = 0;
  while (i < text.size()) {
    // Eight ASCII bytes at a time: real input is almost entirely ASCII.
    if (text.size() - i >= 8) {
      uint64_t eight;
      std::memcpy(&eight, p + i, 8);
      if ((eight & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    const size_t length = SequenceLength(p + i, text.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

Status CheckUtf8(std::string_view text, const std::string& path) {
  const size_t bad = FindInvalidUtf8(text);
  if (bad != std::string_view::npos) return BadByte(text, bad, path);
  return Unit{};
}

char32_t DecodeUtf8(std::string_view text, size_t* length) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  *length = SequenceLength(p, text.size());
  if (*length == 0) return (*length = 1, kNotUtf8);
  if (*length == 1) return p[0];
  char32_t code_point = p[0] & (0xFFu >> (*length + 1));
  for (size_t i = 1; i < *length; ++i) code_point = code_point << 6 | (p[i] & 0x3Fu);
  return code_point;
}

void AppendUtf8(char32_t c, std::string* out) {
  const auto byte = [&](char32_t value) { out->push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3F));
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

}  // namespace wcheck
