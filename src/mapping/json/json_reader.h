// Reads the JSON dialect of a registry (registry-V.json), by the rules of
// docs/registry.schema.json: `transformers` (the release), `aliases`, and `entries` with the
// aliases already copied out. An alias whose name has no entry copies the entry that it names; an
// alias of something that does not exist is an error.
#pragma once

#include <string>
#include <vector>

#include "wcheck/registry.h"
#include "support/json.h"

namespace wcheck {

// From a parsed JSON object. `file` is kept in Registry::files, since origins point into it.
Result<Registry> ReadJsonRegistry(std::shared_ptr<const SourceFile> file, const json::Value& root);
// From a file's text.
Result<Registry> ReadJsonRegistry(std::shared_ptr<const SourceFile> file);
// A list of transforms only (an entry of a mutant), by the same rules.
Result<std::vector<TransformSpec>> ReadJsonTransforms(const json::Value& list);

}  // namespace wcheck
