// Opens files for those who want more of them than wcheck/open.h gives.
#pragma once

#include <memory>
#include <string>

#include "wcheck/open.h"

#include "layout/snapshot.h"
#include "sections/sections.h"

namespace wcheck {

// A registry, with what a file of sections brings besides; all others leave it null.
struct RegistryFile {
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const SectionModels> sections;
  std::shared_ptr<const LayoutSource> layouts;
};
Result<RegistryFile> OpenRegistryFile(const std::string& path);

// The registry of an open snapshot. Places in it have a file with the name "<registry of
// transformers RELEASE>".
Result<std::shared_ptr<const Registry>> ReadSnapshotRegistry(const Snapshot& snapshot);

}  // namespace wcheck
