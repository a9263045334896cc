// Renamings, in order, that turn names into other names, and back in the reverse order.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "suggest/rule.h"

namespace wcheck::suggest {

// A name of a checkpoint and the name that it is to get. Numbers are StandIn()s.
struct Rewrite {
  std::string from;
  std::string to;
  friend auto operator<=>(const Rewrite&, const Rewrite&) = default;
};

// What stands for the n-th number of a family while renamings are looked for.
std::string StandIn(size_t n);
bool IsStandIn(const std::string& token);

struct RewriteRules {
  std::vector<Rule> rules;
  std::vector<Rewrite> unsolved;  // `from` is how far it came
};

// Looks for rules one after the other. A rule is taken only if it brings every name that it changes
// nearer to its goal, and if its reverse brings all of them back; both under engines with and without
// the name boundary. Of these it takes the one that brings most. The same input gives the same rules.
RewriteRules FindRules(const std::vector<Rewrite>& rewrites);

// Whether all names come to their goals without rule `left_out`, and back.
bool Solves(const std::vector<Rule>& rules, size_t left_out, const std::vector<Rewrite>& rewrites);

// How many parts have to be inserted or removed to turn one name into the other.
size_t NameDistance(const std::string& a, const std::string& b);

}  // namespace wcheck::suggest
