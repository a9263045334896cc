// UTF-8: the one place that validates, decodes and encodes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck {

bool IsAscii(std::string_view text);

// The offset of the first byte that is not part of valid UTF-8 (surrogates and overlong forms are
// not valid); npos if there is none.
size_t FindInvalidUtf8(std::string_view text);

// An Error unless `text` is valid UTF-8; the place is the line and column of the first bad byte.
Status CheckUtf8(std::string_view text, const std::string& path);

// What DecodeUtf8 gives for a byte that is not part of valid UTF-8.
inline constexpr char32_t kNotUtf8 = 0xFFFFFFFF;
// The code point at the start of a text that is not empty. `*length` is its size in bytes, 1 for
// kNotUtf8.
char32_t DecodeUtf8(std::string_view text, size_t* length);

void AppendUtf8(char32_t code_point, std::string* out);

}  // namespace wcheck
