// The report that is a page: `wcheck check --format html`.
#pragma once

#include <string>

#include "project/inputs.h"
#include "wcheck/report.h"

namespace wcheck::cli {

// Whether `-o path` asks for a folder: it ends in '/', or is one.
bool NamesFolder(const std::string& path);

// The page of the one class in `classes`, or the index of several.
Result<std::string> HtmlReport(const Inputs& inputs, const std::vector<size_t>& classes,
                               const Engine& engine, const ReportInput& report);

// A folder with the index and a page for each class, written completely or not at all. An existing
// folder is replaced if it is empty or contains such pages.
Status WriteHtmlFolder(const std::string& path, const Inputs& inputs,
                       const std::vector<size_t>& classes, const Engine& engine,
                       const ReportInput& report);

}  // namespace wcheck::cli
