// Findings in words, shared by the reports for people. Everything returned is printable, elided and
// without a line break.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wcheck/judge.h"

namespace wcheck {

inline constexpr size_t kNotJudgedShown = 12;

// The findings about one transform, in their order. Those about no transform form groups of their
// own.
struct FindingGroup {
  const TransformRef* transform = nullptr;
  std::vector<const Finding*> findings;
};
// In the order of the first finding of each.
std::vector<FindingGroup> GroupByTransform(const std::vector<Finding>& findings);

// The findings with the worst first, otherwise in their order.
std::vector<const Finding*> WorstFirst(const std::vector<Finding>& findings);

// "llava[1]".
std::string ShowPosition(const TransformRef& transform);
// "llava[1] WeightRenaming('^language_model' -> 'model.language_model')".
std::string ShowTransform(const TransformRef& transform);

// "in 14 classes: LlavaModel, LlavaNextModel, … and 9 more"; "" if there are none.
std::string ShowClasses(const Finding& finding);

// The label of a fix, "fix" or "unsafe fix", and its description: for an unsafe one, with the
// reason and the option that applies it.
std::string_view FixLabel(const Fix& fix);
std::string ShowFix(const Fix& fix);

// The keys of one class, aligned, one line each; the number of families left out on a line of its
// own.
std::vector<std::string> EvidenceLines(const ClassEvidence& evidence);

// "A, B, C and 9 more".
std::string ShowList(const std::vector<std::string>& names, size_t limit);

// How many findings of each severity there are: "2 errors, 1 warning, 0 notes".
struct SeverityCounts {
  size_t errors = 0;
  size_t warnings = 0;
  size_t notes = 0;

  void Add(Severity severity);
  size_t total() const { return errors + warnings + notes; }
  std::string ToString() const;
};
SeverityCounts CountFindings(const std::vector<Finding>& findings);

// How a route of loading an adapter is called in Python.
std::string ShowRoute(std::string_view route);

// "1,626 classes with 1,041,733 keys judged".
std::string ShowExtent(const Judgement& judgement);
// A line for each reason, with at most `limit` names: "not judged: A, B: no layout; ADVICE".
std::vector<std::string> ShowNotJudged(const std::vector<NotJudged>& list,
                                       size_t limit = kNotJudgedShown);
// "mapping.py of transformers 5.25.0.dev0, by the engine of 5.24 (REASON), with the layouts of …":
// what a report is about. "" for an empty scope.
std::string ShowScope(const Scope& scope);

}  // namespace wcheck
