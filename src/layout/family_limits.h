// Whether the keys of a layout or checkpoint come to as few families as those of a model do.
#pragma once

#include <span>
#include <string>

#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck {

// An Error in `file` if one pattern has more than kMaxFamiliesOfPattern families: their numbers have no
// order, and each question about a key would look at all of them. The families of one pattern share its
// storage, as LayoutBuilder makes them.
Status CheckFamilyCount(std::span<const LayoutFamily> families, const Place& place);

}  // namespace wcheck
