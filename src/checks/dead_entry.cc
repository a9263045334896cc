// An entry that no class reaches: docs/checks/dead-entry.md.
#include <algorithm>

#include "checks/check.h"

namespace wcheck::dead_entry {
void Check(const RegistryContext& context, FindingSink* sink) {
  if (!context.all_classes) return;
  const Registry& registry = context.registry.registry();
  for (const auto& [name, entry] : registry.entries) {
    if (name == kLegacyEntry || context.Reached(name)) continue;
    auto alias =
        std::find_if(registry.aliases.begin(), registry.aliases.end(),
                     [&entry_name = name](const Alias& a) { return a.name == entry_name; });
    bool is_alias = alias != registry.aliases.end();
    Finding finding;
    finding.where = is_alias ? alias->where : entry.where;
    // Other models of that name may be somewhere: what is known are the layouts.
    finding.message =
        std::string(is_alias ? "no class of the layouts reaches the alias `"
                             : "no class of the layouts reaches the entry `") +
        name +
        "`: none has this name or model_type, or an entry that is found earlier stands "
        "for it";
    finding.cause = "not-reached";
    finding.subject = name;
    finding.advice =
        "see that the name is spelled as the class or model_type is; if it is, its models are "
        "not among the layouts, and nothing was checked for them";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::dead_entry
