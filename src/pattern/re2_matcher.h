// Matching by RE2, for plain texts: ASCII, not empty, no newline.
//
// On such texts RE2's leftmost-first matching has Python's semantics for everything that RE2 can
// express, with one exception: a repeat whose body can match the empty text. The two end that loop
// differently, so those patterns are left to PCRE2, as are lookarounds, backreferences,
// conditionals, atomic groups and repeats beyond RE2's limits.
//
// Every single-character node is written as the set of ASCII characters that it matches, and every
// anchor by its meaning on plain text, so that no flag or option of RE2 takes part.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pattern/pattern.h"
#include "pattern/syntax_tree.h"

namespace re2 {
class RE2;
}

namespace wcheck::regex {

// The pattern in RE2's syntax, or nullopt if RE2 would not match it as Python does.
std::optional<std::string> TranslateToRe2(const Tree& tree);

class Re2Matcher {
 public:
  // Null if RE2 cannot match it.
  static std::unique_ptr<Re2Matcher> Create(const Tree& tree);
  ~Re2Matcher();

  bool Search(std::string_view text, Match* match) const;

 private:
  explicit Re2Matcher(std::unique_ptr<re2::RE2> program, int groups);

  std::unique_ptr<re2::RE2> program_;
  int groups_;
};

}  // namespace wcheck::regex
