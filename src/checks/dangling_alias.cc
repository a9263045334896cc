// An alias of an entry that does not exist: docs/checks/dangling-alias.md.
#include "checks/check.h"

namespace wcheck::dangling_alias {
void Check(const RegistryContext& context, FindingSink* sink) {
  const Registry& registry = context.registry.registry();
  for (const Alias& alias : registry.aliases) {
    if (registry.Find(alias.entry) != nullptr) continue;
    Finding finding;
    finding.where = alias.where;
    finding.message =
        "the alias `" + alias.name + "` names `" + alias.entry + "`, but there is no such entry";
    finding.cause = "no-such-entry";
    finding.subject = alias.name + " -> " + alias.entry;
    finding.advice = "name an entry, or remove the alias";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::dangling_alias
