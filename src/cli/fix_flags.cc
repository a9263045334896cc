#include "cli/fix_flags.h"

#include <string>
#include <vector>

#include "fix/patch.h"
#include "cli/command_line.h"
#include "cli/output.h"
#include "wcheck/open.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

FixVerifier MakeVerifier(const Inputs& inputs, const JudgeOptions& options) {
  return {*inputs.registry, *inputs.layouts, options, ReadRegistry};
}

std::string Count(size_t n, const std::string& one) {
  return std::to_string(n) + ' ' + one + (n == 1 ? "" : "es");
}

// The fixes that go together: each holds by itself, and so must what they make together.
Result<FixSelection> Select(const Inputs& inputs, const JudgeOptions& options,
                            const Judgement& judgement, bool unsafe) {
  std::vector<const Finding*> findings;
  for (const Finding& finding : judgement.findings) findings.push_back(&finding);
  FixSelection all = SelectFixes(findings, unsafe);
  FixVerifier verifier = MakeVerifier(inputs, options);
  // False too for a registry that cannot be read any more.
  auto holds = [&](const FixSelection& selection) -> Result<bool> {
    for (const Patch& patch : selection.patches) {
      const Result<std::shared_ptr<const Registry>> edited =
          ReadRegistry(std::make_shared<const SourceFile>(patch.file->path(), Patched(patch)));
      if (!edited) return false;
      const Result<std::string> change = verifier.FirstChange(**edited);
      if (!change) return change.error();
      if (!change->empty()) return false;
    }
    return true;
  };
  const Result<bool> together = holds(all);
  if (!together) return together.error();
  if (*together) return all;
  // One by one, then; what does not go with those before it is left for the next run.
  std::vector<const Finding*> kept;
  FixSelection good;
  for (const Finding* finding : all.taken) {
    kept.push_back(finding);
    FixSelection selection = SelectFixes(kept, unsafe);
    const Result<bool> still = holds(selection);
    if (!still) return still.error();
    if (*still) {
      good = std::move(selection);
    } else {
      kept.pop_back();
      all.overlap.push_back(finding);
    }
  }
  good.overlap = std::move(all.overlap);
  return good;
}

// The registry of a snapshot is a text with a name in angle brackets.
bool IsFile(const Registry& registry) {
  return !registry.files.empty() && !registry.files.front()->path().starts_with('<');
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

Error ChangedMeanwhile(const std::string& path) {
  return {{path, 0, 0, ""},
          "the file has been changed since it was read: nothing was fixed",
          "run the check again"};
}

}  // namespace

Status OfferFixes(const Inputs& inputs, const JudgeOptions& options, Judgement* judgement) {
  // What has no file of its own cannot be edited.
  if (!IsFile(*inputs.registry)) return Unit{};
  FixVerifier verifier = MakeVerifier(inputs, options);
  for (Finding& finding : judgement->findings) {
    if (finding.candidates.empty()) continue;
    if (Status offered = verifier.Offer(&finding); !offered) return offered;
  }
  return Unit{};
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
  const Result<FixSelection> selection = Select(inputs, options, judgement, unsafe_);
  if (!selection) return selection.error();
  std::string text;
  for (const Patch& patch : selection->patches) text += UnifiedDiff(patch, patch.file->path());
  Output output(out);
  if (Status written = output.Write(text); !written) return written.error();
  if (Status finished = output.Finish(); !finished) return finished.error();
  Say("would make " + Count(selection->taken.size(), "fix"));
  SayWhatIsLeft(*selection, judgement, unsafe_);
  return !text.empty();
}

Result<bool> FixFlags::Apply(const Inputs& inputs, const JudgeOptions& options,
                             const Judgement& judgement) const {
  if (!IsFile(*inputs.registry)) {
    return Error{{},
                 "the registry of a snapshot cannot be fixed",
                 "name a .py or .json file, or a checkout with --transformers"};
  }
  const Result<FixSelection> selection = Select(inputs, options, judgement, unsafe_);
  if (!selection) return selection.error();
  for (const Patch& patch : selection->patches) {
    const std::string& path = patch.file->path();
    const Result<std::string> now = ReadFile(path);
    if (!now) return now.error();
    if (*now != patch.file->text()) return ChangedMeanwhile(path);
  }
  for (const Patch& patch : selection->patches) {
    if (Status written = WriteFile(patch.file->path(), Patched(patch)); !written) {
      return written.error();
    }
  }
  std::string where;
  for (const Patch& patch : selection->patches) where += " in " + patch.file->path();
  Say("made " + Count(selection->taken.size(), "fix") + where);
  SayWhatIsLeft(*selection, judgement, unsafe_);
  return !selection->patches.empty();
}

}  // namespace wcheck::cli
