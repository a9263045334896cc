// How PEFT compares names: Python's re over the names of modules, and the ends of names.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pattern/pattern.h"

namespace wcheck {

// Patterns by their text, each compiled once. A text that Python's re refuses never matches, and is
// remembered in error().
class NamePatterns {
 public:
  // re.fullmatch(pattern, name).
  bool FullMatch(const std::string& pattern, std::string_view name);
  // re.match(pattern, name), for a pattern that begins with what may stand before.
  bool MatchAtStart(const std::string& pattern, std::string_view name);
  // What group 1 of re.match(pattern, name) matched.
  std::optional<std::string> FirstGroup(const std::string& pattern, std::string_view name);
  // The first pattern that Python's re refused, with the reason.
  const std::optional<std::string>& error() const { return error_; }

 private:
  const Pattern* Get(const std::string& text);
  std::map<std::string, std::optional<Pattern>, std::less<>> compiled_;
  std::optional<std::string> error_;
};

// NAME or anything.NAME.
bool IsOrEndsWithPart(std::string_view name, std::string_view end);

// PEFT's get_pattern_key: the number of the first pattern that matches a name, or `otherwise`.
double ByPattern(NamePatterns* patterns, std::span<const std::pair<std::string, double>> numbers, std::string_view name,
                 double otherwise);

}  // namespace wcheck
