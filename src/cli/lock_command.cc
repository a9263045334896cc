// `wcheck lock`: writes the checkpoint formats that a mapping produces to a file, or compares with
// it.
#include <filesystem>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/version.h"

#include "cli/command_line.h"
#include "cli/comparison_flags.h"
#include "cli/input_flags.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "compare/lock.h"
#include "report/comparison_report.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

struct LockSettings {
  InputPaths paths;
  std::string engine;               // "" if none was named
  std::string file;
  bool allow_unjudged = false;
  JudgeOptions judge;
};

Result<std::vector<std::string>> ClassNames(const LayoutSource& layouts,
                                            const std::vector<std::string>& globs) {
  const Result<std::vector<size_t>> classes = SelectClasses(layouts, globs);
  if (!classes) return classes.error();
  std::vector<std::string> names;
  for (const size_t i : *classes) names.emplace_back(layouts.class_name(i));
  return names;
}

Result<ExitStatus> WriteLockFile(LockSettings settings) {
  if (!settings.engine.empty()) {
    const Result<const Engine*> engine = EngineNamed("engine", settings.engine);
    if (!engine) return engine.error();
    settings.paths.engine = {*engine, true};
  }
  const Result<Inputs> inputs = OpenInputsAloud(settings.paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<std::string>> names = ClassNames(*inputs->layouts, settings.paths.models);
  if (!names) return names.error();
  Result<Lock> lock = Lock{};
  {
    ProgressBar bar(names->size());
    settings.judge.progress = [&bar](size_t done) { bar.Show(done); };
    lock =
        MakeLock({inputs->registry.get(), inputs->layouts.get(), inputs->engine}, *names,
                 settings.judge);
  }
  if (!lock) return lock.error();
  lock->models = settings.paths.models;
  Output output(settings.file);
  if (Status written = output.Write(WriteLock(*lock)); !written) return written.error();
  if (Status finished = output.Finish(); !finished) return finished.error();
  return kClean;
}

// The classes to check, and those that only the lock has.
Result<std::vector<std::string>> ClassesToCheck(const LayoutSource& layouts, const Lock& lock,
                                                const std::vector<std::string>& models) {
  const bool as_locked = models.empty();
  Result<std::vector<std::string>> names = ClassNames(layouts, as_locked ? lock.models : models);
  if (!names || !as_locked) return names;
  for (const auto& [name, lines] : lock.classes) {
    if (!layouts.Find(name)) names->push_back(name);
  }
  return names;
}

Result<ExitStatus> CheckLockFile(LockSettings settings, const ComparisonFormat& format, bool all) {
  Result<std::string> text = ReadProjectFile(settings.file, kMaxLockFile);
  if (!text) {
    return Error{text.error().place, text.error().message, "`wcheck lock` writes it"};
  }
  const SourceFile file(settings.file, std::move(*text));
  const Result<Lock> lock = ReadLock(file);
  if (!lock) return lock.error();
  const Result<const Engine*> engine =
      EngineNamed("engine", settings.engine.empty() ? lock->engine : settings.engine);
  if (!engine) return engine.error();
  settings.paths.engine = {*engine, true};
  const Result<Inputs> inputs = OpenInputs(settings.paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<std::string>> names =
      ClassesToCheck(*inputs->layouts, *lock, settings.paths.models);
  if (!names) return names.error();
  Result<Comparison> comparison = Comparison{};
  {
    ProgressBar bar(names->size());
    settings.judge.progress = [&bar](size_t done) { bar.Show(done); };
    comparison = CompareWithLock(*lock, {inputs->registry.get(), inputs->layouts.get(), *engine},
                                 *names, settings.judge);
  }
  if (!comparison) return comparison.error();

  const bool differs = comparison->breaking + comparison->compatible > 0;
  const Outcome outcome = differs ? Outcome::kFindings
                          : comparison->not_judged.empty() || settings.allow_unjudged
                              ? Outcome::kClean
                              : Outcome::kNotJudged;
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  std::string report;
  llvm::raw_string_ostream stream(report);
  format.write({.comparison = *comparison,
                .version = kVersion,
                .before = {.mapping = settings.file, .release = "", .engine = lock->engine,
                           .engine_reason = "", .layouts = "", .built = {}},
                .after = inputs->scope,
                .outcome = outcome,
                .all = all,
                .color = StandardOutputHasColors(),
                .folder = folder},
               &stream);
  stream.flush();
  if (Status written = WriteStandardOutput(report); !written) return written.error();
  if (differs) Note("if that is intended, `wcheck lock` rewrites " + settings.file);
  return StatusOf(outcome);
}

}  // namespace

int RunLock(const Arguments& arguments) {
  InputFlags flags;
  JobsFlag jobs;
  cl::opt<std::string> engine("engine", cl::value_desc("release"), cl::ZeroOrMore,
                              cl::desc("Simulate the engine of this transformers release (default: "
                                       "with --check the locked one, otherwise that of the release that "
                                       "the mapping belongs to)"),
                              cl::cat(InputOptions()));
  cl::opt<bool> check("check", cl::ZeroOrMore,
                      cl::desc("Compare with the lock instead of writing it"),
                      cl::cat(InputOptions()));
  cl::opt<std::string> file("lock-file", cl::value_desc("file"), cl::ZeroOrMore,
                            cl::init("wcheck.lock"), cl::desc("The lock (default: wcheck.lock)"),
                            cl::cat(OutputOptions()));
  cl::opt<std::string> format_name(
      "format", cl::value_desc("name"), cl::ZeroOrMore,
      cl::init(std::string(ComparisonFormats().front().name)),
      cl::desc("With --check, how to report: text, json, markdown, github (default: text)"),
      cl::cat(OutputOptions()));
  cl::opt<bool> all("all", cl::ZeroOrMore,
                    cl::desc("Show everything (text; default: what fits a screen)"),
                    cl::cat(OutputOptions()));
  cl::opt<bool> allow_unjudged("allow-unjudged", cl::ZeroOrMore, cl::desc(kAllowUnjudgedHelp),
                               cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Writes the checkpoint names of every class to wcheck.lock, a text file to "
                      "commit, or compares a mapping with it.")) {
    return kBadInput;
  }
  const auto format =
      ParseChoice<const ComparisonFormat*>("format", format_name, ComparisonFormatsByName());
  if (!format) return Fail(format.error());
  LockSettings settings;
  Result<InputPaths> paths = flags.Paths();
  if (!paths) return Fail(paths.error());
  settings.paths = std::move(*paths);
  settings.engine = engine;
  settings.file = file;
  settings.allow_unjudged = allow_unjudged;
  settings.judge.jobs = jobs.count();
  const Result<ExitStatus> status = check ? CheckLockFile(std::move(settings), **format, all)
                                          : WriteLockFile(std::move(settings));
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
