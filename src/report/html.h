// The findings and the ways of keys as HTML pages, for people in a browser.
//
// Each page is one file that needs nothing else: no network, no other file, no script from
// elsewhere. A content security policy allows its own style sheet and script, by their hashes, and
// nothing that a name could smuggle in. Templates, style sheet and script are files of
// src/report/html/; docs/html.md describes the pages for users.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/written.h"
#include "engine/simulation.h"
#include "wcheck/report.h"

namespace wcheck {

// What every page of one run says.
struct HtmlRun {
  const ReportInput& report;
  const Registry& registry;
  const WrittenTransforms& written;
  std::string_view engine;  // the profile's name
};

// The page of one model: its findings, its transform graph, its families with the load and the save
// side by side. `report` may hold findings about other classes too; those that neither name this
// class nor blame a transform of its plan are left out. `index`: the file name of the index page to
// link to, "" for none.
std::string HtmlModelPage(const HtmlRun& run, const Simulation& simulation, std::string_view index);

// One line of the index.
struct HtmlClass {
  std::string class_name;
  std::string model_type;
  uint64_t keys = 0;
  size_t families = 0;
  std::string file;  // of its page, beside the index; "" if it has none
};

// The page of a whole run: all findings, and the classes.
std::string HtmlIndexPage(const HtmlRun& run, const std::vector<HtmlClass>& classes);

// Names for the pages of classes: their own names, where those are plain file names, different from
// "index" and from each other on every file system; otherwise "class-12.html".
std::vector<std::string> HtmlFileNames(const std::vector<std::string>& class_names);

// What marks a folder's index as one that wcheck wrote, and may write over.
std::string_view HtmlGeneratorMark();

}  // namespace wcheck
