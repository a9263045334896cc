// Workflow commands, one for each cause; see github_report.cc.
#include <llvm/Support/raw_ostream.h>

#include "report/comparison_report.h"
#include "report/comparison_words.h"
#include "report/github_commands.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

constexpr size_t kMostGithubNames = 6;

std::string_view CommandOf(const ChangeGroup& group) {
  for (const ClassComparison& one : group.classes) {
    if (one.verdict >= Compatibility::kCompatible && !one.allowed) return "error";
  }
  return group.verdict >= Compatibility::kCompatible ? "warning" : "notice";
}

// The place of the change in the new mapping, or no place.
SourceRange PlaceOf(const ChangeGroup& group) {
  for (const TransformEdit& edit : group.edits) {
    if (edit.after) return wcheck::PlaceOf(*edit.after->spec);
  }
  return {};
}

std::string Message(const ChangeGroup& group) {
  std::string text = ShowSentence(group.summary);
  for (const ClassCluster& cluster : ClustersOf(group)) {
    text += '\n' + ShowList(cluster.names, kMostGithubNames);
    for (const std::string& line : ChangeLines(*cluster.example, 1)) text += "\n  " + line;
  }
  return text;
}

}  // namespace

void WriteComparisonGithub(const ComparisonInput& input, llvm::raw_ostream* out) {
  const Comparison& comparison = input.comparison;
  for (const ChangeGroup& group : comparison.groups) {
    const std::string title = "wcheck diff: " + std::string(CompatibilityName(group.verdict)) +
                              " in " + ShowClassesOf(group);
    *out << "::" << CommandOf(group) << ' ' << GithubPlace(PlaceOf(group), input.folder)
         << "title=" << GithubProperty(title) << "::" << GithubData(Message(group)) << '\n';
  }
  for (const Finding* finding : WorstFirst(comparison.new_findings)) {
    const char* command = finding->severity == Severity::kError     ? "error"
                          : finding->severity == Severity::kWarning ? "warning"
                                                                    : "notice";
    *out << "::" << command << ' ' << GithubPlace(finding->place(), input.folder)
         << "title=" << GithubProperty("wcheck diff: new finding")
         << "::" << GithubData(ShowFindingLine(*finding)) << '\n';
  }
  for (const std::string& remark : ComparisonRemarks(input)) {
    *out << "::warning title=wcheck diff::" << GithubData(remark) << '\n';
  }
  // The log prints these as they are; they do not begin with "::".
  *out << "wcheck diff: judged: " << ShowComparedScopes(input.before, input.after) << '\n';
  *out << "wcheck diff: " << ShowVerdicts(comparison) << '\n';
}

}  // namespace wcheck
