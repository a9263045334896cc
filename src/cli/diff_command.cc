// `wcheck diff`: what a change of a mapping does to every model.
#include <set>

#include "wcheck/compare.h"

#include "cli/command_line.h"
#include "cli/compare_inputs.h"
#include "cli/comparison_flags.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_flags.h"
#include "project/globs.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

Result<ExitStatus> DiffClasses(const CompareFlags& flags,
                               const std::vector<std::string>& allow_drift, JudgeOptions judge,
                               const ComparisonFlags& report) {
  const Result<CompareInputs> inputs = flags.Open();
  if (!inputs) return inputs.error();
  const std::vector<std::string_view> names(inputs->classes.begin(), inputs->classes.end());
  const Result<std::vector<bool>> allowed = MatchGlobs("--allow-drift", allow_drift, names);
  if (!allowed) return allowed.error();
  std::set<std::string_view> drift;
  for (size_t i = 0; i < names.size(); ++i) {
    if ((*allowed)[i]) drift.insert(names[i]);
  }
  if (!inputs->note.empty()) Note(inputs->note);

  CompareOptions options;
  options.judge = std::move(judge);
  options.allow_drift = [&](const std::string& name) { return drift.contains(name); };
  Result<Comparison> comparison = Comparison{};
  {
    ProgressBar bar(names.size());
    options.judge.progress = [&bar](size_t done) { bar.Show(done); };
    comparison = Compare(inputs->before.side(), inputs->after.side(), inputs->classes, options);
  }
  if (!comparison) return comparison.error();

  return report.Report(*comparison, inputs->before.name, inputs->after.name);
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
  ComparisonFlags report;
  if (!ParseArguments(arguments,
                      "Reports what a change of a mapping does to every model: which checkpoints "
                      "no longer load, and which are saved under other names.",
                      "  wcheck diff OLD NEW           compares two mappings (.py or .json)\n"
                      "  wcheck diff --base REV        compares a checkout with its past\n")) {
    return kBadInput;
  }

  JudgeOptions judge;
  if (const Status valid = report.Parse(); !valid) return Fail(valid.error());
  if (const Status applied = rules.ApplyTo(&judge); !applied) return Fail(applied.error());
  judge.jobs = jobs.count();
  const Result<ExitStatus> status =
      DiffClasses(flags, {allow_drift.begin(), allow_drift.end()}, std::move(judge), report);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
