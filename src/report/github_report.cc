// Workflow commands, "::error file=…,line=…::message", which GitHub shows as annotations. It shows
// only the first few of a step, so the worst come first.
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/github_commands.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

std::string_view CommandOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      break;
  }
  return "notice";
}

std::string Message(const Finding& finding) {
  std::string text = ShowSentence(finding.message);
  if (finding.transform) text += '\n' + ShowTransform(*finding.transform);
  if (!finding.classes.empty()) {
    text += '\n' + ShowClasses(finding);
    for (const std::string& line : EvidenceLines(finding.classes.front())) text += "\n  " + line;
  }
  for (const RelatedTransform& related : finding.related) {
    text += "\nnote: " + ShowTransform(related.transform) + ": " + ShowSentence(related.message);
  }
  if (!finding.advice.empty()) text += "\nhelp: " + ShowSentence(finding.advice);
  return text;
}

void WriteFinding(const ReportInput& input, const Finding& finding, llvm::raw_ostream& out) {
  out << "::" << CommandOf(finding.severity) << ' ';
  out << GithubPlace(finding.place(), input.folder);
  out << "title=" << GithubProperty("wcheck: " + Printable(finding.check))
      << "::" << GithubData(Message(finding)) << '\n';
}

}  // namespace

void WriteGithubReport(const ReportInput& input, llvm::raw_ostream* out) {
  for (const Finding* finding : WorstFirst(input.judgement.findings)) {
    WriteFinding(input, *finding, *out);
  }
  const bool fails = input.outcome == Outcome::kNotJudged;
  for (const std::string& line : ShowNotJudged(input.judgement.not_judged)) {
    *out << (fails ? "::error" : "::warning") << " title=wcheck::" << GithubData(line) << '\n';
  }
  // The log prints these as they are; they do not begin with "::".
  if (const std::string scope = ShowScope(input.scope); !scope.empty()) {
    *out << "wcheck: judged: " << scope << '\n';
  }
  *out << "wcheck: " << CountFindings(input.judgement.findings).ToString() << "; "
       << ShowExtent(input.judgement) << '\n';
}

}  // namespace wcheck
