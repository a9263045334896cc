// The words of a name, and what they mean (suggest/synonyms.def).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wcheck::suggest {

// The words of a family's text, lower-case: parts are split at underscores, between letters and digits,
// and at capitals. "." stands between parts, "#" for a number.
std::vector<std::string> WordsOf(std::string_view text);

// What words mean, in their order, without dots and numbers.
std::vector<std::string> MeaningsOf(std::vector<std::string> words);

// What one dotted part means if it is a single word; else the part itself, lower-case.
std::string ConceptOf(std::string_view part);

}  // namespace wcheck::suggest
