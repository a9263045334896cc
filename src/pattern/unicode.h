// What the parser needs to know about Unicode.
#pragma once

#include <string>
#include <string_view>

namespace wcheck::regex {

// Python's str.isidentifier and str.isalpha, for valid UTF-8.
bool IsPythonIdentifier(std::string_view text);
bool IsPythonAlpha(std::string_view text);

// Python's repr of a str, for valid UTF-8.
std::string PythonRepr(std::string_view text);

}  // namespace wcheck::regex
