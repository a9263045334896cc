// Operations in locks that were written before all texts had one spelling of them.
#pragma once

#include <string>
#include <string_view>

namespace wcheck {

// A line of a lock with its operations as they are written today (ShowOperation). A line that has
// none, that has them so already, or that cannot be read, stays as it is.
std::string WithTodaysOperations(std::string_view line);

}  // namespace wcheck
