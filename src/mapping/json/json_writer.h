// Writes a registry as JSON, in the shape that json_reader.h reads: `transformers`, `aliases`, and
// `entries` with the aliases copied out. The output is sorted where the shape has no order of its
// own, so that two equal registries give the same bytes.
#pragma once

#include <string>

#include "wcheck/registry.h"

namespace wcheck {

// With `origins`, every transform whose place is known has an `origin` object: `file`, `line`,
// `column` of the call (1-based, columns in bytes), `sources` and `targets` (a [line, column] pair
// for each pattern) and `provenance` (objects with `what`, `file`, `line`, `column`); a list
// `incomplete` at the top names every incomplete entry. The text ends with a newline.
std::string DumpRegistryJson(const Registry& registry, bool origins);

}  // namespace wcheck
