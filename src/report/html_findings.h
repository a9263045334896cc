// Findings as the HTML pages show them, by severity and cause.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "html_page.h"

namespace wcheck {

// Fills what the template findings.mustache asks for. `evidence`: the class whose keys are shown,
// "" for the first of each finding. `filter`: what a click on a transform or on the finding
// selects; it becomes the attribute data-f ("3 7", or "0...20").
void AddFindings(const HtmlRun& run, const std::vector<const Finding*>& findings,
                 std::string_view evidence,
                 const std::function<std::string(const Finding&)>& filter, HtmlData* data);

}  // namespace wcheck
