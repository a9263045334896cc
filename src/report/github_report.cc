// Workflow commands, "::error file=…,line=…::message", which GitHub shows as annotations. It shows
// only the first few of a step, so the worst come first.
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report/report.h"

#include "places.h"
#include "printable.h"
#include "wording.h"

namespace wcheck {
namespace {

// The text of a command: what would end its line, and the escape character itself, are escaped.
std::string Data(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// The value of a property ends also at ':' and ','.
std::string Property(std::string_view text) {
  std::string out;
  for (const char c : Data(text)) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

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
  const SourceRange where = finding.place();
  if (HasFile(where)) {
    const Region region = RegionOf(where);
    out << "file=" << Property(Printable(FileName(where, input.folder))) << ",line=" << region.line
        << ",endLine=" << region.end_line << ',';
    // Columns are for ranges on one line only.
    if (region.line == region.end_line) {
      out << "col=" << region.column << ",endColumn=" << region.end_column << ',';
    }
  }
  out << "title=" << Property("wcheck: " + Printable(finding.check))
      << "::" << Data(Message(finding)) << '\n';
}

}  // namespace

void WriteGithubReport(const ReportInput& input, llvm::raw_ostream* out) {
  for (const Finding* finding : WorstFirst(input.judgement.findings)) {
    WriteFinding(input, *finding, *out);
  }
  if (const std::string not_judged = ShowNotJudged(input.judgement); !not_judged.empty()) {
    *out << "::warning title=wcheck::" << Data(not_judged) << '\n';
  }
  // Printed by the log as it is; it does not begin with "::".
  *out << "wcheck: " << CountFindings(input.judgement.findings).ToString() << "; "
       << ShowExtent(input.judgement) << '\n';
}

}  // namespace wcheck
