// What the parser needs to know about UTF-8 and Unicode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wcheck::regex {

bool IsAscii(std::string_view text);

// The offset of the first byte that is not part of valid UTF-8 (surrogates and overlong forms are
// not valid); npos if there is none.
size_t FindInvalidUtf8(std::string_view text);

// The code point that starts at `text[0]` of valid, non-empty UTF-8; `*length` is its size in
// bytes.
char32_t DecodeUtf8(std::string_view text, uint32_t* length);

void AppendUtf8(char32_t code_point, std::string* out);

// Python's str.isidentifier and str.isalpha, for valid UTF-8.
bool IsPythonIdentifier(std::string_view text);
bool IsPythonAlpha(std::string_view text);

// Python's repr of a str, for valid UTF-8.
std::string PythonRepr(std::string_view text);

}  // namespace wcheck::regex
