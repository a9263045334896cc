// `wcheck check`, the default command: judges classes and reports the findings.
#include <filesystem>
#include <optional>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/checks/check.h"
#include "wcheck/checks/judge.h"
#include "wcheck/cli/baseline_flags.h"
#include "wcheck/cli/command_line.h"
#include "wcheck/cli/dot_report.h"
#include "wcheck/cli/html_report.h"
#include "wcheck/cli/inputs.h"
#include "wcheck/cli/output.h"
#include "wcheck/cli/progress.h"
#include "wcheck/cli/rule_flags.h"
#include "wcheck/engine/adapter.h"
#include "wcheck/report/check_page.h"
#include "wcheck/report/report.h"
#include "wcheck/version.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// When findings make the exit status kFindings; absent: never.
using FailOn = std::optional<Severity>;

constexpr std::pair<std::string_view, FailOn> kFailOnChoices[] = {
    {"error", Severity::kError},
    {"warning", Severity::kWarning},
    {"note", Severity::kNote},
    {"never", std::nullopt},
};

// A report of findings alone, or one that shows the ways of keys too.
struct Format {
  enum class Kind : uint8_t { kReport, kDot, kHtml };
  Kind kind = Kind::kReport;
  const ReportFormat* report = nullptr;  // kReport
};

std::vector<std::pair<std::string_view, Format>> Formats() {
  std::vector<std::pair<std::string_view, Format>> formats;
  for (const ReportFormat& report : ReportFormats())
    formats.emplace_back(report.name, Format{Format::Kind::kReport, &report});
  formats.emplace_back("dot", Format{Format::Kind::kDot, nullptr});
  formats.emplace_back("html", Format{Format::Kind::kHtml, nullptr});
  return formats;
}

// LLVM keeps a reference to the text.
const std::string& FormatHelp() {
  static const std::string text = [] {
    std::string names;
    for (const auto& [name, format] : Formats()) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return "How to report: " + names + " (default: " + std::string(ReportFormats().front().name) +
           "); dot draws one model; html is a page, or with -o FOLDER/ an index and a page a class";
  }();
  return text;
}

std::string CommandList() {
  std::string text = "COMMANDS (`wcheck COMMAND --help` says more):\n\n";
  for (const Command& command : Commands()) {
    std::string line = "  " + std::string(command.name);
    line.resize(13, ' ');
    text += line + std::string(command.summary) + '\n';
  }
  return text;
}

ReportInput InputOf(const Judgement& judgement, FailOn fail_on, std::string_view folder,
                    bool color) {
  std::vector<CheckInfo> checks;
  for (const Check* check : AllChecks()) checks.push_back(check->info());
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
Status WriteReport(const Inputs& inputs, const std::vector<size_t>& classes, const Profile& profile,
                   Format format, const ReportInput& input, const std::string& out) {
  const bool html = format.kind == Format::Kind::kHtml;
  if (html && NamesFolder(out)) return WriteHtmlFolder(out, inputs, classes, profile, input);
  Result<std::string> report = std::string();
  if (html) {
    report = HtmlReport(inputs, classes, profile, input);
  } else if (format.kind == Format::Kind::kReport) {
    report = RenderReport(input, *format.report);
  } else {
    const Result<Layout> layout = inputs.layouts->Read(classes.front());
    if (!layout) return layout.error();
    report = DotReport(*layout, *inputs.registry, profile, input.judgement);
  }
  if (!report) return report.error();
  Output output(out);
  if (Status written = output.Write(*report); !written) return written.error();
  return output.Finish();
}

// An adapter that touches no model would make its checks pass in silence.
Status CheckTouches(const AdapterConfig& adapter, const LayoutSource& layouts,
                    const std::vector<size_t>& classes, const std::string& path) {
  for (size_t i : classes) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    if (TouchesModel(adapter, *layout)) return Unit{};
  }
  return Error{{path, 0, 0, ""},
               "it names no module of any model that is judged",
               "name the model that it is for with --model"};
}

// The findings that are known.
struct KnownFindings {
  const BaselineFlags* flags;
  std::string configured;  // the baseline that .wcheck.json names
};

// The exit status of a run that has come to its end.
Result<ExitStatus> CheckClasses(const InputPaths& paths, const std::vector<std::string>& globs,
                                JudgeOptions options, const KnownFindings& known, Format format,
                                FailOn fail_on, const std::string& out,
                                const std::string& adapter_path) {
  const Result<Inputs> inputs = OpenInputs(paths);
  if (!inputs) return inputs.error();
  options.profile = inputs->engine;
  options.sections = inputs->sections.get();
  const LayoutSource& layouts = *inputs->layouts;
  const Result<std::vector<size_t>> classes = SelectClasses(layouts, globs);
  if (!classes) return classes.error();
  std::optional<AdapterConfig> adapter;
  if (!adapter_path.empty()) {
    Result<AdapterConfig> read = ReadAdapterConfig(adapter_path);
    if (!read) return read.error();
    adapter = std::move(*read);
    if (Status touches = CheckTouches(*adapter, layouts, *classes, adapter_path); !touches) {
      return touches.error();
    }
    options.adapter = &*adapter;
  }
  const bool all_classes = classes->size() == layouts.size();
  Result<Judgement> judgement = Judgement{};
  {
    ProgressBar bar(classes->size());
    options.progress = [&bar](size_t done) { bar.Show(done); };
    judgement = Judge(*inputs->registry, layouts, *classes, all_classes, options);
  }
  if (!judgement) return judgement.error();
  if (known.flags->writes()) {
    const Status written = known.flags->Write(*judgement);
    return written ? Result<ExitStatus>(kClean) : written.error();
  }
  const Status applied = known.flags->Apply(known.configured, all_classes, options, &*judgement);
  if (!applied) return applied.error();
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  const bool color = Output(out).standard() && StandardOutputHasColors();
  const ReportInput input = InputOf(*judgement, fail_on, folder, color);
  if (Status written = WriteReport(*inputs, *classes, *options.profile, format, input, out);
      !written) {
    return written.error();
  }
  for (const Finding& finding : judgement->findings) {
    if (fail_on && finding.severity >= *fail_on) return kFindings;
  }
  return kClean;
}

}  // namespace

int RunCheck(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  RuleFlags rules;
  BaselineFlags baseline;
  JobsFlag jobs;
  cl::opt<std::string> format_name("format", cl::value_desc("name"), cl::ZeroOrMore,
                                   cl::init(std::string(ReportFormats().front().name)),
                                   cl::desc(FormatHelp()), cl::cat(OutputOptions()));
  cl::opt<std::string> fail_on_name(
      "fail-on", cl::value_desc("severity"), cl::ZeroOrMore, cl::init("error"),
      cl::desc("Exit with status 1 from this severity on: error, warning, note, or never (default: "
               "error)"),
      cl::cat(OutputOptions()));
  cl::opt<std::string> adapter("adapter", cl::value_desc("adapter_config.json"), cl::ZeroOrMore,
                               cl::desc("Check what loading does to the keys of this adapter too"),
                               cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, whole or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Checks that a conversion mapping still loads every checkpoint and saves it "
                      "back under the same names.",
                      CommandList())) {
    return kBadInput;
  }

  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());
  const Result<Format> format = ParseChoice<Format>("format", format_name, Formats());
  if (!format) return Fail(format.error());
  const Result<FailOn> fail_on = ParseChoice<FailOn>("fail-on", fail_on_name, kFailOnChoices);
  if (!fail_on) return Fail(fail_on.error());

  JudgeOptions options;
  options.jobs = jobs.count();
  KnownFindings known{&baseline, ""};
  if (const Status applied = rules.ApplyTo(&options, &known.configured); !applied) {
    return Fail(applied.error());
  }
  const Result<ExitStatus> status =
      CheckClasses(*paths, flags.models(), std::move(options), known, *format, *fail_on, out,
                   adapter);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
