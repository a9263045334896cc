// The frame that all HTML pages share.
#pragma once

#include <string>
#include <string_view>

#include <kainjow/mustache.hpp>

namespace wcheck {

// What a template is filled with. Values of {{name}} are escaped when they are put in.
using HtmlData = kainjow::mustache::data;

// Sets "name" and, for a section that is left out when there is no text, "has_name".
void SetText(HtmlData* data, const std::string& name, const std::string& text);

// Fills the template `body` (a file of src/report/html/) and puts it into the frame. `about` is a
// line for its foot. `data` holds what both need: "title", "has_index", and "json" for the page's
// script. A name that a template asks for and
// that is not set where it stands is looked for further out, so every section sets all of its
// names.
std::string RenderPage(std::string_view body, const std::string& about, HtmlData data);

}  // namespace wcheck
