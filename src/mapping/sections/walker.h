// Flattens a section, for one config, to leaves.
#pragma once

#include <vector>

#include "mapping/sections/section_set.h"

namespace wcheck::sections {

// `root` is the section of the whole model, `config` its config. Errors are at the declaration that
// does not fit the config, or in the config if that is wrong.
Result<std::vector<Leaf>> Flatten(const SectionSet& sections, const Section& root,
                                  const json::Value& config);

}  // namespace wcheck::sections
