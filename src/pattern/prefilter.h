// Literals without which a pattern cannot match: the cheap first look at every text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax_tree.h"

namespace wcheck::regex {

// Some text that a match must contain.
struct RequiredLiteral {
  std::string text;
  bool at_start = false;  // it must stand at the start of the searched text
  bool at_end = false;    // it must stand at its end, or before a newline there
};

// A text can match only if one of `any_of` is in it; if `any_of` is empty nothing is known.
class Prefilter {
 public:
  Prefilter() = default;
  explicit Prefilter(const Tree& tree);

  bool Passes(std::string_view text) const;
  const std::vector<RequiredLiteral>& any_of() const { return any_of_; }

 private:
  std::vector<RequiredLiteral> any_of_;
};

}  // namespace wcheck::regex
