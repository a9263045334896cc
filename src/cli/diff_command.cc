// `wcheck diff`: what a change of a mapping does to every model.
#include <filesystem>
#include <set>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/compare.h"
#include "wcheck/version.h"

#include "cli/command_line.h"
#include "cli/compare_inputs.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_flags.h"
#include "project/globs.h"
#include "report/comparison_report.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// The verdict from which the run fails; absent: never.
using FailOnCompatibility = std::optional<Compatibility>;

constexpr std::pair<std::string_view, FailOnCompatibility> kFailOnCompatibilities[] = {
    {"compatible", Compatibility::kCompatible},
    {"breaking", Compatibility::kBreaking},
    {"never", std::nullopt},
};

std::vector<std::pair<std::string_view, const ComparisonFormat*>> DiffFormats() {
  std::vector<std::pair<std::string_view, const ComparisonFormat*>> formats;
  for (const ComparisonFormat& format : ComparisonFormats()) {
    formats.emplace_back(format.name, &format);
  }
  return formats;
}

// LLVM keeps a reference to the text.
const std::string& DiffFormatHelp() {
  static const std::string kText = [] {
    std::string names;
    for (const ComparisonFormat& format : ComparisonFormats()) {
      names += (names.empty() ? "" : ", ") + std::string(format.name);
    }
    return "How to report: " + names +
           " (default: " + std::string(ComparisonFormats().front().name) + ')';
  }();
  return kText;
}

bool Fails(const Comparison& comparison, FailOnCompatibility fail_on) {
  if (!fail_on) return false;
  if (comparison.breaking > 0) return true;
  if (*fail_on <= Compatibility::kCompatible && comparison.compatible > comparison.allowed) {
    return true;
  }
  return std::ranges::any_of(comparison.new_findings, [](const Finding& finding) {
    return finding.severity == Severity::kError;
  });
}

struct DiffSettings {
  JudgeOptions judge;
  std::vector<std::string> allow_drift;  // globs
  FailOnCompatibility fail_on;
  const ComparisonFormat* format = nullptr;
  bool all = false;
};

Result<ExitStatus> DiffClasses(const CompareFlags& flags, DiffSettings settings, Output* output) {
  const Result<CompareInputs> inputs = flags.Open();
  if (!inputs) return inputs.error();
  const std::vector<std::string_view> names(inputs->classes.begin(), inputs->classes.end());
  const Result<std::vector<bool>> allowed =
      MatchGlobs("--allow-drift", settings.allow_drift, names);
  if (!allowed) return allowed.error();
  std::set<std::string_view> drift;
  for (size_t i = 0; i < names.size(); ++i) {
    if ((*allowed)[i]) drift.insert(names[i]);
  }
  if (!inputs->note.empty()) Note(inputs->note);

  CompareOptions options;
  options.judge = std::move(settings.judge);
  options.allow_drift = [&](const std::string& name) { return drift.contains(name); };
  Result<Comparison> comparison = Comparison{};
  {
    ProgressBar bar(names.size());
    options.judge.progress = [&bar](size_t done) { bar.Show(done); };
    comparison = Compare(inputs->before.side(), inputs->after.side(), inputs->classes, options);
  }
  if (!comparison) return comparison.error();

  const bool failed = Fails(*comparison, settings.fail_on);
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  std::string text;
  llvm::raw_string_ostream stream(text);
  settings.format->write({.comparison = *comparison,
                          .version = kVersion,
                          .old_name = inputs->before.name,
                          .new_name = inputs->after.name,
                          .failed = failed,
                          .all = settings.all,
                          .color = output->standard() && StandardOutputHasColors(),
                          .folder = folder},
                         &stream);
  stream.flush();
  if (Status written = output->Write(text); !written) return written.error();
  if (Status finished = output->Finish(); !finished) return finished.error();
  return failed ? kFindings : kClean;
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
  cl::opt<std::string> format_name("format", cl::value_desc("name"), cl::ZeroOrMore,
                                   cl::init(std::string(ComparisonFormats().front().name)),
                                   cl::desc(DiffFormatHelp()), cl::cat(OutputOptions()));
  cl::opt<std::string> fail_on_name(
      "fail-on", cl::value_desc("verdict"), cl::ZeroOrMore, cl::init("compatible"),
      cl::desc("Exit with status 1 from this verdict on, or on a new error: compatible, breaking, "
               "or never (default: compatible)"),
      cl::cat(OutputOptions()));
  cl::opt<bool> all("all", cl::ZeroOrMore,
                    cl::desc("Show everything (text; default: what fits a screen)"),
                    cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Reports what a change of a mapping does to every model: which checkpoints "
                      "no longer load, and which are saved under other names.",
                      "  wcheck diff OLD NEW           compares two mappings (.py or .json)\n"
                      "  wcheck diff --base REV        compares a checkout with its past\n")) {
    return kBadInput;
  }

  DiffSettings settings;
  settings.allow_drift.assign(allow_drift.begin(), allow_drift.end());
  settings.all = all;
  const auto format = ParseChoice<const ComparisonFormat*>("format", format_name, DiffFormats());
  if (!format) return Fail(format.error());
  settings.format = *format;
  const Result<FailOnCompatibility> fail_on =
      ParseChoice<FailOnCompatibility>("fail-on", fail_on_name, kFailOnCompatibilities);
  if (!fail_on) return Fail(fail_on.error());
  settings.fail_on = *fail_on;
  if (const Status applied = rules.ApplyTo(&settings.judge); !applied) {
    return Fail(applied.error());
  }
  settings.judge.jobs = jobs.count();
  Output output(out);
  const Result<ExitStatus> status = DiffClasses(flags, std::move(settings), &output);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
