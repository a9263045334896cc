// The order in which an engine visits keys (the rule natural-order).
#pragma once

#include <span>
#include <string_view>

#include "wcheck/layout.h"
#include "wcheck/release.h"

namespace wcheck {

bool KeyLess(std::string_view a, std::string_view b, const EngineRules& rules);

// False if the engine raises when it sorts these keys: it compares a number with a word.
bool CanSort(std::span<const LayoutFamily> families, const EngineRules& rules);

}  // namespace wcheck
