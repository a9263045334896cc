// One line a finding, as compilers write it: for editors, problem matchers and grep.
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

// "file:12:3"; where no file can be opened, the entry and the place in it.
std::string ConcisePlace(const ReportInput& input, const Finding& finding) {
  const SourceRange where = finding.place();
  if (!HasFile(where)) return finding.transform ? ShowPosition(*finding.transform) : "wcheck";
  const Region region = RegionOf(where);
  return Printable(FileName(where, input.folder)) + ':' + std::to_string(region.line) + ':' +
         std::to_string(region.column);
}

}  // namespace

void WriteConciseReport(const ReportInput& input, llvm::raw_ostream* out) {
  for (const Finding& finding : input.judgement.findings) {
    *out << ConcisePlace(input, finding) << ": " << SeverityName(finding.severity) << ": "
         << ShowSentence(finding.message) << " [" << Printable(finding.check) << "]\n";
  }
  const bool fails = input.outcome == Outcome::kNotJudged;
  for (const std::string& line : ShowNotJudged(input.judgement.not_judged)) {
    *out << "wcheck: " << (fails ? "error" : "warning") << ": " << line << '\n';
  }
  *out << "wcheck: " << CountFindings(input.judgement.findings).ToString() << "; "
       << ShowExtent(input.judgement) << '\n';
}

}  // namespace wcheck
