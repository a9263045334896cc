#include "fix/fix_run.h"

#include <utility>
#include <vector>

#include "support/file.h"

namespace wcheck {
namespace {

FixVerifier MakeVerifier(const FixInput& input) {
  return {input.registry, input.layouts, input.options, input.reader};
}

Error ChangedMeanwhile(const std::string& path) {
  return {{path, 0, 0, ""},
          "the file has been changed since it was read: nothing was fixed",
          "run the check again"};
}

}  // namespace

bool FixInput::editable() const {
  // The text of a snapshot's registry has a name in angle brackets.
  return !registry.files.empty() && !registry.files.front()->path().starts_with('<');
}

Status OfferFixes(const FixInput& input, Judgement* judgement, size_t max_work) {
  if (!input.editable()) return Unit{};
  FixVerifier verifier = MakeVerifier(input);
  // A trial constructs all transforms, and checks compare those of an entry with each other.
  constexpr size_t kPairsPerTransform = 200;
  size_t trial = 0;
  for (const auto& [name, entry] : input.registry.entries) {
    const size_t size = entry.transforms.size();
    trial += size + size * size / kPairsPerTransform;
  }
  size_t work = 0;
  for (Finding& finding : judgement->findings) {
    if (finding.candidates.empty()) continue;
    work += finding.candidates.size() * trial;
    if (work > max_work) break;
    if (Status offered = verifier.Offer(&finding); !offered) return offered;
  }
  return Unit{};
}

Result<FixSelection> SelectFixesThatHold(const FixInput& input, const Judgement& judgement,
                                         bool unsafe) {
  std::vector<const Finding*> findings;
  for (const Finding& finding : judgement.findings) findings.push_back(&finding);
  FixSelection all = SelectFixes(findings, unsafe);
  FixVerifier verifier = MakeVerifier(input);
  // False too for a registry that cannot be read any more.
  auto holds = [&](const FixSelection& selection) -> Result<bool> {
    for (const Patch& patch : selection.patches) {
      const Result<std::shared_ptr<const Registry>> edited =
          input.reader(std::make_shared<const SourceFile>(patch.file->path(), Patched(patch)));
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

Status ApplyFixes(const FixSelection& selection) {
  for (const Patch& patch : selection.patches) {
    const Result<std::string> now = ReadFile(patch.file->path(), kMaxJsonFile);
    if (!now) return now.error();
    if (*now != patch.file->text()) return ChangedMeanwhile(patch.file->path());
  }
  for (const Patch& patch : selection.patches) {
    if (Status written = WriteFile(patch.file->path(), Patched(patch)); !written) return written;
  }
  return Unit{};
}

}  // namespace wcheck
