// The fixes of one run: which findings have one, which of them hold together, and how the files
// are changed.
#pragma once

#include "wcheck/judge.h"
#include "wcheck/result.h"

#include "fix/fix_verifier.h"
#include "fix/patch.h"
#include "support/limits.h"

namespace wcheck {

// What was judged, and how its registry was read. The references must outlive what is made of them.
struct FixInput {
  const Registry& registry;
  const LayoutSource& layouts;
  const JudgeOptions& options;
  FixVerifier::Reader reader;

  // False for the registry of a snapshot, which has no file of its own to edit.
  bool editable() const;
};

// Gives the findings the fixes that hold, if the registry can be edited. Ends before the work of
// trying them is more than `max_work`.
Status OfferFixes(const FixInput& input, Judgement* judgement, size_t max_work = kMaxFixWork);

// The offered fixes that go together: each holds by itself, and so must what they make together.
Result<FixSelection> SelectFixesThatHold(const FixInput& input, const Judgement& judgement,
                                         bool unsafe);

// Changes the files: none of them if one has been changed since it was read, and each of them whole
// or not at all.
Status ApplyFixes(const FixSelection& selection);

}  // namespace wcheck
