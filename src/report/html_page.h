// The frame that all HTML pages share.
#pragma once

#include <string>
#include <string_view>

#include <kainjow/mustache.hpp>

namespace wcheck {

// The values for a template. Values of {{name}} are escaped when they are inserted.
using HtmlData = kainjow::mustache::data;

// Sets "name" and, for a section that is omitted if there is no text, "has_name".
void SetText(HtmlData* data, const std::string& name, const std::string& text);

// Renders the template `body` (a file of src/report/html/) inside the frame. `about` is a line for
// the footer. `data` contains what both need: "title", "has_index", and "json" for the page's
// script. A name that is not set in a section is looked up in the enclosing ones, so every section
// sets all of its names.
std::string RenderPage(std::string_view body, const std::string& about, HtmlData data);

}  // namespace wcheck
