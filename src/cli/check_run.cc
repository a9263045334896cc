#include "cli/check_run.h"

#include <iterator>

#include "cli/fix_flags.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "engine/simulation.h"
#include "layout/snapshot.h"
#include "project/checkout.h"

namespace wcheck::cli {
namespace {

// What the user's checkout has and no layout. Layouts that are not a snapshot are the user's own
// choice, and are not compared.
Result<std::vector<NotJudged>> NotCovered(const InputPaths& paths, const Inputs& inputs) {
  const auto* snapshot = dynamic_cast<const Snapshot*>(inputs.layouts.get());
  std::vector<NotJudged> list;
  if (paths.package.empty() || snapshot == nullptr) return list;
  Result<CheckoutCoverage> coverage =
      CompareCheckout(paths.package, *inputs.registry, *snapshot, snapshot->layouts_release());
  if (!coverage) return coverage.error();
  for (std::string& name : coverage->not_judged) {
    list.push_back({std::move(name),
                    "no layout among those of " + coverage->layouts_release,
                    "give layouts of the checkout (tools/wcheck_export.py) with --layouts"});
  }
  return list;
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

Result<Judgement> JudgeClasses(const CheckRequest& request, Checked* checked) {
  Result<std::vector<NotJudged>> no_layout = NotCovered(request.paths, checked->inputs);
  if (!no_layout) return no_layout.error();
  const LayoutSource& layouts = *checked->inputs.layouts;
  Result<std::vector<size_t>> classes = SelectClasses(layouts, request.globs);
  if (!classes) return classes.error();
  checked->classes = std::move(*classes);
  checked->all_classes = checked->classes.size() == layouts.size();
  JudgeOptions options = checked->options;
  if (!request.adapter.empty()) {
    if (Status read = ReadAdapter(request.adapter, checked); !read) return read.error();
    options.adapter = &*checked->adapter;
  }
  ProgressBar bar(checked->classes.size());
  options.progress = [&bar](size_t done) { bar.Show(done); };
  Result<Judgement> judgement =
      Judge(*checked->inputs.registry, layouts, checked->classes, checked->all_classes, options);
  // A user who asks for some classes does not ask for the others.
  if (!judgement || !request.globs.empty()) return judgement;
  std::vector<NotJudged>& not_judged = judgement->not_judged;
  std::move(no_layout->begin(), no_layout->end(), std::back_inserter(not_judged));
  SortNotJudged(&not_judged);
  return judgement;
}

}  // namespace

Result<Checked> ReadAndJudge(const CheckRequest& request) {
  Result<Inputs> inputs = OpenInputs(request.paths);
  if (!inputs) return inputs.error();
  Checked checked{.inputs = std::move(*inputs),
                  .classes = {},
                  .adapter = {},
                  .options = request.options,
                  .judgement = {}};
  checked.options.engine = checked.inputs.engine;
  checked.options.sections = checked.inputs.sections.get();
  Result<Judgement> judgement =
      request.checkpoint->given()
          ? JudgeGivenCheckpoint(*request.checkpoint, checked.inputs, request.globs,
                                 request.paths.layouts.empty(), checked.options, &checked.classes)
          : JudgeClasses(request, &checked);
  if (!judgement) return judgement.error();
  checked.judgement = std::move(*judgement);
  if (Status offered = OfferFixes(checked.inputs, checked.options, &checked.judgement); !offered) {
    return offered.error();
  }
  return checked;
}

}  // namespace wcheck::cli
