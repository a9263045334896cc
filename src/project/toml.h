// TOML, read into the values that JSON is read into, so that one reader serves both.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "wcheck/result.h"
#include "wcheck/source_file.h"

#include "support/json.h"

namespace wcheck {

// The table at `path` ({"tool", "wcheck"}), with places in `file`; nothing if there is none. Errors:
// not TOML, a date or a time in that table (JSON has none).
Result<std::optional<json::Value>> ReadTomlTable(const SourceFile& file,
                                                 const std::vector<std::string_view>& path);

}  // namespace wcheck
