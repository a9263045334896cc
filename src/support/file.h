// Reads and writes complete files.
#pragma once

#include <cstdint>
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

// The same for bytes at hand. `path` names them in errors.
Result<std::string> UnpackXz(const std::string& path, std::string_view packed, uint64_t limit);
// `text` as an .xz stream. The same text gives the same bytes.
std::string PackXz(std::string_view text);

// Writes to a temporary file beside `path` and renames it, so that no incomplete file is left.
Status WriteFile(const std::string& path, std::string_view bytes);

}  // namespace wcheck
