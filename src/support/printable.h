// Text from outside, made fit to print: key names and patterns may hold anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wcheck {

// How much of a name and of a sentence reports for people show, in characters. Real names have less
// than 120; a sentence may hold two of them.
inline constexpr size_t kNameLimit = 200;
inline constexpr size_t kSentenceLimit = 600;

// One line of valid UTF-8 that cannot change what stands around it: control characters, marks that
// turn the direction of writing, invisible ones and bytes that are no UTF-8 are written as escapes
// (\n, \x1b, \u202e, \xff).
std::string Printable(std::string_view text);

// Valid UTF-8 with at most `limit` characters: what is too much is taken out of the middle, and how
// much that was is said there.
std::string Elided(std::string_view text, size_t limit);

// Both, for a name and for a sentence.
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
