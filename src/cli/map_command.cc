// `wcheck map`: the whole renaming of a model as a table.
#include "wcheck/cli/command_line.h"
#include "wcheck/cli/inputs.h"
#include "wcheck/cli/model_simulations.h"
#include "wcheck/cli/output.h"
#include "wcheck/report/key_map.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr std::pair<std::string_view, MapFormat> kFormats[] = {
    {"tsv", MapFormat::kTsv}, {"json", MapFormat::kJson}, {"markdown", MapFormat::kMarkdown}};
constexpr std::pair<std::string_view, Direction> kDirections[] = {{"load", Direction::kLoad},
                                                                  {"save", Direction::kSave}};

}  // namespace

int RunMap(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  cl::opt<std::string> format("format", cl::value_desc("name"), cl::init("tsv"), cl::ZeroOrMore,
                              cl::desc("Write tsv (default), json or markdown"),
                              cl::cat(OutputOptions()));
  cl::opt<std::string> direction(
      "direction", cl::value_desc("way"), cl::init("load"), cl::ZeroOrMore,
      cl::desc("Take the names from a load (default) or from a save"), cl::cat(OutputOptions()));
  cl::opt<bool> expand("expand", cl::desc("Write every key, not families"), cl::ZeroOrMore,
                       cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, whole or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Writes the renaming of a model as a table: checkpoint names, model names, "
                      "shapes and transforms.")) {
    return kBadInput;
  }
  const Result<MapFormat> chosen = ParseChoice<MapFormat>("format", format, kFormats);
  if (!chosen) return Fail(chosen.error());
  const Result<Direction> way = ParseChoice<Direction>("direction", direction, kDirections);
  if (!way) return Fail(way.error());
  const Result<ModelSimulations> models = ModelSimulations::Open(flags, engine);
  if (!models) return Fail(models.error());

  const Folding folding = expand ? Folding::kMembers : Folding::kFamilies;
  MapDocument document(*chosen);
  Status status = models->ForEach([&](const Simulation& simulation) -> Status {
    const Result<KeyMap> map = BuildKeyMap(simulation, *way, folding);
    if (!map) return map.error();
    document.Add(*map);
    return Unit{};
  });
  if (!status) return Fail(status.error());
  Output output(out);
  status = output.Write(std::move(document).Finish());
  if (status) status = output.Finish();
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
