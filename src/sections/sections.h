// Reads the declarative dialect: sections of declarations that a walker flattens, for the config of
// one model, to leaves (docs/sections.md, docs/sections.schema.json).
//
// A leaf becomes equivalent transforms of a registry, with both sides anchored: importing is
// loading (exported names become internal ones), exporting is saving. So all checks of mappings
// apply to sections, too. Checks that only apply to leaves read a SectionModel.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/registry.h"

#include "mapping/sections/leaf.h"
#include "support/json.h"

namespace wcheck {

// An internal tensor whose shape differs from what importing its leaf gives.
struct LeafMisfit {
  std::string internal;  // its name
  std::vector<int64_t> shape;
  // What the exported tensors give; nothing if they do not fit together.
  std::optional<std::vector<int64_t>> imported;
  std::vector<std::vector<int64_t>> exported;  // their shapes, in the order of the leaf
  SourceRange where;                           // the declaration
};

// One model of the file.
struct SectionModel {
  std::string name;
  std::vector<Leaf> leaves;  // in the order of the walk
  SourceRange where;         // its name in the file
  // The keys of the model, and of a checkpoint of it, without the targets of ties. Absent if the
  // file does not list them; then the leaves define them.
  std::optional<std::vector<std::string>> parameters;
  std::optional<std::vector<std::string>> exported;
  // If both sides are known: the leaves whose shapes do not agree.
  std::vector<LeafMisfit> misfits;
};

// Which leaves a lookup by the first name finds: of two with one name, the later one.
enum class LeafSide : uint8_t { kInternal, kExported };
std::map<std::string_view, const Leaf*> LeavesByFirstName(const SectionModel& model, LeafSide side);

using SectionModels = std::map<std::string, SectionModel, std::less<>>;

struct Sections {
  Registry registry;  // an entry per model, under its name
  SectionModels models;
  std::shared_ptr<const LayoutSource> layouts;  // of the internal parameters, a layout per model
};

// Whether a JSON file is in this dialect: {"dialect": "sections", …}.
bool IsSectionsDialect(const json::Value& root);

// Other files that it names are read, too, relative to its own folder.
Result<Sections> ReadSections(std::shared_ptr<const SourceFile> file, const json::Value& root);

}  // namespace wcheck
