// Entries that no class with a layout reaches, of a model that is new for example, are still read: what
// their own text shows needs no keys.
#pragma once

#include "checks/check.h"

namespace wcheck {

// For the row lost-backreference: references to groups that the sources do not have, or that the
// engine does not replace.
void CheckUnreachedReferences(const RegistryContext& context, FindingSink* sink);
// For the row reverse-error: reverses that the engine cannot build.
void CheckUnreachedReverses(const RegistryContext& context, FindingSink* sink);
// For the row duplicate-source: two converters with one source.
void CheckUnreachedSources(const RegistryContext& context, FindingSink* sink);
// For the row shadowed-transform: two transforms onto one target, of which a save uses one.
void CheckUnreachedTargets(const RegistryContext& context, FindingSink* sink);

// For the row unused-transform: targets that no key of any class of the release is called.
void CheckUnreachedNames(const RegistryContext& context, FindingSink* sink);

}  // namespace wcheck
