#include "cli/inputs.h"

#include <filesystem>

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/output.h"
#include "project/bundle.h"
#include "project/checkout.h"
#include "project/globs.h"
#include "project/open_files.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
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
  if (!paths.registry.empty()) {
    Result<RegistryFile> file = OpenRegistryFile(paths.registry);
    if (!file) return file.error();
    inputs.registry = std::move(file->registry);
    inputs.sections = std::move(file->sections);
    inputs.layouts = std::move(file->layouts);
    if (inputs.layouts != nullptr && !paths.layouts.empty()) {
      return Error{{paths.registry, 0, 0, ""},
                   "sections specify the layouts of their models themselves",
                   "use \"parameters\" and \"exported\" in the model instead of --layouts"};
    }
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
  if (inputs.engine == nullptr) {
    EngineGuess guess{&DefaultEngine(), "no mapping is given, and the bundled one belongs to it"};
    if (inputs.registry != nullptr) guess = GuessEngine(*inputs.registry, paths.registry);
    inputs.engine = guess.engine;
    Note("--engine auto is " + std::string(guess.engine->name) + ": " + guess.reason);
  }
  if (!paths.layouts.empty()) {
    Result<std::shared_ptr<const LayoutSource>> layouts = OpenLayoutSource(paths.layouts);
    if (!layouts) return layouts.error();
    inputs.layouts = std::move(*layouts);
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
  }
  if (inputs.layouts == nullptr) inputs.layouts = std::move(bundled);
  return inputs;
}

Result<std::vector<size_t>> SelectClasses(const LayoutSource& layouts,
                                          const std::vector<std::string>& globs) {
  std::vector<std::string_view> names;
  names.reserve(layouts.size());
  for (size_t i = 0; i < layouts.size(); ++i) names.push_back(layouts.class_name(i));
  const Result<std::vector<bool>> matched = MatchGlobs("--model", globs, names);
  if (!matched) return matched.error();
  std::vector<size_t> indices;
  for (size_t i = 0; i < layouts.size(); ++i) {
    if (globs.empty() || (*matched)[i]) indices.push_back(i);
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

RegistryFlags::RegistryFlags()
    : registry_("registry", cl::value_desc("file"), cl::ZeroOrMore,
                cl::desc("Read the mapping from this .py or .json file (default: the bundled one)"),
                cl::cat(InputOptions())),
      transformers_("transformers", cl::value_desc("dir"), cl::ZeroOrMore,
                    cl::desc("Read the mapping of this checkout or installed package"),
                    cl::cat(InputOptions())),
      bundled_("bundled", cl::value_desc("release"), cl::ZeroOrMore,
               cl::desc("Read the mapping of this release that comes with wcheck, and its models"),
               cl::cat(InputOptions())),
      mapping_(cl::Positional, cl::desc("[mapping.py]"), cl::cat(InputOptions())) {}

Result<std::string> RegistryFlags::Path() const {
  std::string first;
  for (const cl::opt<std::string>* option : {&registry_, &transformers_, &mapping_, &bundled_}) {
    const std::string& path = option->getValue();
    if (path.empty()) continue;
    if (!first.empty()) {
      return Error{{}, "the mapping is given twice: '" + first + "' and '" + path + "'", ""};
    }
    first = path;
  }
  if (!bundled_.empty()) return std::string();
  return transformers_.empty() ? first : FindMapping(first);
}

std::string RegistryFlags::package() const {
  const Result<std::string> package = FindPackage(transformers_);
  return transformers_.empty() || !package ? "" : *package;
}

bool RegistryFlags::given() const {
  return !registry_.empty() || !transformers_.empty() || !mapping_.empty() || !bundled_.empty();
}

InputFlags::InputFlags()
    : models_("model", cl::value_desc("glob"),
              cl::desc("Select the classes with this name or glob (repeatable; default: all)"),
              cl::cat(InputOptions())),
      layouts_(
          "layouts", cl::value_desc("file"), cl::ZeroOrMore,
          cl::desc(
              "Read the models from this .jsonl or .jsonl.xz file (default: the bundled ones)"),
          cl::cat(InputOptions())) {}

Result<InputPaths> InputFlags::Paths() const {
  Result<std::string> registry = registry_.Path();
  if (!registry) return registry.error();
  return InputPaths{std::move(*registry), registry_.bundled(), layouts_, registry_.package(), {}};
}

Result<InputPaths> InputFlags::Paths(const EngineFlag& engine) const {
  const Result<EngineChoice> choice = engine.Get();
  if (!choice) return choice.error();
  Result<InputPaths> paths = Paths();
  if (paths) paths->engine = *choice;
  return paths;
}

bool InputFlags::given() const {
  return registry_.given() || !models_.empty() || !layouts_.empty();
}

}  // namespace wcheck::cli
