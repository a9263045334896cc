// Python's format specification mini-language, for the types that a registry file formats.
#pragma once

#include <string>
#include <string_view>

namespace wcheck::python {

struct FormatSpec {
  std::string fill = " ";  // one code point
  char align = 0;          // '<', '>', '^', '='; 0: the type's own
  char sign = '-';
  bool alternate = false;
  size_t width = 0;
  char grouping = 0;
  int precision = -1;
  char type = 0;
};

// False if the specification is not valid, or its width or precision is out of all reason.
bool ParseFormatSpec(std::string_view text, FormatSpec* spec);

// Pads `text` to the width; `align` is the type's own alignment.
std::string Pad(const FormatSpec& spec, const std::string& text, char align);
// False if the type letter does not fit.
bool FormatInteger(const FormatSpec& spec, int64_t value, std::string* out);
bool FormatFloat(const FormatSpec& spec, double value, std::string* out);
bool FormatText(const FormatSpec& spec, const std::string& value, std::string* out);

}  // namespace wcheck::python
