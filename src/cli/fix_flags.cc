#include "cli/fix_flags.h"

#include <algorithm>
#include <string>
#include <vector>

#include <llvm/ADT/StringRef.h>

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/output.h"
#include "fix/patch.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

FixInput InputOf(const Inputs& inputs, const JudgeOptions& options) {
  return {*inputs.registry, *inputs.layouts, options, ReadRegistry};
}

std::string Count(size_t n, const std::string& one) {
  return std::to_string(n) + ' ' + one + (n == 1 ? "" : "es");
}

size_t CountUnsafe(const Judgement& judgement) {
  size_t count = 0;
  for (const Finding& finding : judgement.findings) count += finding.fix && !finding.fix->safe;
  return count;
}

void SayWhatIsLeft(const FixSelection& selection, const Judgement& judgement, bool unsafe) {
  for (const Finding* finding : selection.overlap) {
    Say("skipped, because it changes the same text as another fix: " +
        finding->place().place().ToString() + ": " + finding->fix->description + " [" +
        std::string(finding->check) + ']');
  }
  if (!selection.overlap.empty()) Say("run it again to apply the skipped fixes");
  const size_t hidden = unsafe ? 0 : CountUnsafe(judgement);
  if (hidden != 0) {
    Say(Count(hidden, "fix") +
        " more with --unsafe-fixes: what they remove is in no layout, but may be in a " +
        "checkpoint of another config");
  }
}

// Whether every line can be printed as it is.
bool IsHarmless(std::string_view text) {
  for (llvm::StringRef rest(text.data(), text.size()); !rest.empty();) {
    const auto [line, after] = rest.split('\n');
    // Tabs, and the end of a line of Windows, do nothing.
    std::string shown = line.rtrim('\r').str();
    std::replace(shown.begin(), shown.end(), '\t', ' ');
    if (Printable(shown) != shown) return false;
    rest = after;
  }
  return true;
}

}  // namespace

Status OfferFixes(const Inputs& inputs, const JudgeOptions& options, Judgement* judgement) {
  return OfferFixes(InputOf(inputs, options), judgement);
}

FixFlags::FixFlags()
    : fix_("fix", cl::desc("Apply the fixes to the mapping's file, then check it again"),
           cl::cat(OutputOptions())),
      diff_("diff",
            cl::desc("Print what --fix would change as a unified diff, without changing it; status "
                     "1 if there are changes"),
            cl::cat(OutputOptions())),
      unsafe_("unsafe-fixes",
              cl::desc("With --fix or --diff, also remove transforms that no layout needs"),
              cl::cat(OutputOptions())) {}

Status FixFlags::Check() const {
  if (fix_ && diff_) {
    return Error{{}, "--fix changes the file and --diff does not: use one of the two", ""};
  }
  if (unsafe_ && !fix_ && !diff_) {
    return Error{{}, "--unsafe-fixes only works with --fix or --diff", "add one of them"};
  }
  return Unit{};
}

Result<bool> FixFlags::WriteDiff(const Inputs& inputs, const JudgeOptions& options,
                                 const Judgement& judgement, const std::string& out) const {
  const Result<FixSelection> selection =
      SelectFixesThatHold(InputOf(inputs, options), judgement, unsafe_);
  if (!selection) return selection.error();
  std::string text;
  for (const Patch& patch : selection->patches) text += UnifiedDiff(patch, patch.file->path());
  Output output(out);
  // A patch has the lines of the file as they are.
  if (output.standard() && !IsHarmless(text)) {
    return Error{{},
                 "the diff has characters that a terminal or a log would obey",
                 "write it to a file with -o"};
  }
  if (Status written = output.Write(text); !written) return written.error();
  if (Status finished = output.Finish(); !finished) return finished.error();
  Say("would make " + Count(selection->taken.size(), "fix"));
  SayWhatIsLeft(*selection, judgement, unsafe_);
  return !text.empty();
}

Result<bool> FixFlags::Apply(const Inputs& inputs, const JudgeOptions& options,
                             const Judgement& judgement) const {
  if (!InputOf(inputs, options).editable()) {
    return Error{{},
                 "the registry of a snapshot cannot be fixed",
                 "name a .py or .json file, or a checkout with --transformers"};
  }
  const Result<FixSelection> selection =
      SelectFixesThatHold(InputOf(inputs, options), judgement, unsafe_);
  if (!selection) return selection.error();
  if (Status applied = ApplyFixes(*selection); !applied) return applied.error();
  std::string where;
  for (const Patch& patch : selection->patches) where += " in " + patch.file->path();
  Say("made " + Count(selection->taken.size(), "fix") + where);
  SayWhatIsLeft(*selection, judgement, unsafe_);
  return !selection->patches.empty();
}

}  // namespace wcheck::cli
