// A user's own mapping on top of a release's (Registry::extension) is judged alone: the classes that
// its entries apply to, and what is found about these entries.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck {

struct ExtensionClasses {
  std::vector<size_t> classes;  // that look up a name which the extension sets; ascending
  std::set<std::string, std::less<>> unused;  // names that no class looks up
};
// Errors: a layout cannot be read.
Result<ExtensionClasses> ClassesOf(const Extension& extension, const LayoutSource& layouts);

// Leaves only what is about the extension in the findings of all classes that use it.
void KeepExtension(const Registry& registry, Judgement* judgement);

}  // namespace wcheck
