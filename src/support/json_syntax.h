// What nlohmann/json says about a syntax error, in fewer words.
#pragma once

#include <string>
#include <string_view>

namespace wcheck::json {

// "not valid JSON: unexpected end of input; expected ']'" from the text of the exception. What was
// last read is left out: it may be megabytes, or no text at all.
std::string SyntaxMessage(std::string_view what);

}  // namespace wcheck::json
