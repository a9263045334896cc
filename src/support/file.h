// Reads and writes complete files.
#pragma once

#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck {

// The bytes of a file. Errors: missing, a directory, not readable, larger than `limit` bytes.
Result<std::string> ReadFile(const std::string& path, uint64_t limit = uint64_t{4} << 30);

// As ReadFile; unpacks the file if its name ends in ".xz" (the limit then applies to the unpacked
// size).
Result<std::string> ReadMaybeCompressed(const std::string& path,
                                        uint64_t limit = uint64_t{4} << 30);

// Writes to a temporary file beside `path` and renames it, so that no incomplete file is left.
Status WriteFile(const std::string& path, std::string_view bytes);

}  // namespace wcheck
