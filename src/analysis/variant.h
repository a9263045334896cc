// What a source would match if it were written a little differently: evidence for checks that say
// "this dot", "this wildcard", "this lookaround" is why.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/pass.h"
#include "pattern/pattern.h"

namespace wcheck {

// An unescaped dot outside of a character class that no quantifier follows: it was likely meant as
// the dot between two parts of a name.
bool HasBareDot(std::string_view source);
// The same pattern with these dots escaped.
std::string EscapeBareDots(std::string_view source);

// False where the pattern with escaped dots does not match what the step has matched: a dot of its
// source stood for something else.
bool DotIsADot(const std::string& source, const TraceStep& step);

// `.*` or `.+` inside a capturing group.
bool HasGreedyCapture(std::string_view source);

// A pattern compiled once for the run, by its text; null if it does not compile. Thread-safe.
const Pattern* CompileVariant(const std::string& text);

}  // namespace wcheck
