// Which tensors the leaves of a model reach, both ways.
#pragma once

#include <string>
#include <vector>

#include "checks/check.h"
#include "sections/sections.h"

namespace wcheck {

// Adds names as evidence, those alike as one family.
void AddNames(const std::vector<std::string>& names, const std::string& relation,
              const std::string& other, Finding* finding);

}  // namespace wcheck
