// Reports: findings, written in one format.
//
// Each format is one file, src/report/<name>_report.cc, with one function that is listed in the
// table of reports.cc. A report takes findings and nothing else; it does not know how they were
// found. Whatever the names in them contain (control characters, quotes, mark-up, 10,000 letters),
// its output stays well-formed. docs/reports.md describes the formats for users.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/judge.h"

namespace llvm {
class raw_ostream;
}

namespace wcheck {

struct ReportInput {
  const Judgement& judgement;
  std::vector<CheckInfo> checks;  // those that ran, in the order of the table of checks
  std::string_view version;       // of wcheck
  Severity fail_on = Severity::kError;
  Outcome outcome = Outcome::kClean;  // of the run
  Scope scope{};                      // what was judged
  bool color = false;  // text: escape sequences for a terminal
  bool links = false;  // text: the names of checks lead to their pages (OSC 8, on a terminal alone)
  // The absolute path that relative file names start from. The formats that other tools read name
  // files inside it relative to it. Empty: names are written as they are.
  std::string_view folder{};
  // The documentation of a check in Markdown, "" if there is none (CheckPage, check_page.h).
  std::string_view (*page)(std::string_view check) = nullptr;

  // Whether a finding makes the run fail.
  bool Fails(const Finding& finding) const { return finding.severity >= fail_on; }
};

// For people: what is wrong, the line, the keys that prove it, what to do. Notes take one line
// each.
void WriteTextReport(const ReportInput& input, llvm::raw_ostream* out);
// One line a finding, "file:line:column: severity: message [check]".
void WriteConciseReport(const ReportInput& input, llvm::raw_ostream* out);
// For programs, by docs/findings.schema.json.
void WriteJsonReport(const ReportInput& input, llvm::raw_ostream* out);
// SARIF 2.1.0, for code scanning.
void WriteSarifReport(const ReportInput& input, llvm::raw_ostream* out);
// Workflow commands, which GitHub shows as annotations of a change.
void WriteGithubReport(const ReportInput& input, llvm::raw_ostream* out);
// JUnit's XML, as CI systems read it: one suite per check, one test case per class.
void WriteJunitReport(const ReportInput& input, llvm::raw_ostream* out);
// A comment on a pull request, at most kMarkdownLimit bytes.
void WriteMarkdownReport(const ReportInput& input, llvm::raw_ostream* out);
inline constexpr size_t kMarkdownLimit = 60'000;

struct ReportFormat {
  std::string_view name;     // of --format
  std::string_view summary;  // for --help
  void (*write)(const ReportInput& input, llvm::raw_ostream* out);
};

// All formats; the first is the default.
std::span<const ReportFormat> ReportFormats();
const ReportFormat* FindReportFormat(std::string_view name);

}  // namespace wcheck
