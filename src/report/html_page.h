// The frame that all HTML pages share.
#pragma once

#include <string>
#include <string_view>

#include <kainjow/mustache.hpp>

#include "wcheck/report/html.h"

namespace wcheck {

// What a template is filled with. Values of {{name}} are escaped when they are put in.
using HtmlData = kainjow::mustache::data;

// Sets "name" and, for a section that is left out when there is no text, "has_name".
void SetText(HtmlData* data, const std::string& name, const std::string& text);

// Fills the template `body` (a file of src/report/html/) and puts it into the frame. `data` holds
// what both need: "title", and "json" for the page's script. A name that a template asks for and
// that is not set where it stands is looked for further out, so every section sets all of its
// names.
std::string RenderPage(const HtmlRun& run, std::string_view body, HtmlData data);

}  // namespace wcheck
