// `wcheck diff`: what a change of a mapping does to every model.
#include <filesystem>
#include <map>
#include <set>

#include "wcheck/compare.h"

#include "checkpoint/checkpoint.h"
#include "checks/checkpoint_evidence.h"
#include "cli/checkpoint_flag.h"
#include "cli/command_line.h"
#include "cli/compare_inputs.h"
#include "cli/comparison_flags.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_flags.h"
#include "judge/baseline.h"
#include "judge/judge_published.h"
#include "project/globs.h"
#include "project/mixed_layouts.h"
#include "project/published_names.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr std::string_view kAcceptedFile = "wcheck.accepted";

// How a checkpoint loads: keys of the model, those that stay uninitialised, and keys of the
// checkpoint that go nowhere.
struct CheckpointLoad {
  uint64_t keys = 0;
  uint64_t missing = 0;
  uint64_t unexpected = 0;
};

struct DiffRequest {
  const Project& project;
  std::vector<std::string> allow_drift;  // globs
  std::string accepted;                  // the file of accepted changes
  bool accept = false;                   // writes it
  const CheckpointFlag& checkpoint;
  JudgeOptions judge;
  std::vector<std::string> published;  // files, besides the bundled one
};

// Whether the checkpoint loads better with the new mapping; says how it loads.
Status CompareLoads(const CompareInputs& inputs, const CheckpointFlag& flag,
                    Comparison* comparison) {
  const Result<Checkpoint> checkpoint = flag.Read("");
  if (!checkpoint) return checkpoint.error();
  const std::vector<std::string> globs =
      inputs.all_classes ? std::vector<std::string>() : inputs.classes;
  const Result<size_t> index = ClassOfCheckpoint(*checkpoint, *inputs.after.layouts, globs);
  if (!index) return index.error();
  const Result<Layout> layout = inputs.after.layouts->Read(*index);
  if (!layout) return layout.error();
  const auto load = [&](const CompareInput& side) {
    const CompiledRegistry compiled(*side.registry, *side.engine);
    const CheckpointOutcome outcome =
        SimulateCheckpoint(*layout, compiled, *checkpoint, {/*default_layout=*/true});
    return CheckpointLoad{outcome.layout->key_count(), CountIn(outcome.missing),
                          CountIn(outcome.unexpected)};
  };
  const CheckpointLoad before = load(inputs.before);
  const CheckpointLoad after = load(inputs.after);
  const auto words = [](const CheckpointLoad& one) {
    return std::to_string(one.missing) + " of " + std::to_string(one.keys) + " keys missing and " +
           std::to_string(one.unexpected) + " unexpected";
  };
  Note("the checkpoint loads into " + layout->class_name + " with " + words(after) +
       "; before with " + words(before));
  const bool better = after.missing <= before.missing && after.unexpected <= before.unexpected &&
                      (after.missing < before.missing || after.unexpected < before.unexpected);
  if (better) MarkRepaired(layout->class_name, comparison);
  return Unit{};
}

std::string CountsText(const PublishedCounts& counts) {
  if (counts.faults() == 0) return "whole";
  return std::to_string(counts.missing) + " keys missing, " + std::to_string(counts.drifted) +
         " saved under other names, " + std::to_string(counts.fresh) + " names that nobody has";
}

// What is published of the classes decides first: a change with which more of it loads, or comes back under
// its names, is a repair, and one with which less does breaks it.
Status ComparePublished(const CompareInputs& inputs, const std::vector<std::string>& files,
                        Comparison* comparison) {
  if (files.empty() && BundledAmong(*inputs.after.layouts) == nullptr) return Unit{};
  const Result<PublishedNames> names = PublishedNames::Open(files);
  if (!names) return names.error();
  std::vector<std::string> changed;
  for (const ChangeGroup& group : comparison->groups) {
    for (const ClassComparison& one : group.classes) {
      const bool there = inputs.before.layouts->Find(one.class_name) && inputs.after.layouts->Find(one.class_name);
      if (one.verdict != Compatibility::kSame && there && names->Has(one.class_name)) {
        changed.push_back(one.class_name);
      }
    }
  }
  if (changed.empty()) return Unit{};
  const Result<std::vector<PublishedModel>> models =
      names->Of(
      changed, {*inputs.after.layouts, inputs.after.scope.built, "", inputs.after.registry->release});
  if (!models) return models.error();
  const CompiledRegistry before(*inputs.before.registry, *inputs.before.engine);
  const CompiledRegistry after(*inputs.after.registry, *inputs.after.engine);
  std::map<std::string, std::pair<bool, bool>> better_and_worse;
  for (const PublishedModel& model : *models) {
    if (!model.layout) continue;
    const PublishedCounts old_counts = CountPublished(model, before);
    const PublishedCounts new_counts = CountPublished(model, after);
    if (old_counts.faults() == new_counts.faults()) continue;
    auto& [better, worse] = better_and_worse[model.list.class_name];
    (new_counts.faults() < old_counts.faults() ? better : worse) = true;
    Note("published " + model.list.model + " (" + model.list.class_name + "): " + CountsText(new_counts) +
         "; before " + CountsText(old_counts));
  }
  for (const auto& [name, verdict] : better_and_worse) {
    if (verdict.second) {
      MarkBreaking(name, comparison);
    } else {
      MarkRepaired(name, comparison);
    }
  }
  return Unit{};
}

Status WriteAccepted(const std::string& path, const Comparison& comparison) {
  const std::set<std::string> lines = AcceptableLines(comparison);
  if (Status written = WriteFile(path, WriteBaseline({}, lines)); !written) return written;
  Note(path + ": " + std::to_string(lines.size()) +
       (lines.size() == 1 ? " change is" : " changes are") +
       " accepted; commit it, and `wcheck diff` reads it");
  return Unit{};
}

// Without the file nothing is accepted, unless its name was given.
Status ReadAccepted(const std::string& path, bool named, Comparison* comparison) {
  std::error_code ignored;
  if (!named && !std::filesystem::exists(path, ignored)) return Unit{};
  Result<std::string> text = ReadProjectFile(path, kMaxBaselineFile);
  if (!text) return text.error();
  const SourceFile file(path, std::move(*text));
  const Result<Baseline> accepted = ReadBaseline(file);
  if (!accepted) return accepted.error();
  const size_t idle = Accept(accepted->lines, comparison);
  if (idle > 0) {
    Note(path + ": " + std::to_string(idle) + " of its lines accept" + (idle == 1 ? "s" : "") +
         " nothing any more (--accept rewrites it)");
  }
  return Unit{};
}

Result<ExitStatus> DiffClasses(const CompareFlags& flags, const DiffRequest& request,
                               const ComparisonFlags& report) {
  const Configuration& configuration = request.project.configuration;
  const Result<CompareInputs> inputs = flags.Open(request.project);
  if (!inputs) return inputs.error();
  const std::vector<std::string_view> names(inputs->classes.begin(), inputs->classes.end());
  const Result<std::vector<bool>> allowed = MatchGlobs("--allow-drift", request.allow_drift, names);
  if (!allowed) return allowed.error();
  std::set<std::string_view> drift;
  for (size_t i = 0; i < names.size(); ++i) {
    if ((*allowed)[i]) drift.insert(names[i]);
  }
  if (!inputs->note.empty()) Note(inputs->note);

  CompareOptions options;
  options.judge = request.judge;
  options.allow_drift = [&](const std::string& name) { return drift.contains(name); };
  options.is_new = [&](const Layout& layout) { return inputs->IsNew(layout); };
  options.all_classes = inputs->all_classes;
  options.whole_release = BundledAmong(*inputs->after.layouts) != nullptr &&
                          BundledAmong(*inputs->before.layouts) != nullptr;
  Result<Comparison> comparison = Comparison{};
  {
    ProgressBar bar(names.size());
    options.judge.progress = [&bar](size_t done) { bar.Show(done); };
    comparison = Compare(inputs->before.side(), inputs->after.side(), inputs->classes, options);
  }
  if (!comparison) return comparison.error();
  inputs->NameUnjudged(&*comparison);
  IgnoreInEntries(configuration, &comparison->new_findings);
  IgnoreInEntries(configuration, &comparison->fixed_findings);
  if (const Status published = ComparePublished(*inputs, request.published, &*comparison); !published) {
    return published.error();
  }
  if (request.checkpoint.given()) {
    const Status loaded = CompareLoads(*inputs, request.checkpoint, &*comparison);
    if (!loaded) return loaded.error();
  }
  const std::string& file = !request.accepted.empty() ? request.accepted : configuration.accepted;
  const std::string path = file.empty() ? std::string(kAcceptedFile) : file;
  const Status accepted = request.accept ? WriteAccepted(path, *comparison)
                                         : ReadAccepted(path, !file.empty(), &*comparison);
  if (!accepted) return accepted.error();
  if (request.accept) return kClean;
  return report.Report(*comparison, inputs->before.scope, inputs->after.scope,
                       /*hints=*/true);
}

}  // namespace

int RunDiff(const Arguments& arguments) {
  CompareFlags flags;
  RuleFlags rules;
  JobsFlag jobs;
  cl::list<std::string> allow_drift(
      "allow-drift", cl::value_desc("glob"), cl::CommaSeparated,
      cl::desc("These classes may be saved in another format, as long as old checkpoints still "
               "load (repeatable, or with commas)"),
      cl::cat(OutputOptions()));
  CheckpointFlag checkpoint;
  cl::list<std::string> published(
      "published", cl::value_desc("file"),
      cl::desc("Judge by these published names, too: a file of `wcheck published add` (repeatable)"),
      cl::cat(InputOptions()));
  cl::opt<bool> accept("accept", cl::ZeroOrMore,
                       cl::desc("Write what fails the run to the file of accepted changes, to be "
                                "committed, instead of reporting it"),
                       cl::cat(OutputOptions()));
  cl::opt<std::string> accepted(
      "accepted", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("The file of accepted changes (default: wcheck.accepted, if it is there)"),
      cl::cat(OutputOptions()));
  ComparisonFlags report;
  if (!ParseArguments(arguments,
                      "Reports what a change of a mapping does to every model: which checkpoints "
                      "no longer load, and which are saved under other names.",
                      "  wcheck diff OLD NEW           compares two mappings (.py or .json)\n"
                      "  wcheck diff --base REV        compares a checkout with its past\n")) {
    return kBadInput;
  }

  const Result<Project> project = flags.FindProject();
  if (!project) return Fail(project.error());
  const Configuration& configuration = project->configuration;
  JudgeOptions judge;
  if (const Status valid = report.Parse(configuration); !valid) return Fail(valid.error());
  const Status applied = rules.ApplyTo(configuration, &judge);
  if (!applied) return Fail(applied.error());
  judge.jobs = jobs.count();
  std::vector<std::string> drift(allow_drift.begin(), allow_drift.end());
  if (drift.empty()) drift = configuration.allow_drift;
  const Result<ExitStatus> status = DiffClasses(
      flags, {*project, std::move(drift), accepted, accept, checkpoint, std::move(judge),
              {published.begin(), published.end()}},
      report);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
