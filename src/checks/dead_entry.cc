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
    // There may be other models of that name: only the layouts are known.
    finding.message =
        std::string(is_alias ? "no class of the layouts reaches the alias `"
                             : "no class of the layouts reaches the entry `") +
        name +
        "`: no class has this name or model_type, or an entry that is found first takes precedence";
    finding.cause = "not-reached";
    finding.subject = name;
    finding.advice =
        "check the spelling against the class name or model_type; if it is right, no layout of its "
        "models is known, and nothing was checked for them";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::dead_entry
