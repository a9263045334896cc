// Which tensors the leaves of a model reach, both ways.
#pragma once

#include <string>
#include <vector>

#include "checks/check.h"
#include "mapping/sections/sections.h"

namespace wcheck {

// Tensors that are left out for one reason.
struct Uncovered {
  std::string message;
  SourceRange where;
  std::vector<std::string> names;
  std::string relation;  // what becomes of each, for the evidence
};

// Internal parameters that exporting does not write, or that importing does not fill.
std::vector<Uncovered> ParametersLeftOut(const SectionModel& model);
// Exported keys that importing does not read, or that exporting does not write.
std::vector<Uncovered> ExportedLeftOut(const SectionModel& model);

// One finding for each, with the names as families.
void ReportUncovered(std::vector<Uncovered> uncovered, FindingSink* sink);

// A name with * for its numbers, for causes: they hold for all layers.
std::string Numberless(std::string_view name);

// Adds names as evidence, those alike as one family.
void AddNames(const std::vector<std::string>& names, const std::string& relation,
              const std::string& other, Finding* finding);

}  // namespace wcheck
