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

// What a text becomes a part of. Each medium obeys other characters.
enum class Medium : uint8_t {
  kLine,            // a line on a terminal, in a log, in a report for people
  kTsvCell,         // a cell of a table
  kXml,             // text or an attribute's value, of HTML too
  kDotLabel,        // a label of Graphviz
  kGithubMessage,   // lines, as the message of a workflow command ("::error …::message")
  kGithubProperty,  // a property of one ("file=…")
  kScript,          // JSON inside a <script> element
  kJson,            // a JSON document that may end up in a log
};

// The one place that makes text from outside harmless for where it is printed.
//
// kLine gives one line of valid UTF-8 that cannot affect the text around it: control characters,
// bidirectional marks, invisible characters and bytes that are not UTF-8 are written as escapes (\n,
// \x1b, \u202e, \xff), and so is what starts a command for a runner of workflows, "::" at the
// beginning and "##[" anywhere (\x3a:, ##\x5b). kTsvCell is the same, with backslashes doubled, so that
// it can be read back. The others take text whose lines went through kLine, except for the last two,
// which take JSON and give JSON with the same meaning.
std::string Escaped(std::string_view text, Medium medium);

// Escaped for a line.
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
