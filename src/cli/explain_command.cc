// `wcheck explain`: the way of single keys through load and save.
#include <filesystem>

#include "analysis/explain.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/model_simulations.h"
#include "cli/output.h"
#include "project/suggestions.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class ExplainFormat : uint8_t { kText, kJson };

constexpr std::pair<std::string_view, ExplainFormat> kExplainFormats[] = {
    {"text", ExplainFormat::kText}, {"json", ExplainFormat::kJson}};

std::string Suggest(const Simulation& simulation, std::string_view key) {
  std::vector<std::string> names = KeysLike(simulation, key);
  std::vector<std::string_view> views(names.begin(), names.end());
  return DidYouMean(Nearest(key, views));
}

Result<ExplainReport> Explain(const Simulation& simulation, const std::string& key) {
  if (key.empty()) return ExplainModel(simulation);
  Result<ExplainReport> report = ExplainKey(simulation, key);
  if (!report) {
    Error error = report.error();
    std::string nearest = Suggest(simulation, key);
    if (!nearest.empty()) error.advice = std::move(nearest);
    return error;
  }
  if (report->explanations.front().subject != Explanation::Subject::kGivenKey) return report;
  // KEY comes before the mapping on the command line; a single file was meant to be the mapping.
  std::error_code ignored;
  if (std::filesystem::is_regular_file(key, ignored)) {
    return Error{{},
                 "'" + key + "' is a file, but a key was expected here",
                 "give the mapping with --registry"};
  }
  std::string nearest = Suggest(simulation, key);
  if (!nearest.empty()) report->notes.push_back(std::move(nearest));
  return report;
}

}  // namespace

int RunExplain(const Arguments& arguments) {
  Word key(cl::Positional, cl::desc("[key]"), cl::cat(InputOptions()));
  InputFlags flags;
  EngineFlag engine;
  cl::opt<std::string> format("format", cl::value_desc("name"), cl::init("text"), cl::ZeroOrMore,
                              cl::desc("Write text (default) or json"), cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(
          arguments,
          "Follows a key through load and save: each transform that was tried, and why it did or "
          "did not fire. The key is one of the model or of a checkpoint, or a family of them, with "
          "{i} for any number; without one, the families with the most steps are shown.")) {
    return kBadInput;
  }
  const Result<ExplainFormat> chosen =
      ChooseFormat<ExplainFormat>(format, out, {}, kExplainFormats);
  if (!chosen) return Fail(chosen.error());
  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());
  if (paths->models.empty()) {
    return Fail(Error{{}, "there is no model class to explain", "name one with --model"});
  }
  const Result<ModelSimulations> models = ModelSimulations::Open(flags, engine);
  if (!models) return Fail(models.error());

  const bool color = out.empty() && StandardOutputHasColors();
  std::string text;
  std::vector<std::string> json;
  Status status = models->ForEach([&](const Simulation& simulation) -> Status {
    const Result<ExplainReport> report = Explain(simulation, key);
    if (!report) return report.error();
    if (*chosen == ExplainFormat::kJson) {
      json.push_back(ExplainJsonModel(*report));
    } else {
      text += (text.empty() ? "" : "\n") + ExplainText(*report, color);
    }
    return Unit{};
  });
  if (!status) return Fail(status.error());
  Output output(out);
  status = output.Write(*chosen == ExplainFormat::kJson ? ExplainJson(json) : text);
  if (status) status = output.Finish();
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
