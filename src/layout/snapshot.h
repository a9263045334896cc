// A snapshot: the registries of one or several releases and the layouts of their classes, in one
// file that is memory-mapped and read in place. A class is decoded when it is requested, without
// touching the others; what several releases have in common is stored once. docs/snapshot.md
// describes the format; `wcheck pack` writes it. In this room a registry is only text and bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

// One release of a snapshot file: its layouts, and what its registry is read from.
class Snapshot : public LayoutSource {
 public:
  // Opens the default release of a file: the first one. Errors are those of SnapshotFile.
  static Result<std::unique_ptr<Snapshot>> Open(const std::string& path);

  // The release, in full ("5.24.0").
  virtual std::string_view release() const = 0;
  // The release whose models the layouts are: another one where those of this release were not
  // packed.
  virtual std::string_view layouts_release() const = 0;
  // The registry, as the text of a JSON registry.
  virtual std::string_view registry_json() const = 0;
  // The same registry in the form of mapping/binary_codec.h, which is faster to read; its places
  // are places of registry_json(). Empty if the release was packed without it.
  virtual std::string_view registry_binary() const = 0;
};

class SnapshotFile {
 public:
  virtual ~SnapshotFile() = default;
  // Maps the file. A file that is not a snapshot, or is truncated, is an error here; a damaged
  // registry is one of At, and damage inside a class one of LayoutSource::Read.
  static Result<std::unique_ptr<SnapshotFile>> Open(const std::string& path);

  virtual size_t size() const = 0;                       // releases; at least one
  virtual std::string_view release(size_t i) const = 0;  // as packed: the default one is 0
  // Opens a release. What it gives may outlive this object.
  virtual Result<std::unique_ptr<Snapshot>> At(size_t i) const = 0;
};

// The text of a JSON registry as a snapshot stores it: without white space, one transform per line.
std::string SnapshotRegistryText(std::string_view registry_json);

// What is packed of one release.
struct PackedRelease {
  std::string release;
  std::string registry_json;    // the text of a JSON registry
  std::string registry_binary;  // SnapshotRegistryText(registry_json), read and encoded; or empty
  // The layouts, or null for those of the release `layouts_of`, which comes earlier in the list.
  const LayoutSource* layouts = nullptr;
  size_t layouts_of = 0;
};

// Writes a snapshot to `path`, replacing it only when complete. The first release is the default.
// Registries without a binary form are stored compressed: they are read seldom. The same input
// gives the same bytes.
Status WriteSnapshot(const std::string& path, std::span<const PackedRelease> releases);

}  // namespace wcheck
