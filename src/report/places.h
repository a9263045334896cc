// Places in files, in the terms of the tools that read reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wcheck/source_file.h"

namespace wcheck {

// Lines and columns are 1-based, columns count Unicode characters (code points), and the end is
// after the last character.
struct Region {
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t end_line = 0;
  uint32_t end_column = 0;
};

// Whether a reader can open the place. A text without a file, such as the bundled registry, has a
// name in angle brackets.
bool HasFile(const SourceRange& range);

Region RegionOf(const SourceRange& range);

// The file's name for other tools: relative to `folder` if it is inside it, with '.' and '..'
// resolved.
std::string FileName(const SourceRange& range, std::string_view folder);

// The same as a URI reference (RFC 3986): "a%20b.py", or "file:///a%20b.py" for an absolute name.
std::string FileUri(std::string_view file_name);

}  // namespace wcheck
