#include "project/inputs.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "wcheck/open.h"

#include "project/bundle.h"
#include "project/globs.h"
#include "project/open_files.h"
#include "project/own_mapping.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

Result<Bundle> OpenBundle() {
  const std::string path = BundlePath();
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return Error{{path, 0, 0, ""},
                 "the bundled snapshot is missing",
                 "give the input with --registry and --layouts"};
  }
  return Bundle::Open(path);
}

// What the bundle has of a release that is named, or else of the one that the engine goes with.
Result<std::shared_ptr<const Snapshot>> OpenBundled(const std::string& release,
                                                    const Engine& engine) {
  const Result<Bundle> bundle = OpenBundle();
  if (!bundle) return bundle.error();
  return release.empty() ? bundle->Of(engine) : bundle->Named(release);
}

// Tries the globs again, those that name no class as model types. False, and `chosen` stays, if one
// is neither. Every layout has to be read for that, so it comes second.
Result<bool> AddModelTypes(const LayoutSource& layouts, const std::vector<std::string>& globs,
                           Result<std::vector<bool>>* chosen) {
  std::vector<std::string_view> names;
  std::map<std::string, std::vector<size_t>, std::less<>> by_type;
  for (size_t i = 0; i < layouts.size(); ++i) {
    names.push_back(layouts.class_name(i));
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    by_type[layout->model_type].push_back(i);
  }
  std::vector<bool> all(layouts.size(), false);
  for (const std::string& glob : globs) {
    const auto type = by_type.find(glob);
    if (type != by_type.end()) {
      for (const size_t i : type->second) all[i] = true;
      continue;
    }
    const Result<std::vector<bool>> matched = MatchGlobs("--model", {glob}, names);
    if (!matched) return false;
    for (size_t i = 0; i < all.size(); ++i) {
      if ((*matched)[i]) all[i] = true;
    }
  }
  *chosen = std::move(all);
  return true;
}

// Why a class that a glob names has no layout, if it was to be built from source.
std::optional<Error> WhyNotBuilt(const LayoutSource& layouts,
                                 const std::vector<std::string>& globs) {
  const auto* mixed = dynamic_cast<const MixedLayouts*>(&layouts);
  if (mixed == nullptr) return std::nullopt;
  for (const NotBuilt& one : mixed->not_built()) {
    if (std::ranges::count(globs, one.why.what) == 0) continue;
    return Error{{}, one.why.what + ": " + one.why.reason, one.why.advice};
  }
  return std::nullopt;
}

// The bundled layouts, with those of the package's own classes that they do not describe.
Status TakeFromSource(const InputPaths& paths, LayoutChoice choice,
                      const std::shared_ptr<const Snapshot>& bundled, Inputs* inputs) {
  inputs->layouts = bundled;
  if (paths.package.empty()) {
    if (choice != LayoutChoice::kSource) return Unit{};
    return Error{{},
                 "the mapping belongs to no package whose models could be built from source",
                 "name the checkout with --transformers, or a file of layouts with --layouts"};
  }
  const std::unique_ptr<PackageFiles> package = OpenPackage(paths.package);
  const auto mixed = MixLayouts(package.get(), bundled, {choice, paths.models});
  if (!mixed) return mixed.error();
  if (*mixed == nullptr) return Unit{};
  inputs->layouts = *mixed;
  inputs->scope.built = (*mixed)->built();
  return Unit{};
}

}  // namespace

std::string BundlePath() {
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  const std::string name = "bundled" + std::string(kSnapshotExtension);
  // Where it was installed, and where it was built.
  fs::path path;
  for (const char* data : {WCHECK_DATA_FROM_PROGRAM, "../share/wcheck"}) {
    path = (folder / data / name).lexically_normal();
    if (fs::exists(path, ignored)) break;
  }
  return path;
}

Result<std::shared_ptr<const Registry>> OpenBundledRegistry(const std::string& release,
                                                            const Engine& engine) {
  Result<std::shared_ptr<const Snapshot>> snapshot = OpenBundled(release, engine);
  if (!snapshot) return snapshot.error();
  return ReadSnapshotRegistry(**snapshot);
}

Result<Inputs> OpenInputs(const InputPaths& paths) {
  Inputs inputs;
  Scope& scope = inputs.scope;
  if (!paths.registry.empty()) {
    Result<RegistryFile> file = OpenRegistryFile(paths.registry);
    if (!file) return file.error();
    inputs.registry = std::move(file->registry);
    inputs.sections = std::move(file->sections);
    inputs.layouts = std::move(file->layouts);
    if (inputs.layouts != nullptr && !LayoutChoiceOf(paths.layouts)) {
      return Error{{paths.registry, 0, 0, ""},
                   "sections specify the layouts of their models themselves",
                   "use \"parameters\" and \"exported\" in the model instead of --layouts"};
    }
    scope.mapping = inputs.registry->files.empty() ? paths.registry
                                                   : inputs.registry->files.front()->path();
    scope.layouts = "its own models";
  }
  inputs.engine = paths.engine.engine;
  std::shared_ptr<const Snapshot> bundled;
  if (!paths.bundled.empty()) {
    Result<std::shared_ptr<const Snapshot>> named = OpenBundled(paths.bundled, DefaultEngine());
    if (!named) return named.error();
    bundled = *std::move(named);
    // The mapping of a release is run by its own engine, unless another one is named.
    const std::optional<Version> version = ParseVersion(bundled->release());
    if (!paths.engine.given && version) inputs.engine = EngineOfVersion(*version);
  }
  if (inputs.registry != nullptr) {
    EngineGuess guess = GuessEngine(*inputs.registry, paths.registry);
    scope.release = std::move(guess.release);
    if (inputs.engine == nullptr) {
      inputs.engine = guess.engine;
      scope.engine_reason = std::move(guess.reason);
    }
  }
  if (inputs.engine == nullptr) inputs.engine = &DefaultEngine();
  scope.engine = inputs.engine->name;
  if (inputs.registry != nullptr) {
    Result<std::shared_ptr<const Registry>> whole =
        WithRelease(std::move(inputs.registry), paths.bundled, *inputs.engine);
    if (!whole) return whole.error();
    inputs.registry = *std::move(whole);
  }
  const std::optional<LayoutChoice> choice = LayoutChoiceOf(paths.layouts);
  if (!choice) {
    Result<std::shared_ptr<const LayoutSource>> layouts = OpenLayoutSource(paths.layouts);
    if (!layouts) return layouts.error();
    inputs.layouts = std::move(*layouts);
    scope.layouts = "the layouts of " + paths.layouts;
  }
  if (inputs.registry != nullptr && inputs.layouts != nullptr) return inputs;

  // Inputs that are not given come from the same snapshot.
  if (bundled == nullptr) {
    Result<std::shared_ptr<const Snapshot>> found = OpenBundled("", *inputs.engine);
    if (!found) return found.error();
    bundled = *std::move(found);
  }
  if (inputs.registry == nullptr) {
    Result<std::shared_ptr<const Registry>> registry = ReadSnapshotRegistry(*bundled);
    if (!registry) return registry.error();
    inputs.registry = std::move(*registry);
    scope.mapping = "the bundled mapping";
    scope.release = bundled->release();
  }
  if (inputs.layouts == nullptr) {
    scope.layouts = "the bundled layouts of " + std::string(bundled->layouts_release());
    if (Status mixed = TakeFromSource(paths, *choice, bundled, &inputs); !mixed) {
      return mixed.error();
    }
  }
  return inputs;
}

Result<std::vector<size_t>> SelectClasses(const LayoutSource& layouts,
                                          const std::vector<std::string>& globs) {
  std::vector<std::string_view> names;
  names.reserve(layouts.size());
  for (size_t i = 0; i < layouts.size(); ++i) names.push_back(layouts.class_name(i));
  Result<std::vector<bool>> chosen = MatchGlobs("--model", globs, names);
  if (!chosen) {
    Result<bool> types = AddModelTypes(layouts, globs, &chosen);
    if (!types) return types.error();
    if (!*types) {
      if (std::optional<Error> why = WhyNotBuilt(layouts, globs)) return *why;
      return chosen.error();
    }
  }
  std::vector<size_t> indices;
  for (size_t i = 0; i < layouts.size(); ++i) {
    if (globs.empty() || (*chosen)[i]) indices.push_back(i);
  }
  return indices;
}

Result<std::vector<Layout>> ReadLayouts(const LayoutSource& source,
                                        const std::vector<size_t>& classes) {
  std::vector<Layout> layouts;
  layouts.reserve(classes.size());
  for (size_t i : classes) {
    Result<Layout> layout = source.Read(i);
    if (!layout) return layout.error();
    layouts.push_back(std::move(*layout));
  }
  return layouts;
}

}  // namespace wcheck
