#include "cli/check_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "cli/engine_flag.h"
#include "cli/fix_flags.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "compare/engine_findings.h"
#include "engine/simulation.h"
#include "judge/collector.h"
#include "judge/extension.h"
#include "layout/snapshot.h"
#include "project/checkout.h"
#include "project/open_files.h"
#include "project/own_mapping.h"
#include "project/published_names.h"

namespace wcheck::cli {
namespace {

// What comes with the program for this run: the mapping of the same release, and how the layouts of
// the run compare with its own.
struct Library {
  enum class Layouts : uint8_t { kOwn, kPart, kOther };
  std::shared_ptr<const Registry> registry;
  Layouts layouts = Layouts::kOther;
};

// Which classes of the layouts the user's checkout has, and which of its classes have no layout.
// Layouts that are not a snapshot are the user's own choice, and are not compared.
Result<CheckoutCoverage> CoverageOf(const InputPaths& paths, const Inputs& inputs) {
  if (paths.package.empty() || BundledAmong(*inputs.layouts) == nullptr) return CheckoutCoverage{};
  return CompareCheckout(paths.package, *inputs.layouts);
}

void AddNoLayout(const CheckoutCoverage& coverage, const LayoutSource& layouts,
                 Judgement* judgement) {
  std::set<std::string_view> told;
  if (const auto* mixed = dynamic_cast<const MixedLayouts*>(&layouts)) {
    for (const NotBuilt& one : mixed->not_built()) {
      told.insert(one.why.what);
      judgement->not_judged.push_back(one.why);
    }
  }
  const Snapshot* bundled = BundledAmong(layouts);
  for (const ModelFolder& folder : coverage.folders) {
    for (const std::string& name : folder.classes) {
      if (told.contains(name)) continue;
      judgement->not_judged.push_back(
          {name, std::string(kNoLayoutAmong) + std::string(bundled->layouts_release()),
           std::string(kNoLayoutAdvice)});
    }
  }
}

// Entries that no class reaches are of three kinds. Layouts of a part of the library say nothing
// about its other entries. The library's own layouts do, but not about an entry of the user's that
// names none of their models: it was not judged. All others are dead.
Status SortUnreached(const Inputs& inputs, const Library& library, Judgement* judgement) {
  const auto forget = [&](const std::string& entry) {
    std::erase_if(judgement->findings, [&](const Finding& finding) {
      return finding.check == "dead-entry" && finding.subject == entry;
    });
  };
  std::optional<std::set<std::string, std::less<>>> models;
  for (const std::string& entry : judgement->unreached) {
    const bool known = library.registry->Find(entry) != nullptr;
    if (known && library.layouts == Library::Layouts::kPart) forget(entry);
    if (known || library.layouts != Library::Layouts::kOwn) continue;
    if (!models) {
      Result<std::set<std::string, std::less<>>> names = NamesOfModels(*inputs.layouts);
      if (!names) return names.error();
      models = *std::move(names);
    }
    if (models->contains(entry)) continue;
    forget(entry);
    judgement->not_judged.push_back(
        {entry, "no class with a layout uses this entry", std::string(kNoLayoutAdvice)});
  }
  return Unit{};
}

Library LibraryOf(const Inputs& inputs) {
  Library library{std::make_shared<const Registry>(), Library::Layouts::kOther};
  if (const Snapshot* own = BundledAmong(*inputs.layouts)) {
    Result<std::shared_ptr<const Registry>> registry = ReadSnapshotRegistry(*own);
    if (registry) library = {*std::move(registry), Library::Layouts::kOwn};
    return library;
  }
  InputPaths paths;
  paths.engine = {inputs.engine, true};
  // Without the bundled file, which a program may do without, nothing is known of the library.
  Result<Inputs> bundled = OpenInputs(paths);
  if (!bundled) return library;
  const bool part = inputs.layouts->size() < bundled->layouts->size() / 2;
  return {std::move(bundled->registry), part ? Library::Layouts::kPart : Library::Layouts::kOther};
}

// An adapter that selects nothing would make its checks pass silently.
Status CheckTouches(const AdapterConfig& adapter, const Checked& checked, const std::string& path) {
  const LayoutSource& layouts = *checked.inputs.layouts;
  for (size_t i : checked.classes) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    if (TouchesAny(adapter, layout->families)) return Unit{};
  }
  // An adapter that was trained before the model was renamed only selects modules of checkpoints.
  const CompiledRegistry registry(*checked.inputs.registry, *checked.inputs.engine);
  for (size_t i : checked.classes) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    const Simulation simulation = Simulate(*layout, registry, {});
    if (TouchesAny(adapter, simulation.checkpoint)) return Unit{};
  }
  return Error{
      {path, 0, 0, ""}, "it selects no module of any judged model", "give its model with --model"};
}

Status ReadAdapter(const std::string& path, Checked* checked) {
  Result<AdapterConfig> adapter = ReadAdapterConfig(path);
  if (!adapter) return adapter.error();
  checked->adapter = std::move(*adapter);
  return CheckTouches(*checked->adapter, *checked, path);
}

// Judges the classes by the other engines, too, that the project supports.
Status CompareSupportedEngines(const CheckRequest& request, const Checked& checked,
                               JudgeOptions* options) {
  const Result<std::vector<const Engine*>> engines = SupportedEngines(request.paths.configuration);
  if (!engines) return engines.error();
  const bool chosen = std::ranges::any_of(
      ChosenChecks(*options), [](const Check* check) { return check->info.name == kEngineCheck; });
  if (engines->empty() || !chosen) return Unit{};
  const Inputs& inputs = checked.inputs;
  std::vector<std::string> classes;
  for (size_t i : checked.classes) classes.emplace_back(inputs.layouts->class_name(i));
  Result<std::vector<Finding>> findings = EngineFindings(
      {inputs.registry.get(), inputs.layouts.get(), inputs.engine}, *engines, classes, *options);
  if (!findings) return findings.error();
  options->made[std::string(kEngineCheck)] = *std::move(findings);
  return Unit{};
}

// Some entry of the mapping is for the class, or a part of it.
bool HasOwnEntry(const Layout& layout, const CompiledRegistry& registry) {
  const Plan plan = CollectPlan(layout, registry);
  return !std::ranges::all_of(plan.hits, [](const Plan::Hit& hit) { return AppliesToAll(hit.entry); });
}

// The classes that are asked for, that the mapping renames keys of, and of which no list is known. Nobody wants
// to hear of those that are as in a release, unless they ask for the check.
Result<std::vector<Finding>> GapsOf(const CheckRequest& request, const Inputs& inputs,
                                    const std::vector<size_t>& classes, const PublishedNames& names) {
  std::vector<Finding> gaps;
  if (request.paths.models.empty()) return gaps;
  const LayoutSource& layouts = *inputs.layouts;
  const CompiledRegistry registry(*inputs.registry, *inputs.engine);
  const bool all = request.options.select.contains(kPublishedGap);
  for (size_t i : classes) {
    const bool built = std::ranges::any_of(inputs.scope.built, [&](const BuiltLayout& one) {
      return one.class_name == layouts.class_name(i);
    });
    if ((!built && !all) || names.Has(layouts.class_name(i))) continue;
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    if (!HasOwnEntry(*layout, registry)) continue;
    gaps.push_back(PublishedGap(layout->class_name));
  }
  return gaps;
}

// Judges the mapping of `inputs` by what is published of the classes. `package` has their source, or is "".
Status ComparePublished(const CheckRequest& request, const Inputs& inputs, const std::vector<size_t>& classes,
                        const std::string& package, JudgeOptions* options,
                        std::vector<NotJudged>* not_judged) {
  const std::vector<const Check*> checks = ChosenChecks(*options);
  const auto chosen = [&](std::string_view name) {
    return std::ranges::any_of(checks, [&](const Check* check) { return check->info.name == name; });
  };
  if (!chosen(kPublishedDrift) && !chosen(kPublishedGap)) return Unit{};
  // Layouts of the user's own are of models that nobody else has, unless their names are given.
  if (request.published.empty() && BundledAmong(*inputs.layouts) == nullptr) return Unit{};
  const Result<PublishedNames> names = PublishedNames::Open(request.published);
  if (!names) return names.error();
  if (names->files().empty()) return Unit{};
  if (chosen(kPublishedGap)) {
    Result<std::vector<Finding>> gaps = GapsOf(request, inputs, classes, *names);
    if (!gaps) return gaps.error();
    options->made[std::string(kPublishedGap)] = *std::move(gaps);
  }
  if (!chosen(kPublishedDrift)) return Unit{};
  std::vector<std::string> class_names;
  // A mapping that is not that of a release may be for a few classes only, and says nothing of all others.
  const bool whole = !inputs.registry->release.empty();
  std::optional<CompiledRegistry> registry;
  for (size_t i : classes) {
    const std::string_view name = inputs.layouts->class_name(i);
    if (!names->Has(name)) continue;
    if (!whole) {
      const Result<Layout> layout = inputs.layouts->Read(i);
      if (!layout) return layout.error();
      if (!registry) registry.emplace(*inputs.registry, *inputs.engine);
      if (!HasOwnEntry(*layout, *registry)) continue;
    }
    class_names.emplace_back(name);
  }
  if (class_names.empty()) return Unit{};
  const Result<std::vector<PublishedModel>> models = names->Of(
      class_names, {*inputs.layouts, inputs.scope.built, package, inputs.registry->release});
  if (!models) return models.error();
  PublishedJudgement judged = JudgePublished(*inputs.registry, *models, *options);
  options->made[std::string(kPublishedDrift)] = std::move(judged.drift);
  *not_judged = std::move(judged.not_judged);
  return Unit{};
}

Result<Judgement> JudgeClasses(const CheckRequest& request, Checked* checked) {
  Inputs& inputs = checked->inputs;
  const LayoutSource& layouts = *inputs.layouts;
  Result<std::vector<size_t>> classes = SelectClasses(layouts, request.paths.models);
  if (!classes) return classes.error();
  checked->classes = std::move(*classes);
  checked->all_classes = checked->classes.size() == layouts.size();
  const Registry& registry = *inputs.registry;
  // A user's own mapping is judged alone, unless the user names classes.
  const bool alone = registry.extension && checked->all_classes;
  ExtensionClasses own;
  if (alone) {
    Result<ExtensionClasses> found = ClassesOf(*registry.extension, layouts);
    if (!found) return found.error();
    own = *std::move(found);
    checked->classes = own.classes;
  }
  // A user who asks for some classes does not ask for the others.
  CheckoutCoverage coverage;
  if (checked->all_classes && !alone) {
    Result<CheckoutCoverage> compared = CoverageOf(request.paths, inputs);
    if (!compared) return compared.error();
    coverage = *std::move(compared);
    const std::set<size_t> absent(coverage.absent.begin(), coverage.absent.end());
    std::erase_if(checked->classes, [&](size_t i) { return absent.contains(i); });
    if (!absent.empty()) {
      inputs.scope.layouts += ", without " + std::to_string(absent.size()) +
                              (absent.size() == 1 ? " class" : " classes") +
                              " that the checkout does not have";
    }
  }
  JudgeOptions options = checked->options;
  if (const Snapshot* bundled = BundledAmong(layouts)) {
    options.layouts_release = bundled->layouts_release();
    for (const BuiltLayout& one : inputs.scope.built) options.built.insert(one.class_name);
  }
  if (!request.adapter->path().empty()) {
    if (Status read = ReadAdapter(request.adapter->path(), checked); !read) return read.error();
    options.adapter = &*checked->adapter;
  }
  if (Status compared = CompareSupportedEngines(request, *checked, &options); !compared) {
    return compared.error();
  }
  std::vector<NotJudged> unknown_models;
  const Status published = ComparePublished(request, inputs, checked->classes, request.paths.package, &options,
                                            &unknown_models);
  if (!published) return published.error();
  ProgressBar bar(checked->classes.size());
  options.progress = [&bar](size_t done) { bar.Show(done); };
  Result<Judgement> judgement =
      Judge(registry, layouts, checked->classes, checked->all_classes, options);
  if (!judgement) return judgement;
  std::ranges::move(unknown_models, std::back_inserter(judgement->not_judged));
  if (alone) {
    KeepExtension(registry, &*judgement);
    for (const std::string& name : own.unused) {
      if (name.ends_with(kClassAttribute)) continue;
      judgement->not_judged.push_back(
          {name, "no class with a layout uses this entry", std::string(kNoLayoutAdvice)});
    }
    SortNotJudged(&judgement->not_judged);
    return judgement;
  }
  AddNoLayout(coverage, layouts, &*judgement);
  if (!request.paths.registry.empty() && !judgement->unreached.empty()) {
    const Status sorted = SortUnreached(inputs, LibraryOf(inputs), &*judgement);
    if (!sorted) return sorted.error();
  }
  SortNotJudged(&judgement->not_judged);
  return judgement;
}

}  // namespace

Result<Checked> ReadAndJudge(const CheckRequest& request) {
  Result<Inputs> inputs = OpenInputs(request.paths);
  if (!inputs) return inputs.error();
  if (!request.key_mapping.empty()) {
    Result<std::shared_ptr<const Registry>> with =
        WithKeyMapping(*inputs->registry, request.key_mapping);
    if (!with) return with.error();
    inputs->registry = *std::move(with);
  }
  Checked checked{.inputs = std::move(*inputs),
                  .classes = {},
                  .adapter = {},
                  .options = request.options,
                  .judgement = {}};
  checked.options.engine = checked.inputs.engine;
  checked.options.sections = checked.inputs.sections.get();
  const bool default_layout = LayoutChoiceOf(request.paths.layouts).has_value();
  const auto judge = [&]() -> Result<Judgement> {
    const std::vector<std::string>& models = request.paths.models;
    if (request.adapter->folder()) {
      return request.adapter->Judge(checked.inputs, models, default_layout, checked.options, &checked.classes);
    }
    if (const std::optional<std::string> folder = request.checkpoint->adapter()) {
      return request.adapter->JudgeCheckpoint(*folder, checked.inputs, models, default_layout, checked.options,
                                              &checked.classes);
    }
    if (!request.checkpoint->given()) return JudgeClasses(request, &checked);
    return JudgeGivenCheckpoint(*request.checkpoint,
                                {.no_mapping = request.no_mapping,
                                 .globs = models,
                                 .layouts = LayoutChoiceOf(request.paths.layouts).value_or(LayoutChoice::kChanged),
                                 .given_layout = !default_layout,
                                 .package = request.paths.package,
                                 .config = request.adapter->config()},
                                checked.options, &checked.inputs, &checked.classes);
  };
  Result<Judgement> judgement = judge();
  if (!judgement) return judgement.error();
  checked.judgement = std::move(*judgement);
  IgnoreInEntries(request.paths.configuration, &checked.judgement.findings);
  if (Status offered = OfferFixes(checked.inputs, checked.options, &checked.judgement); !offered) {
    return offered.error();
  }
  return checked;
}

Result<Judgement> JudgeRelease(const CheckRequest& request, const Checked& checked) {
  InputPaths paths;
  if (!LayoutChoiceOf(request.paths.layouts)) paths.layouts = request.paths.layouts;
  paths.engine = {checked.inputs.engine, true};
  const Result<Inputs> inputs = OpenInputs(paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<size_t>> classes = SelectClasses(*inputs->layouts, request.paths.models);
  // The run found them: these classes are newer than the release, which has no findings of theirs.
  if (!classes) return Judgement{};
  JudgeOptions options = checked.options;
  if (const Snapshot* bundled = BundledAmong(*inputs->layouts)) {
    options.layouts_release = bundled->layouts_release();
  }
  std::vector<NotJudged> unknown_models;
  const Status published = ComparePublished(request, *inputs, *classes, "", &options, &unknown_models);
  if (!published) return published.error();
  return Judge(*inputs->registry, *inputs->layouts, *classes,
               classes->size() == inputs->layouts->size(), options);
}

}  // namespace wcheck::cli
