// A user's own mapping on top of a release's (Registry::extension) is judged alone: the classes that
// its entries apply to, and what is found about these entries.
#pragma once

#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"

namespace wcheck {

// A class that looks up one of the names that the extension sets.
bool UsesExtension(const Layout& layout, const Extension& extension);

// Leaves only what is about the extension in a judgement of all classes that use it. Names that no
// class uses are added to what was not judged.
void KeepExtension(const Registry& registry, Judgement* judgement);

}  // namespace wcheck
