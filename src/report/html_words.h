// Names as the HTML pages show them.
#pragma once

#include <string>
#include <string_view>

#include "analysis/key_map.h"

namespace wcheck {

// A name as HTML: printable, elided and escaped, with places for line breaks before its dots.
std::string NameHtml(std::string_view name);

// The same, with the beginning and the end that the name shares with `other` greyed out, so that
// the part that a renaming changed is visible.
std::string NameHtml(std::string_view name, std::string_view other);

// A sentence as HTML: text between backquotes is code.
std::string SentenceHtml(std::string_view sentence);

// "32 keys of [8, 4096]", "1 key".
std::string ExtentText(const MapEnd& end);

// The length of a printable text in UTF-16 units, as scripts count.
size_t PrintableUnits(std::string_view text);

// JSON that is safe inside a <script> element.
std::string ScriptJson(std::string_view json);

}  // namespace wcheck
