#include <array>

#include "wcheck/report.h"

namespace wcheck {
namespace {

constexpr std::array<ReportFormat, 7> kFormats{{
    {"text", "for people, with the source line of each finding", WriteTextReport},
    {"concise", "one line a finding, for editors and problem matchers", WriteConciseReport},
    {"json", "for programs (docs/findings.schema.json)", WriteJsonReport},
    {"sarif", "SARIF 2.1.0, for code scanning", WriteSarifReport},
    {"github", "annotations of a GitHub workflow", WriteGithubReport},
    {"junit", "JUnit XML, for CI systems", WriteJunitReport},
    {"markdown", "a comment on a pull request", WriteMarkdownReport},
}};

}  // namespace

std::span<const ReportFormat> ReportFormats() { return kFormats; }

const ReportFormat* FindReportFormat(std::string_view name) {
  for (const ReportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace wcheck
