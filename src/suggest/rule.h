// A renaming as a suggestion looks for it: a small part of what patterns can say, matched without
// compiling them. What is suggested in the end is verified by the engine itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wcheck::suggest {

// Source and target as they will be written. A source has escaped dots, `^`, one of `(\d+)` and
// `(.+)` (at its end), and `(?!_)`; a target has `\.`, dots and `\1`.
struct Rule {
  std::string source;
  std::string target;
  friend auto operator<=>(const Rule&, const Rule&) = default;
};

// Renames in one direction.
class RuleMatcher {
 public:
  // The matcher of `rule`, or of its reverse. With `ends_name` a source that ends in a letter or digit
  // does not match where the name goes on.
  RuleMatcher(const Rule& rule, bool reverse, bool ends_name);
  // The key with the first occurrence of what matched replaced; nothing if nothing matches.
  std::optional<std::string> Apply(const std::string& key) const;

 private:
  enum class AtomKind : char { kLiteral, kAny, kDigits, kRest };
  struct Atom {
    AtomKind kind;
    char c = 0;
  };
  struct Found {
    size_t end;
    std::string_view group;
  };
  std::optional<Found> MatchAt(std::string_view key, size_t at) const;

  bool anchored_ = false;
  bool not_underscore_ = false;
  bool ends_name_ = false;
  std::vector<Atom> atoms_;
  // The target: texts, with the group between each two.
  std::vector<std::string> replacement_{""};
};

// A text that every key contains which the source of the rule matches.
std::string LiteralOf(const Rule& rule);
// The same for its reverse.
std::string ReverseLiteralOf(const Rule& rule);

}  // namespace wcheck::suggest
