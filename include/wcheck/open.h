// Opens what a user names by a path: registries and layouts, with the reader that fits the file's
// name. This is where programs that have files enter the library.
#pragma once

#include <memory>
#include <string>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck {

// The ending of a snapshot's name, with its dot. A file with this ending is read as a snapshot.
inline constexpr std::string_view kSnapshotExtension = ".wcs";

// The registry of a .py file (docs/python-registry.md), of a .json file (docs/registry.schema.json,
// docs/sections.schema.json) or of a snapshot (docs/snapshot.md). Errors: another file name, a file
// that cannot be read or has other contents than its name says. Transforms are not constructed yet:
// one that the engine refuses is not an error.
Result<std::shared_ptr<const Registry>> OpenRegistry(const std::string& path);

// The same for a text in memory whose name ends in .py or .json: an earlier revision of a file, for
// example.
Result<std::shared_ptr<const Registry>> ReadRegistry(std::shared_ptr<const SourceFile> source);

// The layouts of a .jsonl or .jsonl.xz file (docs/layout.schema.json) or of a snapshot. Each class
// is decoded when it is read, so faults inside one are errors of LayoutSource::Read.
Result<std::shared_ptr<const LayoutSource>> OpenLayoutSource(const std::string& path);

}  // namespace wcheck
