#include "cli/compare_inputs.h"

#include <filesystem>
#include <set>

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/inputs.h"
#include "project/checkout.h"
#include "project/git_base.h"
#include "project/globs.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

Result<const Engine*> EngineOf(const cl::opt<std::string>& own, const cl::opt<std::string>& both) {
  const cl::opt<std::string>& option = own.empty() ? both : own;
  return EngineNamed(option.ArgStr, option.getValue());
}

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

}  // namespace

CompareFlags::CompareFlags()
    : files_(cl::Positional, cl::desc("[old] [new]"), cl::cat(InputOptions())),
      base_("base", cl::value_desc("revision"), cl::ZeroOrMore,
            cl::desc("Take the old mapping from this git revision; the new one is the given file, "
                     "or that of the checkout. REV... is the merge base of REV and HEAD"),
            cl::cat(InputOptions())),
      models_("model", cl::value_desc("glob"),
              cl::desc("Select the classes with this name or glob (repeatable; default: all)"),
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
              cl::init(std::string(DefaultEngine().name)),
              cl::desc("Simulate the engine of this transformers release"),
              cl::cat(InputOptions())),
      engine_old_("engine-old", cl::value_desc("release"), cl::ZeroOrMore,
                  cl::desc("The engine that runs the old mapping"), cl::cat(InputOptions())),
      engine_new_("engine-new", cl::value_desc("release"), cl::ZeroOrMore,
                  cl::desc("The engine that runs the new mapping"), cl::cat(InputOptions())) {}

Result<CompareInputs> CompareFlags::Open() const {
  CompareInputs inputs;
  const Result<const Engine*> old_engine = EngineOf(engine_old_, engine_);
  if (!old_engine) return old_engine.error();
  const Result<const Engine*> new_engine = EngineOf(engine_new_, engine_);
  if (!new_engine) return new_engine.error();
  inputs.before.engine = *old_engine;
  inputs.after.engine = *new_engine;

  // Which mappings: two files, a file and an earlier revision, or the bundled one under two
  // engines.
  std::string old_path;
  std::string new_path;
  std::shared_ptr<const SourceFile> old_text;
  if (!base_.empty()) {
    if (files_.size() > 1) {
      return Error{{}, "--base takes the old mapping from git, so give only one file", ""};
    }
    Result<GitBase> base = ReadGitBase(base_, files_.empty() ? "" : files_.front());
    if (!base) return base.error();
    old_text = std::move(base->old_file);
    new_path = std::move(base->new_path);
    inputs.note = std::move(base->note);
  } else if (files_.size() == 2) {
    for (const auto& [file, path] :
         {std::pair(files_[0], &old_path), std::pair(files_[1], &new_path)}) {
      Result<std::string> found = MappingPath(file);
      if (!found) return found.error();
      *path = std::move(*found);
    }
  } else if (!files_.empty() || *old_engine == *new_engine) {
    return Error{{},
                 "there is nothing to compare with",
                 "name two mappings, `wcheck diff OLD NEW`, or a git revision, `wcheck diff --base "
                 "origin/main`"};
  }

  const std::string& new_layouts = layouts_new_.empty() ? layouts_ : layouts_new_;
  Result<Inputs> after = OpenInputs({new_path, "", new_layouts, "", {*new_engine, true}});
  if (!after) return after.error();
  inputs.after.registry = after->registry;
  inputs.after.layouts = after->layouts;
  inputs.after.name = new_path.empty() ? std::string((*new_engine)->name) : new_path;

  // The models are the same unless other layouts are given. Without any mapping it is the library
  // that changes: its mapping, its models and its engine.
  const std::string& old_layouts = layouts_old_.empty() ? layouts_ : layouts_old_;
  inputs.before.layouts = inputs.after.layouts;
  Result<std::shared_ptr<const Registry>> old_registry = after->registry;
  if (old_layouts != new_layouts || new_path.empty()) {
    const Engine* engine = new_path.empty() ? *old_engine : *new_engine;
    Result<Inputs> before = OpenInputs({new_path, "", old_layouts, "", {engine, true}});
    if (!before) return before.error();
    inputs.before.layouts = before->layouts;
    old_registry = before->registry;
  }
  if (old_text != nullptr) {
    inputs.before.name = old_text->path();
    old_registry = ReadRegistry(std::move(old_text));
  } else if (!old_path.empty()) {
    inputs.before.name = old_path;
    old_registry = OpenRegistry(old_path);
  } else {
    inputs.before.name = (*old_engine)->name;
  }
  if (!old_registry) return old_registry.error();
  inputs.before.registry = *old_registry;
  if (Status imports = CheckImports(*inputs.before.registry, "old"); !imports) return imports.error();
  if (Status imports = CheckImports(*inputs.after.registry, "new"); !imports) return imports.error();

  const std::vector<std::string_view> names =
      NamesOf(*inputs.after.layouts, *inputs.before.layouts);
  const std::vector<std::string> globs(models_.begin(), models_.end());
  const Result<std::vector<bool>> chosen = MatchGlobs("--model", globs, names);
  if (!chosen) return chosen.error();
  for (size_t i = 0; i < names.size(); ++i) {
    if (globs.empty() || (*chosen)[i]) inputs.classes.emplace_back(names[i]);
  }
  return inputs;
}

}  // namespace wcheck::cli
