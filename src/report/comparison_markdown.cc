// A summary for a comment on a pull request: what happens to how many classes, then each cause,
// folded, the worst first. Hosts refuse comments that are too long; see markdown_report.cc.
#include <algorithm>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/comparison_report.h"
#include "report/comparison_words.h"
#include "report/markdown_text.h"
#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

constexpr size_t kMostMarkdownEdits = 8;
constexpr size_t kMostMarkdownClusters = 6;
constexpr size_t kMostMarkdownNames = 12;
constexpr size_t kMostMarkdownFamilies = 3;
constexpr size_t kMostMarkdownFindings = 20;
// Reserved for the sentences at the end, which are much shorter.
constexpr size_t kReserve = 2'000;

std::string Heading(const ComparisonInput& input) {
  const Comparison& comparison = input.comparison;
  const std::string_view end = input.outcome == Outcome::kClean       ? "passed"
                               : input.outcome == Outcome::kNotJudged ? "failed: not judged"
                                                                      : "failed";
  return "### wcheck diff " + std::string(end) + "\n\n" +
         MarkdownProse(ShowVerdicts(comparison)) + ".\n\n" +
         "Judged: " + MarkdownProse(ShowComparedScopes(input.before, input.after)) + ".\n";
}

std::string Section(const ComparisonInput& input, const ChangeGroup& group) {
  // The summary is HTML, where Markdown is not parsed.
  std::string out = "\n<details><summary>" + std::string(CompatibilityName(group.verdict)) +
                    " in " + ShowClassesOf(group) + ": " +
                    HtmlCode(ShowSentence(group.summary)) + "</summary>\n\n";
  std::vector<std::string> edits;
  const size_t shown = std::min(group.edits.size(), kMostMarkdownEdits);
  for (size_t i = 0; i < shown; ++i) {
    const TransformEdit& edit = group.edits[i];
    const SourceRange where = PlaceOf(*(edit.after ? edit.after : edit.before)->spec);
    std::string place;
    if (HasFile(where)) {
      place = ShowName(FileName(where, input.folder)) + ':' + std::to_string(RegionOf(where).line) +
              ": ";
    }
    edits.push_back(place + ShowEdit(edit));
  }
  if (shown < group.edits.size()) {
    edits.push_back("… and " + ShowCount(group.edits.size() - shown, "more edit", "more edits"));
  }
  if (!edits.empty()) out += MarkdownBlock(edits) + '\n';
  const std::vector<ClassCluster> clusters = ClustersOf(group);
  const size_t most = std::min(clusters.size(), kMostMarkdownClusters);
  for (size_t i = 0; i < most; ++i) {
    std::vector<std::string> lines = {ShowList(clusters[i].names, kMostMarkdownNames)};
    for (std::string& line : ChangeLines(*clusters[i].example, kMostMarkdownFamilies)) {
      lines.push_back("  " + std::move(line));
    }
    out += MarkdownBlock(lines) + '\n';
  }
  if (most < clusters.size()) {
    std::vector<std::string> rest;
    for (size_t i = most; i < clusters.size(); ++i) {
      rest.insert(rest.end(), clusters[i].names.begin(), clusters[i].names.end());
    }
    out += MarkdownBlock({"and " + ShowList(rest, kMostMarkdownNames)}) + '\n';
  }
  return out + "</details>\n";
}

std::string Findings(std::string_view title, const std::vector<Finding>& findings) {
  if (findings.empty()) return "";
  std::vector<std::string> lines;
  const std::vector<const Finding*> worst = WorstFirst(findings);
  const size_t shown = std::min(worst.size(), kMostMarkdownFindings);
  for (size_t i = 0; i < shown; ++i) lines.push_back(ShowFindingLine(*worst[i]));
  if (shown < worst.size()) lines.push_back("… and " + ShowNumber(worst.size() - shown) + " more");
  return "\n<details><summary>" +
         ShowCount(findings.size(), std::string(title) + " finding",
                   std::string(title) + " findings") +
         "</summary>\n\n" + MarkdownBlock(lines) + "\n</details>\n";
}

}  // namespace

void WriteComparisonMarkdown(const ComparisonInput& input, llvm::raw_ostream* out) {
  const Comparison& comparison = input.comparison;
  std::string text = Heading(input);
  std::string end =
      Findings("new", comparison.new_findings) + Findings("fixed", comparison.fixed_findings);
  for (const std::string& remark : ComparisonRemarks(input)) {
    end += '\n' + MarkdownProse(remark) + ".\n";
  }
  size_t shown = 0;
  for (; shown < comparison.groups.size(); ++shown) {
    const std::string section = Section(input, comparison.groups[shown]);
    if (text.size() + section.size() + end.size() + kReserve > kMarkdownLimit) break;
    text += section;
  }
  if (shown < comparison.groups.size()) {
    text += '\n' + ShowCount(comparison.groups.size() - shown, "more cause", "more causes") +
            " would make this comment too long.\n";
  }
  *out << text << end;
}

}  // namespace wcheck
