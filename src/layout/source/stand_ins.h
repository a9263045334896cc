// Files of stand_ins/ and releases/, and the recipes of the exporter.
#pragma once

#include <string_view>

namespace wcheck {

std::string_view LayoutSourceFile(std::string_view name);

}  // namespace wcheck
