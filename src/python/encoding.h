// The encoding of a Python source file (PEP 263).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck::python {

// The text of a source file as UTF-8; nothing if it is `bytes` as they are. Python reads another text
// than the bytes show if a comment in one of the first two lines declares an encoding: latin-1,
// cp1252 and iso-8859-15 are decoded, and others in which ASCII means itself are read if the file is
// ASCII. Errors, at the declaration or the byte: any other encoding, bytes that are wrong in theirs,
// and null bytes, which Python refuses.
Result<std::optional<std::string>> DecodeSource(std::string_view bytes, const std::string& path);

}  // namespace wcheck::python
