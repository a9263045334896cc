// What a run reads: a registry and layouts, from files that the user names, of the project, or from
// the bundled snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/outcome.h"
#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

#include "layout/snapshot.h"
#include "project/configuration.h"
#include "project/engine_guess.h"
#include "project/mixed_layouts.h"
#include "sections/sections.h"

namespace wcheck {

// The file that comes with the program, relative to the running program: where `cmake --install`
// puts it, or otherwise in ../share/wcheck/, where the build puts it.
std::string BundlePath();

// Which files to read; an empty path means the bundled snapshot of the engine's release.
struct InputPaths {
  std::string registry;             // .json, .py, or a snapshot
  std::string bundled;              // a release of the bundle, or ""
  std::string layouts;              // .jsonl, .jsonl.xz, a snapshot, or "source" or "bundled"
  std::string package;              // the transformers package that the registry is of, or ""
  bool found = false;               // the registry is the project's, and was not named
  EngineChoice engine;              //
  std::vector<std::string> models;  // globs of classes; empty means all
  Configuration configuration;      // of the project
};

// All are immutable, and can be used from every thread.
struct Inputs {
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const LayoutSource> layouts;
  const Engine* engine = &DefaultEngine();
  std::shared_ptr<const SectionModels> sections;  // null for all other dialects
  Scope scope;                                    // what this is, in words
};

// The bundled registry of a release that is named, or, for "", of the one that the engine goes
// with.
Result<std::shared_ptr<const Registry>> OpenBundledRegistry(const std::string& release,
                                                            const Engine& engine);
Result<Inputs> OpenInputs(const InputPaths& paths);

// The indices, ascending, of the classes whose name matches one of `globs` (*, ?, [abc]), or whose
// model_type is one of them; of all classes if there are no globs. A glob that matches nothing is an
// error with the nearest names.
Result<std::vector<size_t>> SelectClasses(const LayoutSource& layouts,
                                          const std::vector<std::string>& globs);

// The layouts of some classes, all read before the first is used: an error in the last one must not
// appear after half of the output.
Result<std::vector<Layout>> ReadLayouts(const LayoutSource& source,
                                        const std::vector<size_t>& classes);

}  // namespace wcheck
