// A safetensors file with other names: its header is written anew, its data is copied.
#pragma once

#include <map>
#include <string>

#include "wcheck/result.h"

namespace wcheck {

// Writes `from` to `to`, completely or not at all, with the names of `names` for those that it has;
// other names stay. The data is copied as it is, a block at a time. Errors: a file that is not
// safetensors, two tensors of one name, a file that cannot be written.
Status WriteRenamed(const std::string& from, const std::string& to, const std::map<std::string, std::string>& names);

}  // namespace wcheck
