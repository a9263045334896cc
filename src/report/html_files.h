// The templates, the style sheet and the script of the HTML pages, which are embedded in the
// program (cmake/EmbedFiles.cmake).
#pragma once

#include <string_view>

namespace wcheck {

// The text of a file of src/report/html/, by its name there.
std::string_view HtmlFile(std::string_view name);

}  // namespace wcheck
