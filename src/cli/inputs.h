// What the commands read: a registry and layouts, from files that the user names or from the
// bundled snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

#include "cli/engine_flag.h"
#include "layout/snapshot.h"
#include "sections/sections.h"

namespace wcheck::cli {

// The file that comes with the program, relative to the running program: where `cmake --install`
// puts it, or otherwise in ../share/wcheck/, where the build puts it.
std::string BundlePath();

// Which files to read; an empty path means the bundled snapshot of the engine's release.
struct InputPaths {
  std::string registry;  // .json, or .py
  std::string bundled;   // a release of the bundle, or ""
  std::string layouts;   // .jsonl, .jsonl.xz, or a snapshot
  std::string package;   // the transformers package given with --transformers, or ""
  EngineChoice engine;
};

// All are immutable, and can be used from every thread.
struct Inputs {
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const LayoutSource> layouts;
  const Engine* engine = &DefaultEngine();
  std::shared_ptr<const SectionModels> sections;  // null for all other dialects
};

// The bundled registry of a release that is named, or, for "", of the one that the engine goes
// with.
Result<std::shared_ptr<const Registry>> OpenBundledRegistry(const std::string& release,
                                                            const Engine& engine);
// What `engine` leaves to be guessed is reported on standard error.
Result<Inputs> OpenInputs(const InputPaths& paths);

// The indices, ascending, of the classes whose name matches one of `globs` (*, ?, [abc]); of all
// classes if there are no globs. A glob that matches nothing is an error with the nearest names.
Result<std::vector<size_t>> SelectClasses(const LayoutSource& layouts,
                                          const std::vector<std::string>& globs);

// The layouts of some classes, all read before the first is used: an error in the last one must not
// appear after half of the output.
Result<std::vector<Layout>> ReadLayouts(const LayoutSource& source,
                                        const std::vector<size_t>& classes);

// The options that name a mapping: --registry, --transformers, or the file itself.
class RegistryFlags {
 public:
  RegistryFlags();
  // The path, or "" for the bundled one; an error if the options name two.
  Result<std::string> Path() const;
  // The transformers package given with --transformers; "" if there is none.
  std::string package() const;
  // The release that --bundled names; "" if it names none.
  std::string bundled() const { return bundled_; }
  bool given() const;

 private:
  llvm::cl::opt<std::string> registry_;
  llvm::cl::opt<std::string> transformers_;
  llvm::cl::opt<std::string> bundled_;
  llvm::cl::opt<std::string> mapping_;
};

// The options that say what to read, common to most commands.
class InputFlags {
 public:
  InputFlags();
  Result<InputPaths> Paths() const;
  Result<InputPaths> Paths(const EngineFlag& engine) const;
  std::vector<std::string> models() const { return {models_.begin(), models_.end()}; }
  // Whether any of the options was given.
  bool given() const;

 private:
  RegistryFlags registry_;
  llvm::cl::list<std::string> models_;
  llvm::cl::opt<std::string> layouts_;
};

}  // namespace wcheck::cli
