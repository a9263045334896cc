// `wcheck check`, the default command: judges classes and reports the findings.
#include <algorithm>
#include <filesystem>
#include <map>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/judge.h"
#include "wcheck/report.h"
#include "wcheck/version.h"

#include "checks/check.h"
#include "cli/adapter_flag.h"
#include "cli/baseline_flags.h"
#include "cli/check_run.h"
#include "cli/command_line.h"
#include "cli/dot_report.h"
#include "cli/fix_flags.h"
#include "cli/html_report.h"
#include "cli/input_flags.h"
#include "cli/jobs_flag.h"
#include "cli/output.h"
#include "cli/rule_flags.h"
#include "project/globs.h"
#include "report/check_page.h"
#include "report/wording.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// The severity from which findings make the exit status kFindings; absent: never.
using FailOnSeverity = std::optional<Severity>;

constexpr std::pair<std::string_view, FailOnSeverity> kFailOnSeverities[] = {
    {"error", Severity::kError},
    {"warning", Severity::kWarning},
    {"note", Severity::kNote},
    {"never", std::nullopt},
};

// A report of findings only, or one that also shows the ways of keys.
struct CheckFormat {
  enum class Kind : uint8_t { kReport, kDot, kHtml };
  Kind kind = Kind::kReport;
  const ReportFormat* report = nullptr;  // kReport
};

std::vector<std::pair<std::string_view, CheckFormat>> CheckFormats() {
  std::vector<std::pair<std::string_view, CheckFormat>> formats;
  for (const ReportFormat& report : ReportFormats())
    formats.emplace_back(report.name, CheckFormat{CheckFormat::Kind::kReport, &report});
  formats.emplace_back("dot", CheckFormat{CheckFormat::Kind::kDot, nullptr});
  formats.emplace_back("html", CheckFormat{CheckFormat::Kind::kHtml, nullptr});
  return formats;
}

// LLVM keeps a reference to the text.
const std::string& CheckFormatHelp() {
  static const std::string kText = [] {
    std::string names;
    for (const auto& [name, format] : CheckFormats()) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return "How to report: " + names + " (default: " + std::string(ReportFormats().front().name) +
           "); dot draws one model; html is a page, or with -o FOLDER/ an index and a page per "
           "class";
  }();
  return kText;
}

std::string CommandList() {
  std::string text = "COMMANDS (`wcheck COMMAND --help` describes each):\n\n";
  for (const Command& command : Commands()) {
    std::string line = "  " + std::string(command.name);
    line.resize(13, ' ');
    text += line + std::string(command.summary) + '\n';
  }
  return text;
}

ReportInput InputOf(const Judgement& judgement, FailOnSeverity fail_on, std::string_view folder,
                    bool color) {
  std::vector<CheckInfo> checks;
  for (const Check& check : AllChecks()) checks.push_back(check.info);
  return {
      .judgement = judgement,
      .checks = std::move(checks),
      .version = kVersion,
      .fail_on = fail_on.value_or(Severity::kError),
      .color = color,
      .folder = folder,
      .page = CheckPage,
  };
}

std::string RenderReport(const ReportInput& input, const ReportFormat& format) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  format.write(input, &stream);
  stream.flush();
  return text;
}

// Writes what a run has found, to `out` or to standard output.
Status WriteReport(const Inputs& inputs, const std::vector<size_t>& classes, const Engine& engine,
                   CheckFormat format, const ReportInput& input, const std::string& out) {
  const bool html = format.kind == CheckFormat::Kind::kHtml;
  if (classes.empty() && format.kind != CheckFormat::Kind::kReport) {
    return Error{{},
                 "there is no layout of the class, so its keys cannot be drawn",
                 "choose another --format, or give its layout with --layouts"};
  }
  if (html && NamesFolder(out)) return WriteHtmlFolder(out, inputs, classes, engine, input);
  Result<std::string> report = std::string();
  if (html) {
    report = HtmlReport(inputs, classes, engine, input);
  } else if (format.kind == CheckFormat::Kind::kReport) {
    report = RenderReport(input, *format.report);
  } else {
    const Result<Layout> layout = inputs.layouts->Read(classes.front());
    if (!layout) return layout.error();
    report = DotReport(*layout, *inputs.registry, engine, input.judgement);
  }
  if (!report) return report.error();
  Output output(out);
  if (Status written = output.Write(*report); !written) return written.error();
  return output.Finish();
}

// --statistics: how often each check found something, the most frequent first.
std::string Statistics(const Judgement& judgement) {
  std::map<std::pair<Severity, std::string_view>, std::pair<size_t, size_t>> counts;
  for (const Finding& finding : judgement.findings) {
    auto& [findings, fixable] = counts[{finding.severity, finding.check}];
    ++findings;
    fixable += finding.fix ? 1 : 0;
  }
  std::vector<std::pair<size_t, std::string>> lines;
  for (const auto& [what, count] : counts) {
    std::string line = std::to_string(count.first);
    line.insert(0, 6 - std::min<size_t>(line.size(), 6), ' ');
    std::string severity(SeverityName(what.first));
    severity.resize(9, ' ');
    line += "  " + severity + std::string(what.second);
    if (count.second > 0) line += " (" + std::to_string(count.second) + " with a fix)";
    lines.emplace_back(count.first, std::move(line));
  }
  std::ranges::stable_sort(lines, std::ranges::greater{}, &std::pair<size_t, std::string>::first);
  std::string text;
  for (const auto& [count, line] : lines) text += line + '\n';
  return text + CountFindings(judgement.findings).ToString() + "; " + ShowExtent(judgement) + '\n';
}

// What happens to the findings of a run.
struct CheckEnding {
  const FixFlags* fixes;
  const BaselineFlags* baseline;
  std::string configured_baseline;  // the one that .wcheck.json names
  CheckFormat format;
  FailOnSeverity fail_on;
  bool allow_unjudged;
  bool statistics;
  std::string out;  // a file or a folder; empty means standard output
};

// The exit status of a completed run.
Result<ExitStatus> CheckClasses(const CheckRequest& request, const CheckEnding& ending) {
  Result<Checked> checked = ReadAndJudge(request);
  if (!checked) return checked.error();
  if (ending.baseline->writes()) {
    const Status written = ending.baseline->Write(checked->judgement);
    return written ? Result<ExitStatus>(kClean) : written.error();
  }
  if (ending.fixes->diff()) {
    const Result<bool> any = ending.fixes->WriteDiff(checked->inputs, checked->options,
                                                      checked->judgement, ending.out);
    if (!any) return any.error();
    return *any ? kFindings : kClean;
  }
  if (ending.fixes->fix()) {
    const Result<bool> changed =
        ending.fixes->Apply(checked->inputs, checked->options, checked->judgement);
    if (!changed) return changed.error();
    if (*changed) checked = ReadAndJudge(request);
    if (!checked) return checked.error();
  }
  Judgement& judgement = checked->judgement;
  const Status applied =
      ending.baseline->Apply(ending.configured_baseline, checked->all_classes, checked->options,
                             [&] { return JudgeRelease(request, *checked); }, &judgement);
  if (!applied) return applied.error();
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  const bool color = Output(ending.out).standard() && StandardOutputHasColors();
  ReportInput input = InputOf(judgement, ending.fail_on, folder, color);
  input.links = color && StandardOutputTakesLinks();
  input.scope = checked->inputs.scope;
  input.outcome = OutcomeOf(judgement, ending.fail_on, ending.allow_unjudged);
  if (ending.statistics) {
    Output output(ending.out);
    Status counted = output.Write(Statistics(judgement));
    if (counted) counted = output.Finish();
    if (!counted) return counted.error();
    return StatusOf(input.outcome);
  }
  const bool text = ending.format.report == &ReportFormats().front();
  if (text && Quiet()) {
    std::erase_if(judgement.findings, [](const Finding& finding) {
      return finding.severity == Severity::kNote;
    });
    if (judgement.findings.empty() && judgement.not_judged.empty()) return StatusOf(input.outcome);
  }
  const Status written = WriteReport(checked->inputs, checked->classes, *checked->options.engine,
                                     ending.format, input, ending.out);
  if (!written) return written.error();
  return StatusOf(input.outcome);
}

}  // namespace

int RunCheck(const Arguments& arguments) {
  InputFlags flags;
  CheckpointFlag checkpoint;
  cl::opt<bool> no_mapping(
      "no-mapping", cl::ZeroOrMore,
      cl::desc("With --checkpoint: what a program finds that reads the names without the mapping"),
      cl::cat(InputOptions()));
  cl::list<std::string> expect_missing(
      "expect-missing", cl::value_desc("glob"), cl::CommaSeparated,
      cl::desc("With --checkpoint: keys that it need not have, as those of a new head (repeatable, or "
               "with commas)"),
      cl::cat(InputOptions()));
  cl::list<std::string> published(
      "published", cl::value_desc("file"),
      cl::desc("Judge by these published names, too: a file of `wcheck published add` (repeatable)"),
      cl::cat(InputOptions()));
  EngineFlag engine;
  RuleFlags rules;
  FixFlags fixes;
  BaselineFlags baseline;
  JobsFlag jobs;
  cl::opt<std::string> format_name("format", cl::value_desc("name"), cl::ZeroOrMore,
                                   cl::init(std::string(ReportFormats().front().name)),
                                   cl::desc(CheckFormatHelp()), cl::cat(OutputOptions()));
  cl::opt<std::string> fail_on_name(
      "fail-on", cl::value_desc("severity"), cl::ZeroOrMore, cl::init("error"),
      cl::desc("Exit with status 1 from this severity on: error, warning, note, or never (default: "
               "error)"),
      cl::cat(OutputOptions()));
  cl::opt<bool> allow_unjudged("allow-unjudged", cl::ZeroOrMore, cl::desc(kAllowUnjudgedHelp),
                               cl::cat(OutputOptions()));
  cl::opt<bool> all("all", cl::ZeroOrMore,
                    cl::desc("Show every family of a finding, not only the first four"),
                    cl::cat(OutputOptions()));
  cl::opt<bool> statistics("statistics", cl::ZeroOrMore,
                           cl::desc("Show how often each check found something, and no findings"),
                           cl::cat(OutputOptions()));
  AdapterFlag adapter;
  cl::opt<std::string> key_mapping(
      "key-mapping", cl::value_desc("json"), cl::ZeroOrMore,
      cl::desc("Put these renamings first, as from_pretrained does with its key_mapping: a JSON object "
               "from sources to targets, or a file with one"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Checks that a conversion mapping still loads every checkpoint and saves it "
                      "back under the same names.",
                      CommandList())) {
    return kBadInput;
  }

  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());
  if (const Status usable = fixes.Check(); !usable) return Fail(usable.error());
  const Configuration& configuration = paths->configuration;
  const Result<CheckFormat> format =
      ChooseFormat<CheckFormat>(format_name, out, configuration.format, CheckFormats());
  if (!format) return Fail(format.error());
  const bool configured = fail_on_name.getNumOccurrences() == 0 && !configuration.fail_on.empty();
  const Result<FailOnSeverity> fail_on = ParseChoice<FailOnSeverity>(
      "fail-on", configured ? configuration.fail_on.text : fail_on_name.getValue(),
      kFailOnSeverities);
  if (!fail_on) {
    return Fail(configured ? Error{configuration.fail_on.place, fail_on.error().message, ""}
                           : fail_on.error());
  }

  if (!checkpoint.given() && (no_mapping || !expect_missing.empty())) {
    return Fail(Error{{},
                      "--no-mapping and --expect-missing are about a checkpoint",
                      "give it with --checkpoint"});
  }
  if (checkpoint.given() && !adapter.path().empty()) {
    return Fail(
        Error{{},
              "--adapter and --checkpoint cannot be given together",
              "give the adapter's folder to one of them"});
  }

  CheckRequest request{*paths, &checkpoint, &adapter, key_mapping, {}, false, {}};
  request.no_mapping = no_mapping;
  request.published.assign(published.begin(), published.end());
  request.options.jobs = jobs.count();
  request.options.all_evidence = all || (checkpoint.given() && format->report != nullptr && format->report->name == "json");
  const CheckEnding ending{&fixes,
                           &baseline,
                           configuration.baseline,
                           *format,
                           *fail_on,
                           allow_unjudged || configuration.allow_unjudged,
                           statistics,
                           out};
  std::vector<std::string> expected_keys = configuration.expected_keys;
  expected_keys.insert(expected_keys.end(), expect_missing.begin(), expect_missing.end());
  if (!expected_keys.empty()) {
    auto expected = GlobMatcher("expected-keys", expected_keys);
    if (!expected) return Fail(expected.error());
    request.options.expected_key = *std::move(expected);
  }
  const Status applied = rules.ApplyTo(configuration, &request.options);
  if (!applied) return Fail(applied.error());
  const Result<ExitStatus> status = CheckClasses(request, ending);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
