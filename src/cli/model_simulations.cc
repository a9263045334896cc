#include "cli/model_simulations.h"

#include "pattern/search_budget.h"

namespace wcheck::cli {

Result<ModelSimulations> ModelSimulations::Open(const InputFlags& flags, const EngineFlag& engine) {
  ModelSimulations models;
  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return paths.error();
  Result<Inputs> inputs = OpenInputsAloud(*paths);
  if (!inputs) return inputs.error();
  models.inputs_ = std::move(*inputs);
  const LayoutSource& source = *models.inputs_.layouts;
  const Result<std::vector<size_t>> classes = SelectClasses(source, paths->models);
  if (!classes) return classes.error();
  Result<std::vector<Layout>> layouts = ReadLayouts(source, *classes);
  if (!layouts) return layouts.error();
  models.classes_ = *classes;
  models.layouts_ = std::move(*layouts);
  return models;
}

Result<Judgement> ModelSimulations::FindFaults() const {
  JudgeOptions options;
  options.engine = inputs_.engine;
  options.sections = inputs_.sections.get();
  const bool all = classes_.size() == inputs_.layouts->size();
  return Judge(*inputs_.registry, *inputs_.layouts, classes_, all, options);
}

Status ModelSimulations::ForEach(const std::function<Status(const Simulation&)>& use) const {
  return ForEachLayout([&](const Layout& layout, const CompiledRegistry& registry) {
    return use(Simulate(layout, registry, {}));
  });
}

Status ModelSimulations::ForEachLayout(
    const std::function<Status(const Layout&, const CompiledRegistry&)>& use) const {
  const CompiledRegistry registry(*inputs_.registry, *inputs_.engine);
  if (!registry.rejections().empty()) {
    const CompiledRegistry::Rejection& first = registry.rejections().front();
    Place place;
    if (first.spec->origin != nullptr) place = first.spec->origin->call.place();
    return Error{std::move(place),
                 "transform " + std::to_string(first.index) + " of entry '" +
                     std::string(first.entry) + "' does not construct: " + first.error.ToString(),
                 "`wcheck check` says more about it"};
  }
  for (const Layout& layout : layouts_) {
    if (Status status = use(layout, registry); !status) return status;
    if (Status budget = CheckSearchBudget(); !budget) return budget;
  }
  return Unit{};
}

}  // namespace wcheck::cli
