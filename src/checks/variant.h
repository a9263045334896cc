// What a source would match if it were written a little differently: evidence for checks that say
// "this dot", "this wildcard", "this lookaround" is why.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "wcheck/pattern/pattern.h"

namespace wcheck {

// An unescaped dot outside of a character class that no quantifier follows: it was likely meant as
// the dot between two parts of a name.
bool HasBareDot(std::string_view source);
// The same pattern with these dots escaped.
std::string EscapeBareDots(std::string_view source);

// `.*` or `.+` inside a capturing group.
bool HasGreedyCapture(std::string_view source);

// A pattern compiled once for the run, by its text; null if it does not compile. Thread-safe.
const Pattern* CompileVariant(const std::string& text);

}  // namespace wcheck
