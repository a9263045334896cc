// An entry that no class reaches: docs/checks/dead-entry.md.
#include <algorithm>
#include <string>
#include <string_view>

#include <llvm/ADT/StringRef.h>

#include "checks/check.h"

namespace wcheck::dead_entry {
namespace {

// The name of a class or model type that differs from the entry's in the fewest letters; empty if
// none is near.
std::string Nearest(const RegistryContext& context, std::string_view entry) {
  // `ernie4_5_moe` for `ernie_4_5_moe`: at most a letter in five.
  unsigned best = std::max<unsigned>(1, static_cast<unsigned>(entry.size() / 5)) + 1;
  std::string nearest;
  for (const std::string& name : context.names) {
    // A name with an entry is found under that.
    if (name.empty() || context.registry.registry().Find(name) != nullptr) continue;
    const unsigned distance = llvm::StringRef(name).edit_distance(
        llvm::StringRef(entry.data(), entry.size()), /*AllowReplacements=*/true, best);
    if (distance >= best) continue;
    best = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace

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
    if (const std::string nearest = Nearest(context, name); !nearest.empty()) {
      finding.advice = "did you mean `" + nearest + "`? " + finding.advice;
    }
    sink->Add(std::move(finding), /*keep_severity=*/ignored);
  }
}

}  // namespace wcheck::dead_entry
