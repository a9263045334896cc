// What a user adds to the mapping of a release (docs/extensions.md).
#pragma once

#include <memory>
#include <string>

#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

namespace wcheck {

// `registry` with the renamings of a JSON object from sources to targets, as the entry
// kKeyMappingEntry. `given` is the object, if it begins with a brace, or a file with it. Errors: a file
// that cannot be read, or other contents.
Result<std::shared_ptr<const Registry>> WithKeyMapping(const Registry& registry,
                                                       const std::string& given);

// A registry as it is, or, of a user's file that extends one (Registry::extension), the bundled one with
// that. `release` and
// `engine` as for OpenBundledRegistry.
Result<std::shared_ptr<const Registry>> WithRelease(std::shared_ptr<const Registry> registry,
                                                    const std::string& release,
                                                    const Engine& engine);

}  // namespace wcheck
