// `wcheck upgrade`: what happens to a mapping when the engine changes under it.
#include "cli/command_line.h"
#include "cli/comparison_flags.h"
#include "cli/input_flags.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_flags.h"
#include "compare/upgrade.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

Result<ExitStatus> Upgrade(Result<InputPaths> paths, const std::string& from, const std::string& to,
                           CompareOptions options, const ComparisonFlags& report) {
  paths->engine = {nullptr, false};
  if (!from.empty()) {
    const Result<const Engine*> engine = EngineNamed("from", from);
    if (!engine) return engine.error();
    paths->engine = {*engine, true};
  }
  const Result<const Engine*> after = EngineNamed("to", to);
  if (!after) return after.error();
  const Result<Inputs> inputs = OpenInputs(*paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<size_t>> chosen = SelectClasses(*inputs->layouts, paths->models);
  if (!chosen) return chosen.error();
  std::vector<std::string> classes;
  for (size_t i : *chosen) classes.emplace_back(inputs->layouts->class_name(i));

  options.all_classes = paths->models.empty();
  Result<Comparison> comparison = Comparison{};
  {
    ProgressBar bar(classes.size());
    options.judge.progress = [&bar](size_t done) { bar.Show(done); };
    comparison = CompareEngines({inputs->registry.get(), inputs->layouts.get(), inputs->engine},
                                **after, classes, options);
  }
  if (!comparison) return comparison.error();
  Scope upgraded = inputs->scope;
  upgraded.engine = (*after)->name;
  upgraded.engine_reason.clear();
  return report.Report(*comparison, inputs->scope, upgraded, /*hints=*/false);
}

}  // namespace

int RunUpgrade(const Arguments& arguments) {
  InputFlags inputs;
  RuleFlags rules;
  JobsFlag jobs;
  ComparisonFlags report;
  cl::opt<std::string> from("from", cl::value_desc("release"), cl::ZeroOrMore,
                            cl::desc("The engine that the mapping was written for (default: that "
                                     "of the release it belongs to)"),
                            cl::cat(InputOptions()));
  cl::opt<std::string> to(
      "to", cl::value_desc("release"), cl::ZeroOrMore, cl::init(std::string(NewestEngine().name)),
      cl::desc("The engine that is to run it (default: the newest)"), cl::cat(InputOptions()));
  if (!ParseArguments(arguments,
                      "Tells what happens to a mapping when another release of transformers runs "
                      "it, by the rule of the engine that changed.",
                      "  wcheck upgrade --from 5.20 --to 5.24 conversion_mapping.py\n")) {
    return kBadInput;
  }
  CompareOptions options;
  options.allow_drift = [](const std::string&) { return false; };
  Result<InputPaths> paths = inputs.Paths();
  if (!paths) return Fail(paths.error());
  const Configuration& configuration = paths->configuration;
  if (const Status valid = report.Parse(configuration); !valid) return Fail(valid.error());
  const Status applied = rules.ApplyTo(configuration, &options.judge);
  if (!applied) return Fail(applied.error());
  options.judge.jobs = jobs.count();
  const Result<ExitStatus> status = Upgrade(std::move(paths), from, to, std::move(options), report);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
