// A summary for a comment on a pull request: the findings by check, then each finding, folded.
// Hosts refuse comments that are too long, so the report stops before kMarkdownLimit and says what
// it left out; the worst findings come first.
#include <algorithm>
#include <map>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/markdown_text.h"
#include "report/places.h"
#include "report/source_excerpt.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

constexpr size_t kMostChecks = 60;  // more than there are today
constexpr size_t kMostMarkdownRelated = 8;
// Reserved for the sentences at the end, which are much shorter.
constexpr size_t kReportReserve = 2'000;

std::string Heading(const ReportInput& input) {
  const Judgement& judgement = input.judgement;
  std::string extent = ShowExtent(judgement) + ".\n";
  if (const std::string scope = ShowScope(input.scope); !scope.empty()) {
    extent += "\nJudged: " + MarkdownProse(scope) + ".\n";
  }
  if (judgement.findings.empty()) {
    const bool unjudged = input.outcome == Outcome::kNotJudged;
    return (unjudged ? "### wcheck failed: not judged\n\n" : "### wcheck: nothing found\n\n") +
           extent;
  }
  const bool failed = input.outcome != Outcome::kClean;
  return std::string("### wcheck ") + (failed ? "failed" : "passed") + ": " +
         CountFindings(judgement.findings).ToString() + "\n\n" + extent;
}

// A line for each check with findings, in the order of its first, worst finding.
std::string Table(const std::vector<const Finding*>& findings) {
  std::vector<std::string_view> order;
  std::map<std::string_view, SeverityCounts> checks;
  for (const Finding* finding : findings) {
    const auto [check, is_new] = checks.try_emplace(finding->check);
    if (is_new) order.push_back(finding->check);
    check->second.Add(finding->severity);
  }
  std::string out = "\n| check | errors | warnings | notes |\n| --- | ---: | ---: | ---: |\n";
  const size_t shown = std::min(order.size(), kMostChecks);
  for (size_t i = 0; i < shown; ++i) {
    const std::string_view check = order[i];
    const SeverityCounts& counts = checks[check];
    out += "| " + MarkdownCode(ShowName(check)) + " | " + ShowNumber(counts.errors) + " | " +
           ShowNumber(counts.warnings) + " | " + ShowNumber(counts.notes) + " |\n";
  }
  if (shown < order.size()) {
    out +=
        "\n" + ShowCount(order.size() - shown, "more check", "more checks") + " found something.\n";
  }
  return out;
}

std::string MarkdownPlace(const ReportInput& input, const SourceRange& where) {
  return ShowName(FileName(where, input.folder)) + ':' + std::to_string(RegionOf(where).line);
}

// What `code` contains, on the line above it in the report.
void AddBlock(const std::vector<std::string>& lines, std::string* out) {
  if (!lines.empty()) *out += '\n' + MarkdownBlock(lines);
}

std::string Section(const ReportInput& input, const Finding& finding) {
  // The summary is HTML, where Markdown is not parsed.
  std::string out = "\n<details><summary>" + std::string(SeverityName(finding.severity)) + ' ' +
                    HtmlCode(ShowName(finding.check));
  if (finding.transform) out += " by " + HtmlCode(ShowPosition(*finding.transform));
  if (finding.classes.size() == 1) {
    out += " in " + HtmlCode(ShowName(finding.classes.front().class_name));
  } else if (!finding.classes.empty()) {
    out += " in " + ShowCount(finding.classes.size(), "class", "classes");
  }
  out += "</summary>\n\n" + MarkdownProse(ShowSentence(finding.message)) + '\n';
  const SourceRange where = finding.place();
  std::vector<std::string> source;
  if (HasFile(where)) {
    const SourceExcerpt excerpt = ExcerptOf(where);
    std::string mark(excerpt.begin, ' ');
    mark += '^';
    if (excerpt.end > excerpt.begin) mark.append(excerpt.end - excerpt.begin - 1, '~');
    source = {MarkdownPlace(input, where), excerpt.text, mark};
  } else if (finding.transform) {
    source = {ShowTransform(*finding.transform)};
  }
  AddBlock(source, &out);
  if (!finding.classes.empty()) {
    const ClassEvidence& example = finding.classes.front();
    std::vector<std::string> evidence = EvidenceLines(example);
    if (!evidence.empty()) evidence.insert(evidence.begin(), ShowName(example.class_name) + ':');
    if (finding.classes.size() > 1) evidence.push_back(ShowClasses(finding));
    AddBlock(evidence, &out);
  }
  const size_t related = std::min(finding.related.size(), kMostMarkdownRelated);
  for (size_t i = 0; i < related; ++i) {
    out += "\n- " + MarkdownCode(ShowTransform(finding.related[i].transform)) + ": " +
           MarkdownProse(ShowSentence(finding.related[i].message)) + '\n';
  }
  if (related < finding.related.size()) {
    out += "\n- and " +
           ShowCount(finding.related.size() - related, "more transform", "more transforms") + '\n';
  }
  if (!finding.advice.empty()) {
    out += "\n**Help:** " + MarkdownProse(ShowSentence(finding.advice)) + '\n';
  }
  if (finding.fix) {
    out += std::string(finding.fix->safe ? "\n**Fix:** " : "\n**Unsafe fix:** ") +
           MarkdownProse(ShowFix(*finding.fix)) + '\n';
    AddBlock(FixLines(*finding.fix), &out);
  }
  return out + "\n</details>\n";
}

}  // namespace

void WriteMarkdownReport(const ReportInput& input, llvm::raw_ostream* out) {
  const std::vector<const Finding*> findings = WorstFirst(input.judgement.findings);
  std::string text = Heading(input);
  if (!findings.empty()) text += Table(findings);
  // The number of classes that were not judged is given even if the names of the first are long.
  for (const std::string& line : ShowNotJudged(input.judgement.not_judged)) {
    text += '\n' + MarkdownProse(line) + '\n';
  }
  size_t shown = 0;
  for (; shown < findings.size(); ++shown) {
    const std::string section = Section(input, *findings[shown]);
    if (text.size() + section.size() + kReportReserve > kMarkdownLimit) break;
    text += section;
  }
  if (shown < findings.size()) {
    SeverityCounts rest;
    for (size_t i = shown; i < findings.size(); ++i) rest.Add(findings[i]->severity);
    text += "\n" + ShowCount(rest.total(), "more finding", "more findings") + " (" +
            rest.ToString() + ") would make this comment too long.\n";
  }
  *out << text;
}

}  // namespace wcheck
