// The pages of docs/checks, which are embedded in the program (cmake/EmbedFiles.cmake).
#pragma once

#include <string_view>

namespace wcheck {

// The page of a check, in Markdown; "" if it has none.
std::string_view CheckPage(std::string_view check);

}  // namespace wcheck
