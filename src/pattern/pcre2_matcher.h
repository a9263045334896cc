// Matching by PCRE2, for what RE2 cannot do: patterns with lookarounds, backreferences and the
// like, and texts that are not plain (not ASCII, empty, or with a newline).
//
// The pattern is written again from its tree, with Python's meaning of every construct spelled out:
//  - UTF and UCP are on, and categories under (?a) are written as ASCII sets,
//  - whitespace is Python's list, which has U+001C to U+001F,
//  - \B does not match in the empty text (CPython up to 3.13),
//  - letters that only Python treats as case variants of each other are written out.
// The categories and case variants are then the same for every code point, as long as the Unicode
// versions are (14 in PCRE2 10.42 and Python 3.11, 15.1 in Python 3.13).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wcheck/result.h"

#include "pattern/pattern.h"
#include "pattern/syntax_tree.h"

struct pcre2_real_code_8;

namespace wcheck::regex {

// The pattern in PCRE2's syntax.
std::string TranslateToPcre2(const Tree& tree);

class Pcre2Matcher {
 public:
  // The error is PCRE2's: the pattern is too large, or contains a lookbehind that PCRE2 does not
  // support.
  static Result<std::unique_ptr<Pcre2Matcher>> Create(const Tree& tree);
  ~Pcre2Matcher();

  enum class Outcome { kMatch, kNoMatch, kGaveUp };

  // Gives up after kMaxSearchSteps steps, where Python would seem to hang, and after kSlowSearch
  // steps once the budget of the run is used up (search_budget.h).
  Outcome Search(std::string_view text, Match* match) const;
  // Gives up after `steps` steps, which PCRE2 counts: places to which it may come back. The budget
  // of the run does not matter.
  Outcome SearchWithin(uint32_t steps, std::string_view text, Match* match) const;

 private:
  Pcre2Matcher(pcre2_real_code_8* code, int groups) : code_(code), groups_(groups) {}

  pcre2_real_code_8* code_;
  int groups_;
};

}  // namespace wcheck::regex
