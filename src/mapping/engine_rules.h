// The rules of the engines one by one, so that two engines can be compared rule by rule.
#pragma once

#include <span>
#include <string_view>

#include "wcheck/release.h"

namespace wcheck {

// A column of the table of releases.
struct EngineRule {
  std::string_view name;     // its section of docs/semantics.md: "dollar-kept"
  std::string_view subject;  // what it decides: "whether a `$` at the end of a pattern is kept"
  bool (*differs)(const EngineRules& a, const EngineRules& b);
  void (*copy)(const EngineRules& from, EngineRules* to);
};

// All rules, in the order of EngineRules. Copying each of them makes two engines the same.
std::span<const EngineRule> AllEngineRules();

// Of the released engines between two (`from` excluded, `to` included), in either direction, the
// first in which the rule is what it is in `to`. The rule must differ between `from` and `to`.
const Engine& FirstEngineWith(const EngineRule& rule, const Engine& from, const Engine& to);

}  // namespace wcheck
