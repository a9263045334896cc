// Names as the HTML pages show them.
#pragma once

#include <string>
#include <string_view>

#include "analysis/key_map.h"

namespace wcheck {

// A name as HTML: printable, elided and escaped, with places for line breaks before its dots.
std::string NameHtml(std::string_view name);

// The same, with what the name has in common with `other` at its beginning and its end made quiet:
// the part that a renaming changed stands out.
std::string NameHtml(std::string_view name, std::string_view other);

// A sentence as HTML: what stands between backquotes is code.
std::string SentenceHtml(std::string_view sentence);

// "32 keys of [8, 4096]", "1 key".
std::string ExtentText(const MapEnd& end);

// How many UTF-16 units a text has once it is printable, as scripts count.
size_t PrintableUnits(std::string_view text);

// JSON that can stand in a <script> element.
std::string ScriptJson(std::string_view json);

}  // namespace wcheck
