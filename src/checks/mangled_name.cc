// A saved name that no model would have: docs/checks/mangled-name.md.
#include <map>
#include <utility>

#include "analysis/leftover.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::mangled_name {
void Check(const ClassContext& context, FindingSink* sink) {
  std::map<std::pair<std::optional<uint32_t>, Leftover>, Finding> found;
  for (LeftoverName& name : LeftoverNames(context.simulation)) {
    // A remaining reference has its own check: lost-backreference.
    if (name.leftover == Leftover::kReference) continue;
    Finding& finding = found[{name.transform, name.leftover}];
    if (finding.message.empty()) {
      finding.cause = name.leftover == Leftover::kEmptyPart ? "empty-part" : "syntax-left";
      if (!name.transform) finding.subject = Numberless(name.key);
      if (name.transform) finding.transform = RefOf(context.simulation.plan, *name.transform);
      finding.message = name.leftover == Leftover::kEmptyPart
                            ? "on save, its names have an empty part"
                            : "on save, pattern syntax is left in its names";
      finding.advice =
          "write a source that is a valid name once `^`, `\\` before a dot and lookarounds are "
          "removed; only `*` means a number";
    }
    AddEvidence(&finding, {std::move(name.key), "is saved as", std::move(name.name), name.count});
  }
  for (auto& [cause, finding] : found) {
    if (cause.first) {
      AddOrExplain(context.round_trip, *cause.first, std::move(finding), sink);
    } else {
      sink->Add(std::move(finding));
    }
  }
}

}  // namespace wcheck::mangled_name
