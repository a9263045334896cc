// Changes that are accepted: by a published checkpoint, or by a file under review.
#include <algorithm>

#include "compare/grouping.h"
#include "wcheck/compare.h"

namespace wcheck {
namespace {

std::string LineOf(const ChangeGroup& group, const ClassComparison& one) {
  return std::string(CompatibilityName(one.verdict)) + '|' + one.class_name + '|' + group.cause;
}

bool Acceptable(const ClassComparison& one) { return one.verdict >= Compatibility::kCompatible; }

size_t* CountOf(Compatibility verdict, Comparison* comparison) {
  switch (verdict) {
    case Compatibility::kSame:
      return &comparison->same;
    case Compatibility::kRepaired:
      return &comparison->repaired;
    case Compatibility::kCompatible:
      return &comparison->compatible;
    case Compatibility::kBreaking:
      break;
  }
  return &comparison->breaking;
}

// Gives a class that changed the verdict of its published names. One that is the same stays so.
void Mark(std::string_view class_name, Compatibility verdict, Comparison* comparison) {
  for (ChangeGroup& group : comparison->groups) {
    for (ClassComparison& one : group.classes) {
      if (one.class_name != class_name || one.verdict == Compatibility::kSame) continue;
      if (one.verdict == verdict) continue;
      --*CountOf(one.verdict, comparison);
      if (one.verdict == Compatibility::kCompatible && one.allowed) --comparison->allowed;
      one.allowed = false;
      ++*CountOf(verdict, comparison);
      one.verdict = verdict;
    }
    std::ranges::stable_sort(group.classes, std::ranges::greater{}, &ClassComparison::verdict);
    if (!group.classes.empty()) group.verdict = group.classes.front().verdict;
  }
  SortGroups(&comparison->groups);
}

}  // namespace

void MarkRepaired(std::string_view class_name, Comparison* comparison) {
  Mark(class_name, Compatibility::kRepaired, comparison);
}

void MarkBreaking(std::string_view class_name, Comparison* comparison) {
  Mark(class_name, Compatibility::kBreaking, comparison);
}

std::set<std::string> AcceptableLines(const Comparison& comparison) {
  std::set<std::string> lines;
  for (const ChangeGroup& group : comparison.groups) {
    for (const ClassComparison& one : group.classes) {
      if (Acceptable(one)) lines.insert(LineOf(group, one));
    }
  }
  for (const Finding& finding : comparison.new_findings) {
    if (finding.severity == Severity::kError) lines.insert(finding.identity);
  }
  return lines;
}

size_t Accept(const std::set<std::string, std::less<>>& lines, Comparison* comparison) {
  std::set<std::string> used;
  for (ChangeGroup& group : comparison->groups) {
    for (ClassComparison& one : group.classes) {
      const std::string line = LineOf(group, one);
      if (!Acceptable(one) || !lines.contains(line)) continue;
      used.insert(line);
      if (one.allowed) continue;
      one.allowed = true;
      ++(one.verdict == Compatibility::kBreaking ? comparison->accepted : comparison->allowed);
    }
  }
  std::erase_if(comparison->new_findings, [&](const Finding& finding) {
    if (!lines.contains(finding.identity)) return false;
    used.insert(finding.identity);
    return true;
  });
  return lines.size() - used.size();
}

}  // namespace wcheck
