// `wcheck check`, the default command: judges classes and reports the findings.
#include <filesystem>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/checks/check.h"
#include "wcheck/checks/judge.h"
#include "wcheck/cli/command_line.h"
#include "wcheck/cli/dot_report.h"
#include "wcheck/cli/inputs.h"
#include "wcheck/cli/output.h"
#include "wcheck/cli/rule_flags.h"
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

// A report, or the picture of one model.
struct Format {
  const ReportFormat* report = nullptr;  // null: DotReport
};

std::vector<std::pair<std::string_view, Format>> Formats() {
  std::vector<std::pair<std::string_view, Format>> formats;
  for (const ReportFormat& report : ReportFormats())
    formats.emplace_back(report.name, Format{&report});
  formats.emplace_back("dot", Format{});
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
           "); dot draws one model";
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

std::string RenderReport(const Judgement& judgement, const ReportFormat& format, FailOn fail_on,
                         bool color) {
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  std::vector<CheckInfo> checks;
  for (const Check* check : AllChecks()) checks.push_back(check->info());
  const ReportInput input{
      .judgement = judgement,
      .checks = std::move(checks),
      .version = kVersion,
      .fail_on = fail_on.value_or(Severity::kError),
      .color = color,
      .folder = folder,
      .page = CheckPage,
  };
  std::string text;
  llvm::raw_string_ostream stream(text);
  format.write(input, &stream);
  stream.flush();
  return text;
}

// The exit status of a run that has come to its end.
Result<ExitStatus> CheckClasses(const InputPaths& paths, const std::vector<std::string>& globs,
                                const JudgeOptions& options, Format format, FailOn fail_on,
                                Output* output) {
  const Result<Inputs> inputs = OpenInputs(paths);
  if (!inputs) return inputs.error();
  const LayoutSource& layouts = *inputs->layouts;
  const Result<std::vector<size_t>> classes = SelectClasses(layouts, globs);
  if (!classes) return classes.error();
  const Result<Judgement> judgement =
      Judge(*inputs->registry, layouts, *classes, classes->size() == layouts.size(), options);
  if (!judgement) return judgement.error();
  Result<std::string> report = std::string();
  if (format.report != nullptr) {
    const bool color = output->standard() && StandardOutputHasColors();
    report = RenderReport(*judgement, *format.report, fail_on, color);
  } else {
    const Result<Layout> layout = layouts.Read(classes->front());
    if (!layout) return layout.error();
    report = DotReport(*layout, *inputs->registry, *options.profile, *judgement);
  }
  if (!report) return report.error();
  if (Status written = output->Write(*report); !written) return written.error();
  if (Status finished = output->Finish(); !finished) return finished.error();
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
  cl::opt<std::string> format_name("format", cl::value_desc("name"), cl::ZeroOrMore,
                                   cl::init(std::string(ReportFormats().front().name)),
                                   cl::desc(FormatHelp()), cl::cat(OutputOptions()));
  cl::opt<std::string> fail_on_name(
      "fail-on", cl::value_desc("severity"), cl::ZeroOrMore, cl::init("error"),
      cl::desc("Exit with status 1 from this severity on: error, warning, note, or never (default: "
               "error)"),
      cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, whole or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Checks that a conversion mapping still loads every checkpoint and saves it "
                      "back under the same names.",
                      CommandList())) {
    return kBadInput;
  }

  const Result<InputPaths> paths = flags.Paths();
  if (!paths) return Fail(paths.error());
  const Result<const Profile*> profile = engine.Get();
  if (!profile) return Fail(profile.error());
  const Result<Format> format = ParseChoice<Format>("format", format_name, Formats());
  if (!format) return Fail(format.error());
  const Result<FailOn> fail_on = ParseChoice<FailOn>("fail-on", fail_on_name, kFailOnChoices);
  if (!fail_on) return Fail(fail_on.error());

  JudgeOptions options;
  options.profile = *profile;
  if (const Status applied = rules.ApplyTo(&options); !applied) return Fail(applied.error());
  Output output(out);
  const Result<ExitStatus> status =
      CheckClasses(*paths, flags.models(), options, *format, *fail_on, &output);
  return status ? *status : Fail(status.error());
}

}  // namespace wcheck::cli
