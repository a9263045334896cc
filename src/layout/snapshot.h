// The bundled snapshot: a registry and the layouts of every class, in one file that is
// memory-mapped and read in place. A class is decoded when it is requested, without touching the
// others. docs/snapshot.md describes the format; `wcheck pack` writes it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

class Snapshot : public LayoutSource {
 public:
  // Maps the file. A file that is not a snapshot, or is truncated, is an error here; damage inside
  // a class is an error of Read.
  static Result<std::unique_ptr<Snapshot>> Open(const std::string& path);

  // The release that the snapshot was made from ("5.16.0.dev0").
  virtual std::string_view release() const = 0;
  // The registry, as the text of a JSON registry.
  virtual std::string_view registry_json() const = 0;
  // The same registry in the form of registry/binary_codec.h, which is faster to read; its places
  // are places of registry_json(). Empty if the snapshot was written without it.
  virtual std::string_view registry_binary() const = 0;
};

// The text of a JSON registry as a snapshot stores it: without white space, one transform per line.
std::string SnapshotRegistryText(std::string_view registry_json);

// Writes a snapshot of `registry_json` (the text of a JSON registry) and `layouts` to `path`,
// replacing it only when complete. Deterministic: the same input gives the same bytes.
// `registry_binary` is the registry that was read from SnapshotRegistryText(registry_json),
// encoded.
Status WriteSnapshot(const std::string& path, std::string_view release,
                     std::string_view registry_json, const LayoutSource& layouts,
                     std::string_view registry_binary = {});

}  // namespace wcheck
