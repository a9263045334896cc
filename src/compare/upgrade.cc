// An engine that differs from the old one in a single rule is an engine like any other: comparing
// the old engine with it shows what this rule does. So the classes that the upgrade changes are
// compared once for each rule that differs, and nothing has to be known of what a rule is about.
#include "compare/upgrade.h"

#include <algorithm>
#include <set>
#include <utility>

#include "mapping/engine_rules.h"

namespace wcheck {
namespace {

// Everything that the groups of `comparison` say, as one group of one cause.
ChangeGroup JoinGroups(Comparison comparison, std::string cause, std::string summary) {
  ChangeGroup joined;
  joined.cause = std::move(cause);
  joined.summary = std::move(summary);
  for (ChangeGroup& group : comparison.groups) {
    for (ClassComparison& one : group.classes) {
      if (one.verdict == Compatibility::kSame) continue;
      joined.verdict = std::max(joined.verdict, one.verdict);
      joined.classes.push_back(std::move(one));
    }
  }
  std::ranges::sort(joined.classes, [](const ClassComparison& a, const ClassComparison& b) {
    return a.verdict != b.verdict ? a.verdict > b.verdict : a.class_name < b.class_name;
  });
  return joined;
}

// The classes whose verdict is not "same".
std::vector<std::string> Changed(const Comparison& comparison) {
  std::set<std::string> names;
  for (const ChangeGroup& group : comparison.groups) {
    for (const ClassComparison& one : group.classes) {
      if (one.verdict != Compatibility::kSame) names.insert(one.class_name);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace

Result<Comparison> CompareEngines(const CompareSide& before, const Engine& after,
                                  const std::vector<std::string>& classes,
                                  const CompareOptions& options) {
  CompareSide new_side = before;
  new_side.engine = &after;
  Result<Comparison> whole = Compare(before, new_side, classes, options);
  if (!whole) return whole;
  const std::vector<std::string> changed = Changed(*whole);

  CompareOptions quiet = options;
  quiet.judge.progress = nullptr;
  std::vector<ChangeGroup> groups;
  std::set<std::string> explained;
  for (const EngineRule& rule : AllEngineRules()) {
    if (changed.empty() || !rule.differs(*before.engine, after)) continue;
    Engine mixed = *before.engine;
    rule.copy(after, &mixed);
    new_side.engine = &mixed;
    Result<Comparison> by_rule = Compare(before, new_side, changed, quiet);
    if (!by_rule) return by_rule;
    const Engine& since = FirstEngineWith(rule, *before.engine, after);
    ChangeGroup group =
        JoinGroups(*std::move(by_rule), std::string(rule.name),
                   std::string(since.name) + " changed " + std::string(rule.subject) + " (" +
                       std::string(rule.name) + ")");
    if (group.classes.empty()) continue;
    for (const ClassComparison& one : group.classes) explained.insert(one.class_name);
    groups.push_back(std::move(group));
  }
  Comparison rest;
  for (const ChangeGroup& group : whole->groups) {
    ChangeGroup kept = group;
    std::erase_if(kept.classes,
                  [&](const ClassComparison& one) { return explained.contains(one.class_name); });
    rest.groups.push_back(std::move(kept));
  }
  ChangeGroup together = JoinGroups(std::move(rest), "rules-together",
                                    "several rules that changed make a difference together");
  if (!together.classes.empty()) groups.push_back(std::move(together));
  whole->groups = std::move(groups);
  return whole;
}

}  // namespace wcheck
