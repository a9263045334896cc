#include "cli/compare_inputs.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/engine_flag.h"
#include "compare/plan_edits.h"
#include "layout/source/source_layouts.h"
#include "project/checkout.h"
#include "project/git_base.h"
#include "project/globs.h"
#include "project/own_mapping.h"
#include "project/inputs.h"
#include "layout/snapshot.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

// A checkout or an installed package means the mapping in it.
Result<std::string> MappingPath(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? FindMapping(path) : Result<std::string>(path);
}

// A file that Python itself could not import cannot be compared.
Status CheckImports(const Registry& registry, const std::string& which) {
  for (const ReaderRemark& remark : registry.remarks) {
    const bool parse = remark.kind == ReaderRemark::Kind::kSyntaxError;
    if (!parse && remark.kind != ReaderRemark::Kind::kRaises) continue;
    return Error{remark.where.place(),
                 "the " + which + " mapping " +
                     (parse ? "does not parse: " : "cannot be imported: ") + remark.message,
                 "nothing can be compared with it"};
  }
  return Unit{};
}

// The classes of both, those of `a` first.
std::vector<std::string_view> NamesOf(const LayoutSource& a, const LayoutSource& b) {
  std::vector<std::string_view> names;
  std::set<std::string_view> known;
  for (const LayoutSource* source : {&a, &b}) {
    for (size_t i = 0; i < source->size(); ++i) {
      if (known.insert(source->class_name(i)).second) names.push_back(source->class_name(i));
    }
  }
  return names;
}

// What an old model's folder defines now and did not.
void AddNewClasses(const std::string& package, const std::string& folder,
                   const std::set<std::string, std::less<>>& then, CompareInputs* inputs) {
  for (const std::string& name : ClassesOfFolder(package, folder)) {
    if (!then.contains(name)) inputs->added_classes.insert(name);
  }
}

// The classes of a new model, and the new ones of an old model, of which only others have a layout.
// (Which of the old ones have none is known.)
void AddNewFolders(const std::string& package, const LayoutSource& layouts, CompareInputs* inputs) {
  if (inputs->old_models.empty()) return;
  for (const std::string& folder : inputs->changed_models) {
    const bool listed =
        std::ranges::count(inputs->without_layout, folder, &ModelFolder::name) > 0;
    if (listed) continue;
    std::vector<std::string> classes = ClassesWithoutLayout(package, folder, layouts);
    if (inputs->old_models.contains(folder)) {
      std::erase_if(classes, [&](auto& name) { return !inputs->added_classes.contains(name); });
    }
    if (!classes.empty()) inputs->without_layout.push_back({folder, std::move(classes)});
  }
}

// Compares a checkout with the bundled layouts. Returns the classes that it does not have.
Result<std::set<std::string>> ReadCoverage(const std::string& package, const std::string& old_path,
                                           CompareInputs* inputs) {
  std::set<std::string> absent;
  const LayoutSource& layouts = *inputs->after.layouts;
  const Snapshot* snapshot = BundledAmong(layouts);
  if (package.empty() || snapshot == nullptr) return absent;
  Result<CheckoutCoverage> coverage = CompareCheckout(package, layouts);
  if (!coverage) return coverage.error();
  for (const size_t i : coverage->absent) absent.emplace(layouts.class_name(i));
  inputs->without_layout = std::move(coverage->folders);
  inputs->layouts_release = snapshot->layouts_release();
  if (old_path.empty()) {
    AddNewFolders(package, layouts, inputs);
    return absent;
  }
  // Two checkouts: what the new one has and the old one has not is what changed.
  const std::string old_package = fs::path(old_path).parent_path().string();
  inputs->old_models = ModelFoldersOf(old_package);
  if (inputs->old_models.empty()) return absent;
  for (const std::string& folder : ModelFoldersOf(package)) {
    const size_t before = inputs->added_classes.size();
    const bool old = inputs->old_models.contains(folder);
    if (old) AddNewClasses(package, folder, ClassesOfFolder(old_package, folder), inputs);
    if (!old || inputs->added_classes.size() > before) inputs->changed_models.insert(folder);
  }
  AddNewFolders(package, layouts, inputs);
  return absent;
}

// The package of the old side: at a revision, or beside a mapping. Null if it has no models.
std::unique_ptr<PackageFiles> OldPackage(const std::string& old_path,
                                         std::optional<GitBase>& git) {
  if (git) return std::move(git->old_package);
  const std::string folder = fs::path(old_path).parent_path().string();
  std::error_code ignored;
  if (old_path.empty() || !fs::is_directory(fs::path(folder) / "models", ignored)) return nullptr;
  return OpenPackage(folder);
}

// The models of a package that an edit of these entries may concern: by the names of the bundled
// classes and their parts, or, of a model that is not bundled, by its own name and its classes.
Result<std::set<std::string, std::less<>>> ModelsOfEntries(
    const std::set<std::string, std::less<>>& entries, PackageFiles* package,
    const Snapshot& bundled) {
  std::set<std::string, std::less<>> folders;
  std::set<std::string, std::less<>> known;
  if (entries.empty()) return folders;
  for (size_t i = 0; i < bundled.size(); ++i) {
    const Result<Layout> layout = bundled.Read(i);
    if (!layout) return layout.error();
    known.insert(layout->source_dir);
    const bool concerned = std::ranges::any_of(layout->modules, [&](const SubModel& module) {
      return entries.contains(module.class_name) || entries.contains(module.model_type);
    });
    if (concerned) folders.insert(layout->source_dir);
  }
  std::set<std::string, std::less<>> names;
  for (std::string name : entries) {
    std::ranges::replace(name, '-', '_');
    names.insert(std::move(name));
  }
  for (const std::string& folder : package->List("transformers/models")) {
    if (known.contains(folder)) continue;
    const std::vector<SourceClass> classes = ClassesOfModel(package, folder);
    const bool concerned =
        names.contains(folder) || std::ranges::any_of(classes, [&](const SourceClass& cls) {
          return entries.contains(cls.name);
        });
    if (concerned) folders.insert(folder);
  }
  return folders;
}

// Each side has the models of its own tree. Only those are built that differ between the sides, or
// whose entries do: for all others the bundled layouts serve both.
Status TakeOwnLayouts(PackageFiles* old_package, PackageFiles* new_package,
                      std::set<std::string, std::less<>> changed, LayoutChoice choice,
                      const std::vector<std::string>& models, CompareInputs* inputs) {
  const auto bundled = std::dynamic_pointer_cast<const Snapshot>(inputs->after.layouts);
  if (bundled == nullptr) return Unit{};
  MixRequest request{choice, models};
  TransformNumbers numbers;
  numbers.Add(*inputs->before.registry);
  numbers.Add(*inputs->after.registry);
  const auto entries =
      DifferentEntries(*inputs->before.registry, *inputs->after.registry, numbers);
  const bool all = choice == LayoutChoice::kSource || entries.contains(kLegacyEntry) ||
                   inputs->before.engine != inputs->after.engine;
  if (!all) {
    Result<std::set<std::string, std::less<>>> concerned =
        ModelsOfEntries(entries, new_package, *bundled);
    if (!concerned) return concerned.error();
    changed.merge(*concerned);
    request.only = std::move(changed);
  }
  const auto after = MixLayouts(new_package, bundled, request);
  if (!after) return after.error();
  if (*after != nullptr) {
    inputs->after.layouts = *after;
    inputs->after.scope.built = (*after)->built();
  }
  const auto before =
      MixOlderLayouts(old_package, bundled, request, new_package, inputs->after.layouts);
  if (!before) return before.error();
  if (*before != nullptr) {
    inputs->before.layouts = *before;
    inputs->before.scope.built = (*before)->built();
  }
  return Unit{};
}

}  // namespace

bool CompareInputs::IsNew(const Layout& layout) const {
  if (old_models.empty() || layout.source_dir.empty()) return false;
  return !old_models.contains(layout.source_dir) ||
         (changed_models.contains(layout.source_dir) && added_classes.contains(layout.class_name));
}

void CompareInputs::NameUnjudged(Comparison* comparison) const {
  if (!all_classes) return;
  std::set<std::string, std::less<>> unreached;
  for (NotJudged& one : comparison->not_judged) {
    if (one.reason != kUnreachedEntry) continue;
    one.advice = kNoLayoutAdvice;
    std::string folder = one.what;
    std::ranges::replace(folder, '-', '_');
    unreached.insert(std::move(folder));
  }
  const auto entry_of = [](const std::string& folder, const std::string& what) {
    std::string entry = what;
    std::ranges::replace(entry, '-', '_');
    return entry == folder;
  };
  std::set<std::string, std::less<>> told;
  if (const auto* mixed = dynamic_cast<const MixedLayouts*>(after.layouts.get())) {
    for (const NotBuilt& one : mixed->not_built()) {
      told.insert(one.why.what);
      const bool relevant = mixed->bundled().Find(one.why.what) ||
                            changed_models.contains(one.folder) ||
                            unreached.contains(one.folder) || unreached.contains(one.why.what);
      if (!relevant) continue;
      std::erase_if(comparison->not_judged, [&](const NotJudged& other) {
        return other.reason == kUnreachedEntry &&
               (entry_of(one.folder, other.what) || other.what == one.why.what);
      });
      comparison->not_judged.push_back(one.why);
    }
  }
  for (const ModelFolder& folder : without_layout) {
    const bool by_entry =
        unreached.contains(folder.name) ||
        std::ranges::any_of(folder.classes, [&](auto& name) { return unreached.contains(name); });
    if (!by_entry && !changed_models.contains(folder.name)) continue;
    for (const std::string& name : folder.classes) {
      if (told.contains(name)) continue;
      comparison->not_judged.push_back({name, std::string(kNoLayoutAmong) + layouts_release,
                                        std::string(kNoLayoutAdvice)});
    }
    std::erase_if(comparison->not_judged, [&](const NotJudged& one) {
      return one.reason == kUnreachedEntry &&
             (entry_of(folder.name, one.what) || std::ranges::count(folder.classes, one.what) > 0);
    });
  }
  SortNotJudged(&comparison->not_judged);
}

CompareFlags::CompareFlags()
    : files_(cl::Positional, cl::desc("[old] [new]"), cl::cat(InputOptions())),
      base_("base", cl::value_desc("revision"), cl::ZeroOrMore,
            cl::desc("Take the old mapping from this git revision; the new one is the given file, "
                     "or that of the checkout. REV... is the merge base of REV and HEAD"),
            cl::cat(InputOptions())),
      models_("model", cl::value_desc("glob"), cl::CommaSeparated,
              cl::desc("Select the classes with this name or glob (repeatable, or with commas; "
                       "default: all)"),
              cl::cat(InputOptions())),
      layouts_(
          "layouts", cl::value_desc("file"), cl::ZeroOrMore,
          cl::desc(
              "Read the models from this .jsonl or .jsonl.xz file. `source` builds all from the "
              "checkout, `bundled` builds none (default: those that are not as in the release)"),
          cl::cat(InputOptions())),
      layouts_old_("layouts-old", cl::value_desc("file"), cl::ZeroOrMore,
                   cl::desc("The models that the old mapping is for, if they changed"),
                   cl::cat(InputOptions())),
      layouts_new_("layouts-new", cl::value_desc("file"), cl::ZeroOrMore,
                   cl::desc("The models that the new mapping is for"), cl::cat(InputOptions())),
      engine_("engine", cl::value_desc("release"), cl::ZeroOrMore,
              cl::desc("Simulate the engine of this transformers release (default: that of the "
                       "release that the new mapping belongs to)"),
              cl::cat(InputOptions())),
      engine_old_("engine-old", cl::value_desc("release"), cl::ZeroOrMore,
                  cl::desc("The engine that runs the old mapping"), cl::cat(InputOptions())),
      engine_new_("engine-new", cl::value_desc("release"), cl::ZeroOrMore,
                  cl::desc("The engine that runs the new mapping"), cl::cat(InputOptions())) {}

Result<const Engine*> CompareFlags::EngineOf(const cl::opt<std::string>& own,
                                             const Configuration& configuration) const {
  for (const cl::opt<std::string>* option : {&own, &engine_}) {
    const std::string& name = option->getValue();
    if (name.empty()) continue;
    if (name == "auto") return static_cast<const Engine*>(nullptr);
    return EngineNamed(option->ArgStr, name);
  }
  const std::string& name = configuration.engine.text;
  if (name.empty() || name == "auto") return static_cast<const Engine*>(nullptr);
  return EngineNamed("engine", name);
}

Result<Project> CompareFlags::FindProject() const {
  if (files_.empty()) return wcheck::FindProject(".");
  const std::string& file = files_[files_.size() - 1];
  std::error_code ignored;
  if (!fs::is_directory(file, ignored)) return ProjectOfFile(file);
  Result<Project> project = wcheck::FindProject(file);
  if (!project || !project->mapping.empty()) return project;
  const Result<std::string> none = FindMapping(file);
  return none ? ProjectOfFile(*none) : Result<Project>(none.error());
}

Result<CompareInputs> CompareFlags::Open(const Project& project) const {
  CompareInputs inputs;
  const Configuration& configuration = project.configuration;
  const Result<const Engine*> old_named = EngineOf(engine_old_, configuration);
  if (!old_named) return old_named.error();
  const Result<const Engine*> new_named = EngineOf(engine_new_, configuration);
  if (!new_named) return new_named.error();

  // Which mappings: two files, a file and an earlier revision, or the bundled one under two
  // engines.
  std::string old_path;
  InputPaths paths;
  std::shared_ptr<const SourceFile> old_text;
  std::optional<GitBase> git;
  if (!base_.empty()) {
    if (files_.size() > 1) {
      return Error{{}, "--base takes the old mapping from git, so give only one file", ""};
    }
    Result<GitBase> base = ReadGitBase(base_, project.mapping);
    if (!base) return base.error();
    old_text = std::move(base->old_file);
    paths.registry = std::move(base->new_path);
    paths.package = project.package;
    inputs.note = std::move(base->note);
    inputs.old_models = std::move(base->old_models);
    inputs.changed_models = std::move(base->changed_models);
    for (const auto& [folder, classes] : base->old_classes) {
      AddNewClasses(paths.package, folder, classes, &inputs);
    }
    git = *std::move(base);
  } else if (files_.size() == 2) {
    Result<std::string> found = MappingPath(files_[0]);
    if (!found) return found.error();
    old_path = std::move(*found);
    paths.registry = project.mapping;
    paths.package = project.package;
  } else if (!files_.empty() || *old_named == *new_named) {
    return Error{{},
                 "there is nothing to compare with",
                 "name two mappings, `wcheck diff OLD NEW`, or a git revision, `wcheck diff --base "
                 "origin/main`"};
  }

  const std::string& all_layouts = layouts_.empty() ? configuration.layouts.text : layouts_;
  const std::string& new_layouts = layouts_new_.empty() ? all_layouts : layouts_new_;
  const std::string& old_layouts = layouts_old_.empty() ? all_layouts : layouts_old_;
  paths.layouts = new_layouts;
  // With two trees, which layouts are built depends on both mappings.
  const std::optional<LayoutChoice> choice = LayoutChoiceOf(new_layouts);
  std::unique_ptr<PackageFiles> old_package = OldPackage(old_path, git);
  const bool own = old_package != nullptr && choice && *choice != LayoutChoice::kBundled &&
                   old_layouts == new_layouts && !paths.package.empty();
  if (own) paths.layouts = kLayoutsBundled;
  paths.models.assign(models_.begin(), models_.end());
  if (paths.models.empty()) paths.models = configuration.models;
  paths.engine = {*new_named, *new_named != nullptr};
  Result<Inputs> after = OpenInputs(paths);
  if (!after) return after.error();
  inputs.after = {after->registry, after->layouts, after->engine, after->scope};

  // The models and the engine are the same unless others are given. Without any mapping it is the
  // library that changes: its mapping, its models and its engine.
  const bool library = paths.registry.empty();
  inputs.before = inputs.after;
  if (*old_named != nullptr) inputs.before.engine = *old_named;
  Result<std::shared_ptr<const Registry>> old_registry = after->registry;
  if (old_layouts != new_layouts || library) {
    InputPaths before_paths = paths;
    before_paths.layouts = old_layouts;
    before_paths.engine = {library ? inputs.before.engine : inputs.after.engine, true};
    Result<Inputs> before = OpenInputs(before_paths);
    if (!before) return before.error();
    inputs.before.layouts = before->layouts;
    inputs.before.scope = before->scope;
    old_registry = before->registry;
  }
  if (old_text != nullptr) {
    inputs.before.scope.mapping = old_text->path();
    old_registry = ReadRegistry(std::move(old_text));
  } else if (!old_path.empty()) {
    inputs.before.scope.mapping = old_path;
    old_registry = OpenRegistry(old_path);
  }
  inputs.before.scope.engine = inputs.before.engine->name;
  if (!old_registry) return old_registry.error();
  if (*old_registry != after->registry) {
    old_registry = WithRelease(*old_registry, "", *inputs.before.engine);
    if (!old_registry) return old_registry.error();
  }
  inputs.before.registry = *old_registry;
  if (Status imports = CheckImports(*inputs.before.registry, "old"); !imports) return imports.error();
  if (Status imports = CheckImports(*inputs.after.registry, "new"); !imports) return imports.error();

  if (own) {
    const std::unique_ptr<PackageFiles> package = OpenPackage(paths.package);
    const std::set<std::string, std::less<>> changed =
        git ? inputs.changed_models : ChangedModels(old_package.get(), package.get());
    const Status taken = TakeOwnLayouts(old_package.get(), package.get(), changed, *choice,
                                        paths.models, &inputs);
    if (!taken) return taken.error();
  }
  Result<std::set<std::string>> absent = ReadCoverage(paths.package, old_path, &inputs);
  if (!absent) return absent.error();
  const std::vector<std::string_view> names =
      NamesOf(*inputs.after.layouts, *inputs.before.layouts);
  const std::vector<std::string>& globs = paths.models;
  const Result<std::vector<bool>> chosen = MatchGlobs("--model", globs, names);
  if (!chosen) return chosen.error();
  for (size_t i = 0; i < names.size(); ++i) {
    const bool there = globs.empty() ? !absent->contains(std::string(names[i])) : (*chosen)[i];
    if (there) inputs.classes.emplace_back(names[i]);
  }
  inputs.all_classes = globs.empty();
  return inputs;
}

}  // namespace wcheck::cli
