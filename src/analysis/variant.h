// What a source would match if it were written slightly differently: evidence for checks that blame
// "this dot", "this wildcard", "this lookaround".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/pass.h"
#include "pattern/pattern.h"

namespace wcheck {

// An unescaped dot outside a character class and without a quantifier: it was probably meant as the
// dot between two parts of a name.
bool HasBareDot(std::string_view source);
// The same pattern with these dots escaped.
std::string EscapeBareDots(std::string_view source);

// False if the pattern with escaped dots does not match what the step matched: a dot of its source
// matched another character.
bool DotIsADot(const std::string& source, const TraceStep& step);

// `.*` or `.+` inside a capturing group.
bool HasGreedyCapture(std::string_view source);

// A pattern compiled once per run, by its text; null if it does not compile. Thread-safe.
const Pattern* CompileVariant(const std::string& text);

}  // namespace wcheck
