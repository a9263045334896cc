// The findings and the ways of keys as HTML pages, for people in a browser.
//
// Each page is one self-contained file: no network, no other file, no script from elsewhere. A
// content security policy allows its own style sheet and script, by their hashes, and nothing that
// a name could inject. Templates, style sheet and script are in src/report/html/; docs/html.md
// describes the pages for users.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/report.h"

#include "analysis/written.h"
#include "engine/simulation.h"

namespace wcheck {

// What every page of one run shows.
struct HtmlRun {
  const ReportInput& report;
  const Registry& registry;
  const WrittenTransforms& written;
  std::string_view engine;  // the engine's name
};

// The page of one model: its findings, its transform graph, its families with load and save side by
// side. `report` may contain findings about other classes, too; those that neither name this class
// nor blame a transform of its plan are left out. `index`: the file name of the index page to link
// to, "" for none.
std::string HtmlModelPage(const HtmlRun& run, const Simulation& simulation, std::string_view index);

// One line of the index.
struct HtmlClass {
  std::string class_name;
  std::string model_type;
  uint64_t keys = 0;
  size_t families = 0;
  std::string file;  // of its page, in the folder of the index; "" if it has none
};

// The page of a whole run: all findings, and the classes.
std::string HtmlIndexPage(const HtmlRun& run, const std::vector<HtmlClass>& classes);

// File names for the pages of classes: their own names, if those are plain file names, different
// from "index" and from each other on every file system; otherwise "class-12.html".
std::vector<std::string> HtmlFileNames(const std::vector<std::string>& class_names);

// Marks the index of a folder that wcheck wrote, and may overwrite.
std::string_view HtmlGeneratorMark();

}  // namespace wcheck
