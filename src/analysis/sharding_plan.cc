#include "analysis/sharding_plan.h"

#include <algorithm>
#include <set>

namespace wcheck {
namespace {

// As the library writes names in plans: `*` for each number.
std::string GenericName(std::string_view pattern) {
  std::string name;
  for (const char c : pattern) name += c == kHole ? '*' : c;
  return name;
}

std::string_view ParentOf(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

// The names that a rule for a parameter may have: its own, its module's, and that of the module above.
std::vector<std::string_view> RuleNames(std::string_view parameter) {
  std::vector<std::string_view> names{parameter};
  for (std::string_view name = ParentOf(parameter); !name.empty() && names.size() < 3;
       name = ParentOf(name)) {
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<UnmatchedRule> UnmatchedRules(const Layout& layout,
                                          std::span<const std::string> names) {
  const std::string prefix =
      layout.base_model_prefix.empty() ? "" : layout.base_model_prefix + '.';
  std::set<std::string, std::less<>> rules;
  for (const std::string& name : names) {
    rules.insert(name);
    if (!prefix.empty()) rules.insert(prefix + name);
  }
  std::set<std::string, std::less<>> used;
  std::set<std::string> uncovered;
  for (const LayoutFamily& family : layout.families) {
    const std::string parameter = GenericName(family.pattern);
    bool covered = false;
    for (const std::string_view name : RuleNames(parameter)) {
      const auto rule = rules.find(name);
      if (rule == rules.end()) continue;
      used.insert(*rule);
      covered = true;
    }
    if (!covered) uncovered.insert(parameter);
  }
  std::vector<UnmatchedRule> unmatched;
  for (const std::string& name : names) {
    if (used.contains(name) || (!prefix.empty() && used.contains(prefix + name))) continue;
    UnmatchedRule& rule = unmatched.emplace_back();
    rule.name = name;
    rule.near = NearestName(name, layout.families);
    const std::string module = std::string(ParentOf(name)) + '.';
    for (const std::string& parameter : uncovered) {
      const bool same = parameter.starts_with(module) ||
                        (!prefix.empty() && parameter.starts_with(prefix + module));
      if (same && module.size() > 1) rule.uncovered.push_back(parameter);
    }
  }
  return unmatched;
}

}  // namespace wcheck
