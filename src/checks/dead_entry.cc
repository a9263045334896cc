// An entry that no class reaches: docs/checks/dead-entry.md.
#include <algorithm>

#include "checks/check.h"

namespace wcheck::dead_entry {
void Check(const RegistryContext& context, FindingSink* sink) {
  if (!context.all_classes) return;
  const Registry& registry = context.registry.registry();
  for (const auto& [name, entry] : registry.entries) {
    if (AppliesToAll(name) || context.Reached(name)) continue;
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
    // A user who writes one expects it to have an effect.
    const bool attribute = name.ends_with(kClassAttribute);
    const bool ignored =
        attribute && registry.extension &&
        context.registry.engine().collection != EngineRules::Collection::kRoot;
    if (ignored) {
      finding.severity = Severity::kWarning;
      finding.cause = "attribute-not-read";
      finding.message = "`" + name + "` has no effect: releases from 5.4 on do not read this attribute";
      finding.advice = "call register_checkpoint_conversion_mapping with the name of the class and a "
                       "list of WeightRenaming";
    }
    sink->Add(std::move(finding), /*keep_severity=*/ignored);
  }
}

}  // namespace wcheck::dead_entry
