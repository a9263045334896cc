#include "cli/baseline_flags.h"

#include <algorithm>

#include "cli/command_line.h"
#include "cli/output.h"
#include "judge/baseline.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr size_t kFixedShown = 20;

std::string Count(size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

bool Runs(std::string_view check, const JudgeOptions& options) {
  return (options.select.empty() || options.select.contains(check)) &&
         !options.ignore.contains(check);
}

}  // namespace

BaselineFlags::BaselineFlags()
    : read_("baseline", cl::value_desc("file"), cl::ZeroOrMore,
            cl::desc("Hide the findings that this file lists, and report which of them are fixed"),
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
                            const JudgeOptions& options, Judgement* judgement) const {
  const std::string& path = read_.empty() ? configured : read_;
  if (path.empty()) return Unit{};
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const SourceFile file(path, std::move(*text));
  const Result<Baseline> baseline = ReadBaseline(file);
  if (!baseline) return baseline.error();
  BaselineUse use = ApplyBaseline(*baseline, &judgement->findings);
  if (use.known > 0) Note(path + ": " + Count(use.known, "finding is known", "findings are known"));
  std::erase_if(use.fixed,
                [&](const std::string& cause) { return !Runs(CheckOfCause(cause), options); });
  if (!complete || use.fixed.empty()) return Unit{};
  const std::string message =
      path + ": " + Count(use.fixed.size(), "finding in it is fixed", "findings in it are fixed") +
      " and can be removed (--write-baseline):";
  const size_t shown = std::min(use.fixed.size(), kFixedShown);
  std::vector<std::string> fixed(use.fixed.begin(),
                                 use.fixed.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < use.fixed.size()) {
    fixed.push_back("… and " + std::to_string(use.fixed.size() - shown) + " more");
  }
  Note(message, fixed);
  return Unit{};
}

}  // namespace wcheck::cli
