// Whether two runs give keys the same names, though they may take families apart in different ways.
#pragma once

#include <span>

#include "families/symbolic_key.h"

namespace wcheck {

// Whether two names, which need not be written alike, are the same for these members of a family. A
// number that a pattern has torn apart is text in one of them.
bool SameNames(const Name& a, const Name& b, std::span<const IndexSet> members);

}  // namespace wcheck
