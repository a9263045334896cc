// Reports of a comparison: what a change does to every model, written in one format.
//
// Each format is one file, src/report/comparison_<name>.cc, with one function that is listed in the
// table of comparison_reports.cc. As for findings (report.h), the output stays well-formed whatever
// the names in it contain. docs/diff.md describes the formats for users.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/compare.h"

namespace llvm {
class raw_ostream;
}

namespace wcheck {

struct ComparisonInput {
  const Comparison& comparison;
  std::string_view version;  // of wcheck
  Scope before{};            // what was compared
  Scope after{};
  Outcome outcome = Outcome::kClean;  // of the run
  bool hints = false;   // say how each verdict is accepted
  bool all = false;     // text: everything, however long; otherwise what fits a screen
  bool color = false;   // text: escape sequences for a terminal
  // See ReportInput.
  std::string_view folder{};
};

// For people. Without `all` it has at most kScreenLines lines: the worst causes in full while there
// is room, then one line each, then their number.
void WriteComparisonText(const ComparisonInput& input, llvm::raw_ostream* out);
inline constexpr size_t kScreenLines = 50;
// For programs, by docs/comparison.schema.json.
void WriteComparisonJson(const ComparisonInput& input, llvm::raw_ostream* out);
// A comment on a pull request, at most kMarkdownLimit (report.h) bytes.
void WriteComparisonMarkdown(const ComparisonInput& input, llvm::raw_ostream* out);
// Workflow commands, which GitHub shows as annotations of a change.
void WriteComparisonGithub(const ComparisonInput& input, llvm::raw_ostream* out);
// A page for people in a browser (docs/html.md).
void WriteComparisonHtml(const ComparisonInput& input, llvm::raw_ostream* out);

struct ComparisonFormat {
  std::string_view name;  // of --format
  void (*write)(const ComparisonInput& input, llvm::raw_ostream* out);
};

// All formats; the first is the default.
std::span<const ComparisonFormat> ComparisonFormats();

}  // namespace wcheck
