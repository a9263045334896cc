// Patterns that are names: most of them.
#pragma once

#include <string>
#include <string_view>

namespace wcheck {

// The name that a pattern matches, without its anchors; empty if it is more than a name.
std::string NameOf(std::string_view pattern);

}  // namespace wcheck
