// Literals without which a pattern cannot match: the cheap first test of every text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pattern/syntax_tree.h"

namespace wcheck::regex {

// Some text that a match must contain.
struct RequiredLiteral {
  std::string text;
  bool at_start = false;  // it must be at the start of the searched text
  bool at_end = false;    // it must be at its end, or before a newline there
};

// Literals of which a match needs at least one.
using AnyOf = std::vector<RequiredLiteral>;

// A text can match only if it contains at least one literal of every list in `all_of`; if `all_of`
// is empty nothing is known. The most selective list comes first.
class Prefilter {
 public:
  Prefilter() = default;
  explicit Prefilter(const Tree& tree);

  bool Passes(std::string_view text) const;
  // The same for all keys of a family at once: false only if no key can match, whatever numbers are
  // in the holes of `key_pattern` (wcheck/key_family.h), and, with `cut`, whatever part of the
  // key's start is excluded from the search.
  bool PassesFamily(std::string_view key_pattern, bool cut) const;

  const std::vector<AnyOf>& all_of() const { return all_of_; }

 private:
  std::vector<AnyOf> all_of_;
  std::vector<AnyOf> family_all_of_;  // what is left of it without digits
};

}  // namespace wcheck::regex
