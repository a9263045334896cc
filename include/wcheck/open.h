// Opens what a user names by a path: registries and layouts, each by the reader that the file's
// name calls for. The entry to the library for programs that have files and want the rest's value
// types.
#pragma once

#include <memory>
#include <string>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck {

// The ending of a snapshot's name, with its dot. What has it is read as a snapshot.
inline constexpr std::string_view kSnapshotExtension = ".wcs";

// The registry of a .py file (docs/python-registry.md), of a .json file (docs/registry.schema.json,
// docs/sections.schema.json) or of a snapshot (docs/snapshot.md). Errors: another name, a file that
// cannot be read or is not what its name says. Transforms are not yet constructed: one that the
// engine refuses is no error.
Result<std::shared_ptr<const Registry>> OpenRegistry(const std::string& path);

// The same for a text at hand whose name ends in .py or .json: a file of another time, say.
Result<std::shared_ptr<const Registry>> ReadRegistry(std::shared_ptr<const SourceFile> source);

// The layouts of a .jsonl or .jsonl.xz file (docs/layout.schema.json) or of a snapshot. Each class
// is decoded when it is read, so faults inside of one are errors of LayoutSource::Read.
Result<std::shared_ptr<const LayoutSource>> OpenLayoutSource(const std::string& path);

}  // namespace wcheck
