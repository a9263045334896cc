// Findings as the HTML pages show them, by severity and cause.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wcheck/finding.h"

#include "report/html_page.h"

namespace wcheck {

// One list of findings, as the template findings.mustache needs it. `title` heads it, `id` is its
// name in the page. `folder`: see ReportInput. `evidence`: the class whose keys are shown, "" for
// the first of each finding. `filter`: what a click on a transform or on the finding selects; it
// becomes the attribute data-f ("3 7", or "0...20").
struct FindingList {
  std::string id;
  std::string title;
  std::vector<const Finding*> findings;
  std::string_view folder;
  std::string_view evidence;
  std::function<std::string(const Finding&)> filter;
};
HtmlData FindingsData(const FindingList& list);

// What the footer of a page says about a run.
std::string AboutText(std::string_view version, std::string_view engine, std::string_view release);

}  // namespace wcheck
