// A comment that silences nothing: docs/checks/unused-ignore.md.
#include "checks/check.h"

namespace wcheck::unused_ignore {

void Check(const IgnoreContext& context, FindingSink* sink) {
  for (const IdleIgnore& unused : context.idle) {
    Finding finding;
    finding.where = context.registry.ignores[unused.comment].where;
    if (unused.check.empty()) {
      finding.message = "this comment silences nothing";
    } else if (FindCheck(unused.check) == nullptr) {
      finding.message = "there is no check `" + unused.check + "`";
    } else {
      finding.message = "this comment silences no `" + unused.check + "`";
    }
    finding.advice = "remove it";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::unused_ignore
