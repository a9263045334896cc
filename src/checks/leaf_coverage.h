// Which tensors the leaves of a model reach, in both directions.
#pragma once

#include <string>
#include <vector>

#include "checks/check.h"
#include "sections/sections.h"

namespace wcheck {

// Adds names as evidence, similar ones as one family.
void AddNames(const std::vector<std::string>& names, const std::string& relation,
              const std::string& other, Finding* finding);

}  // namespace wcheck
