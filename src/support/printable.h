// Makes text from outside safe to print: key names and patterns can contain anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wcheck {

// How many characters of a name and of a sentence reports for people show. Real names have less
// than 120; a sentence may contain two of them.
inline constexpr size_t kNameLimit = 200;
inline constexpr size_t kSentenceLimit = 600;

// One line of valid UTF-8 that cannot affect the text around it: control characters, bidirectional
// marks, invisible characters and bytes that are not UTF-8 are written as escapes (\n, \x1b,
// \u202e, \xff).
std::string Printable(std::string_view text);

// Valid UTF-8 with at most `limit` characters: the excess is removed from the middle, and its
// length is noted there.
std::string Elided(std::string_view text, size_t limit);

// Printable and Elided, for a name and for a sentence.
std::string ShowName(std::string_view name);
std::string ShowSentence(std::string_view sentence);

// The number of characters, and of columns on a terminal, of valid UTF-8.
size_t CountCharacters(std::string_view text);
size_t CountColumns(std::string_view text);

// "1,626".
std::string ShowNumber(uint64_t number);
// "1 class", "1,626 classes".
std::string ShowCount(uint64_t count, std::string_view singular, std::string_view plural);

}  // namespace wcheck
