// What comes with the program: one snapshot file with the registries of the releases and the
// layouts of some of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wcheck/release.h"
#include "wcheck/result.h"

#include "layout/snapshot.h"

namespace wcheck {

class Bundle {
 public:
  // Opens the bundled file. An error if it is missing or damaged.
  static Result<Bundle> Open(const std::string& path);

  // The release of this name ("5.20.2", or "5.20" for what the bundle has of 5.20). An error names
  // the releases that there are.
  Result<std::shared_ptr<const Snapshot>> Named(const std::string& release) const;
  // The release that an engine goes with: the one of the same minor version, else the next older
  // one.
  Result<std::shared_ptr<const Snapshot>> Of(const Engine& engine) const;

 private:
  explicit Bundle(std::shared_ptr<const SnapshotFile> file) : file_(std::move(file)) {}
  Result<std::shared_ptr<const Snapshot>> At(size_t i) const;

  std::shared_ptr<const SnapshotFile> file_;
};

}  // namespace wcheck
