// Comparisons in words, shared by the reports for people. Everything returned is printable, elided
// and without a line break.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wcheck/compare.h"

#include "report/comparison_report.h"

namespace wcheck {

// The classes of a group with exactly the same changes.
struct ClassCluster {
  std::vector<std::string> names;
  const ClassComparison* example = nullptr;
};
std::vector<ClassCluster> ClustersOf(const ChangeGroup& group);

// What happens to a class: a heading for each kind of change, and below it, indented, its families,
// at most `limit` of each kind. Lines that begin with "- " and "+ " show old and new.
std::vector<std::string> ChangeLines(const ClassComparison& comparison, size_t limit);

// The same in few lines: all kinds in the first one, then one family.
std::vector<std::string> ShortChangeLines(const ClassComparison& comparison);

// How many classes of a group have its verdict: "7 classes", or "1 of 7 classes" if the edit does
// less to the others.
std::string ShowClassesOf(const ChangeGroup& group);

// "WeightRenaming('a' -> 'b') became …" with the positions in both registries.
std::string ShowEdit(const TransformEdit& edit);

// "1,626 classes: 1,600 same, 12 compatible (2 allowed), 14 breaking".
std::string ShowVerdicts(const Comparison& comparison);
// "3 new findings, 1 fixed"; "" if there are none of either.
std::string ShowFindingTotals(const Comparison& comparison);
// What the verdicts mean and how to accept them, and what the comparison does not cover, one
// sentence each: classes that only one side has, classes that could not be judged, entries that no
// class reaches.
std::vector<std::string> ComparisonRemarks(const ComparisonInput& input);

// "new.py of transformers 5.25 against old.py, by the engine of 5.24, with …".
std::string ShowComparedScopes(const Scope& before, const Scope& after);

// "error lost-key by llava[1] in 3 classes: message".
std::string ShowFindingLine(const Finding& finding);

// What a verdict means, for headings.
std::string_view MeaningOf(Compatibility verdict);

}  // namespace wcheck
