#include "cli/baseline_flags.h"

#include <algorithm>

#include "cli/command_line.h"
#include "cli/output.h"
#include "judge/baseline.h"
#include "project/checkout.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr size_t kLinesShown = 20;

std::string Count(size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

void NoteLines(const std::string& message, const std::vector<std::string>& lines) {
  const size_t shown = std::min(lines.size(), kLinesShown);
  std::vector<std::string> some(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < lines.size()) {
    some.push_back("… and " + std::to_string(lines.size() - shown) + " more");
  }
  Note(message, some);
}

bool Runs(std::string_view check, const JudgeOptions& options) {
  return (options.select.empty() || options.select.contains(check)) &&
         !options.ignore.contains(check);
}

}  // namespace

BaselineFlags::BaselineFlags()
    : read_("baseline", cl::value_desc("file"), cl::ZeroOrMore,
            cl::desc("Hide the findings that this file lists, and report which of them are fixed; "
                     "`bundled` stands for what the release's own mapping has"),
            cl::cat(OutputOptions())),
      write_("write-baseline", cl::value_desc("file"), cl::ZeroOrMore,
             cl::desc("Write the findings to this file, for --baseline, instead of reporting them"),
             cl::cat(OutputOptions())) {}

Status BaselineFlags::Write(const Judgement& judgement) const {
  if (Status written = WriteFile(write_, WriteBaseline(judgement.findings)); !written) {
    return written;
  }
  Note(write_ + ": " + Count(judgement.findings.size(), "finding is", "findings are") + " known");
  return Unit{};
}

Status BaselineFlags::Apply(const std::string& configured, bool complete,
                            const JudgeOptions& options,
                            const std::function<Result<Judgement>()>& bundled,
                            Judgement* judgement) const {
  const std::string& path = read_.empty() ? configured : read_;
  if (path.empty()) return Unit{};
  if (path == kBundledBaseline) {
    const Result<Judgement> known = bundled();
    if (!known) return known.error();
    Baseline baseline;
    for (const Finding& finding : known->findings) baseline.lines.insert(finding.identity);
    const BaselineUse use = ApplyBaseline(baseline, &judgement->findings);
    // Nor does the release have layouts of these models.
    for (NotJudged& one : judgement->not_judged) {
      one.known |= one.reason.starts_with(kNoLayoutAmong);
    }
    SortNotJudged(&judgement->not_judged);
    if (use.known == 0) return Unit{};
    Note(Count(use.known, "finding is", "findings are") + " known: the release has " +
         (use.known == 1 ? "it" : "them") + " too");
    return Unit{};
  }
  Result<std::string> text = ReadProjectFile(path, kMaxBaselineFile);
  if (!text) return text.error();
  const SourceFile file(path, std::move(*text));
  const Result<Baseline> baseline = ReadBaseline(file);
  if (!baseline) return baseline.error();
  BaselineUse use = ApplyBaseline(*baseline, &judgement->findings);
  if (use.known > 0) Note(path + ": " + Count(use.known, "finding is known", "findings are known"));
  if (baseline->version != kBaselineVersion) {
    const bool all = complete && options.select.empty() && options.ignore.empty();
    return Renew(path, all, baseline->lines.size(), use);
  }
  std::erase_if(use.fixed,
                [&](const std::string& line) { return !Runs(CheckOfLine(line), options); });
  if (!complete || use.fixed.empty()) return Unit{};
  NoteLines(path + ": " +
                Count(use.fixed.size(), "finding in it is fixed", "findings in it are fixed") +
                " and can be removed (--write-baseline):",
            use.fixed);
  return Unit{};
}

// A baseline of an older version is written anew, once everything that it may know was looked at.
Status BaselineFlags::Renew(const std::string& path, bool all, size_t lines,
                            const BaselineUse& use) {
  const std::string format = path + ": its format is that of an older version of wcheck; ";
  if (!all) {
    Note(format + "a run of all checks on all classes rewrites it");
    return Unit{};
  }
  std::string message = format + std::to_string(use.matched) + " of its " +
                        Count(lines, "line was", "lines were") + " matched and written anew";
  if (Status written = WriteFile(path, WriteBaseline({}, use.identities)); !written) {
    Note(format + "it could not be rewritten: " + written.error().message);
    return Unit{};
  }
  if (use.fixed.empty()) {
    Note(message);
  } else {
    NoteLines(message + ", " + std::to_string(use.fixed.size()) +
                  " could not be: fixed, or not found again, and left out:",
              use.fixed);
  }
  return Unit{};
}

}  // namespace wcheck::cli
