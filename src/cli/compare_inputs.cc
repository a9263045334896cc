#include "cli/compare_inputs.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/engine_flag.h"
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
void AddNewFolders(const std::string& package, const Snapshot& layouts, CompareInputs* inputs) {
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
  const auto* snapshot = dynamic_cast<const Snapshot*>(inputs->after.layouts.get());
  if (package.empty() || snapshot == nullptr) return absent;
  Result<CheckoutCoverage> coverage = CompareCheckout(package, *snapshot);
  if (!coverage) return coverage.error();
  for (const size_t i : coverage->absent) absent.emplace(snapshot->class_name(i));
  inputs->without_layout = std::move(coverage->folders);
  inputs->layouts_release = snapshot->layouts_release();
  if (old_path.empty()) {
    AddNewFolders(package, *snapshot, inputs);
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
  AddNewFolders(package, *snapshot, inputs);
  return absent;
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
  for (const ModelFolder& folder : without_layout) {
    const bool by_entry =
        unreached.contains(folder.name) ||
        std::ranges::any_of(folder.classes, [&](auto& name) { return unreached.contains(name); });
    if (!by_entry && !changed_models.contains(folder.name)) continue;
    for (const std::string& name : folder.classes) {
      comparison->not_judged.push_back({name, std::string(kNoLayoutAmong) + layouts_release,
                                        std::string(kNoLayoutAdvice)});
    }
    std::erase_if(comparison->not_judged, [&](const NotJudged& one) {
      std::string entry = one.what;
      std::ranges::replace(entry, '-', '_');
      return one.reason == kUnreachedEntry &&
             (entry == folder.name || std::ranges::count(folder.classes, one.what) > 0);
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
              "Read the models from this .jsonl or .jsonl.xz file (default: the bundled ones)"),
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
  paths.layouts = new_layouts;
  paths.engine = {*new_named, *new_named != nullptr};
  Result<Inputs> after = OpenInputs(paths);
  if (!after) return after.error();
  inputs.after = {after->registry, after->layouts, after->engine, after->scope};

  // The models and the engine are the same unless others are given. Without any mapping it is the
  // library that changes: its mapping, its models and its engine.
  const bool library = paths.registry.empty();
  const std::string& old_layouts = layouts_old_.empty() ? all_layouts : layouts_old_;
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

  Result<std::set<std::string>> absent = ReadCoverage(paths.package, old_path, &inputs);
  if (!absent) return absent.error();
  const std::vector<std::string_view> names =
      NamesOf(*inputs.after.layouts, *inputs.before.layouts);
  std::vector<std::string> globs(models_.begin(), models_.end());
  if (globs.empty()) globs = configuration.models;
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
