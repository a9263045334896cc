#include "judge/extension.h"

#include <algorithm>
#include <utility>

namespace wcheck {

Result<ExtensionClasses> ClassesOf(const Extension& extension, const LayoutSource& layouts) {
  ExtensionClasses out;
  out.unused = extension.names;
  for (size_t i = 0; i < layouts.size(); ++i) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    bool uses = false;
    for (const SubModel& module : layout->modules) {
      for (const std::string& name : {module.class_name, module.model_type,
                                      module.class_name + std::string(kClassAttribute)}) {
        if (!extension.names.contains(name)) continue;
        uses = true;
        out.unused.erase(name);
      }
    }
    if (uses) out.classes.push_back(i);
  }
  return out;
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
    // The caller says of which names nothing was judged.
    if (finding.cause == "not-reached") return true;
    const bool written = finding.place().file == extension.file.get();
    return !written && (!finding.transform || !entries.contains(finding.transform->entry) ||
                        finding.classes.empty());
  });
}

}  // namespace wcheck
