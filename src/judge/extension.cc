#include "judge/extension.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace wcheck {

bool UsesExtension(const Layout& layout, const Extension& extension) {
  return std::ranges::any_of(layout.modules, [&](const SubModel& module) {
    return extension.names.contains(module.class_name) ||
           extension.names.contains(module.model_type) ||
           extension.names.contains(module.class_name + std::string(kClassAttribute));
  });
}

// What is found in a copy that the extension's alias makes is written in the release, but true because
// of the alias.
void KeepExtension(const Registry& registry, Judgement* judgement) {
  const Extension& extension = *registry.extension;
  std::set<std::string, std::less<>> entries = extension.names;
  for (const Alias& alias : registry.aliases) {
    if (extension.names.contains(alias.name)) entries.insert(alias.entry);
  }
  std::erase_if(judgement->findings, [&](const Finding& finding) {
    const bool written = finding.place().file == extension.file.get();
    return !written && (!finding.transform || !entries.contains(finding.transform->entry) ||
                        finding.classes.empty());
  });
}

}  // namespace wcheck
