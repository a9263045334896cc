// `wcheck map`: all renamings of a model as a table.
#include "analysis/key_map.h"
#include "checkpoint/adapter.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/model_simulations.h"
#include "cli/name_table.h"
#include "cli/output.h"
#include "families/boxes.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr std::pair<std::string_view, MapFormat> kMapFormats[] = {
    {"tsv", MapFormat::kTsv}, {"json", MapFormat::kJson}, {"markdown", MapFormat::kMarkdown}};
constexpr std::pair<std::string_view, Direction> kMapDirections[] = {{"load", Direction::kLoad},
                                                                     {"save", Direction::kSave}};

// The keys of an adapter: where they go, where their weight goes, and whether the two agree.
std::string AdapterTable(const Simulation& simulation, const AdapterConfig& config) {
  std::string table;
  for (const AdapterFate& fate : FatesOfAdapter(simulation, config)) {
    const bool follows = fate.kind == AdapterFate::Kind::kFollows;
    const auto cell = [](std::string_view text) { return Escaped(text, Medium::kTsvCell) + '\t'; };
    table += cell(simulation.layout->class_name) + cell(fate.keys) +
             cell(fate.result.empty() ? "-" : fate.result) + cell(fate.weight) +
             (follows ? "follows" : "stranded") + '\n';
  }
  return table;
}

Status WriteAdapter(const ModelSimulations& models, const std::string& path, Output* output) {
  const Result<AdapterConfig> config = ReadAdapterConfig(path);
  if (!config) return config.error();
  std::string table;
  Status status = models.ForEach([&](const Simulation& simulation) -> Status {
    table += AdapterTable(simulation, *config);
    return Unit{};
  });
  if (!status) return status;
  if (table.empty()) {
    return Error{{path, 0, 0, ""},
                 "it selects no module of these models that has factors",
                 "give its model with --model"};
  }
  status = output->Write("class\tadapter keys\tare loaded into\ttheir weight\tverdict\n" + table);
  return status ? output->Finish() : status;
}

// What given names become.
Status WriteNames(const ModelSimulations& models, const std::string& path, Direction direction,
                  Output* output) {
  const Result<NameList> names = ReadNames(path);
  if (!names) return names.error();
  std::string table(kNameTableHeading);
  Status status = models.ForEachLayout(
      [&](const Layout& layout, const CompiledRegistry& registry) -> Status {
        const Result<std::string> lines = NameTable(layout, registry, *names, direction);
        if (!lines) return lines.error();
        table += *lines;
        return Unit{};
      });
  if (!status) return status.error();
  status = output->Write(table);
  return status ? output->Finish() : status;
}

// The parts of families that are no keys of `known`, as lines.
void AddLacking(const Simulation& simulation, std::span<const LayoutFamily> families,
                const KeySet& known, std::string_view verdict, std::string* table) {
  for (const LayoutFamily& family : families) {
    std::vector<std::span<const IndexSet>> same;
    for (const uint32_t f : known.FamiliesOf(family.pattern)) {
      same.push_back(known.families()[f].numbers);
    }
    for (const IndexBox& rest : BoxMinus(BoxOf(family.numbers), same)) {
      *table += Escaped(simulation.layout->class_name, Medium::kTsvCell) + '\t' +
                Escaped(ShowFamily(family.pattern, rest), Medium::kTsvCell) + '\t' +
                std::to_string(BoxSize(rest)) + '\t' + std::string(verdict) + '\n';
    }
  }
}

// What happens if the keys that a save writes are loaded as they are (`load_state_dict`).
Status WriteRaw(const ModelSimulations& models, Output* output) {
  std::string table = "class\tkeys\tcount\tin a load without conversion\n";
  Status status = models.ForEach([&](const Simulation& simulation) -> Status {
    if (simulation.saved.error) {
      return Error{{}, "a save of " + simulation.layout->class_name + " raises " +
                           simulation.saved.error->ToString(), ""};
    }
    const KeySet saved(simulation.saved.tensors);
    AddLacking(simulation, simulation.layout->families, saved, "is not filled", &table);
    AddLacking(simulation, simulation.saved.tensors, *simulation.model, "goes nowhere", &table);
    return Unit{};
  });
  if (!status) return status;
  status = output->Write(table);
  return status ? output->Finish() : status;
}

}  // namespace

int RunMap(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  cl::opt<std::string> format("format", cl::value_desc("name"), cl::init("tsv"), cl::ZeroOrMore,
                              cl::desc("Write tsv (default), json or markdown"),
                              cl::cat(OutputOptions()));
  cl::opt<std::string> direction(
      "direction", cl::value_desc("way"), cl::init("load"), cl::ZeroOrMore,
      cl::desc("Which direction to show: load (default) or save"), cl::cat(OutputOptions()));
  cl::opt<bool> expand("expand", cl::desc("Write every key instead of families"), cl::ZeroOrMore,
                       cl::cat(OutputOptions()));
  cl::opt<std::string> adapter("adapter", cl::value_desc("adapter_config.json"), cl::ZeroOrMore,
                               cl::desc("Write the keys of this adapter instead (tsv, load)"),
                               cl::cat(InputOptions()));
  cl::opt<bool> raw("raw", cl::ZeroOrMore,
                    cl::desc("Write instead which keys a load without conversion (load_state_dict) of "
                             "what a save writes does not fill or use (tsv)"),
                    cl::cat(OutputOptions()));
  cl::opt<std::string> names(
      "names", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("Write instead what these names become, one a line (- reads standard input): of a "
               "checkpoint for a load, of a model for a save (tsv)"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Writes all renamings of a model as a table: checkpoint names, model names, "
                      "shapes and transforms.")) {
    return kBadInput;
  }
  const Result<MapFormat> chosen = ChooseFormat<MapFormat>(format, out, {}, kMapFormats);
  if (!chosen) return Fail(chosen.error());
  const Result<Direction> way = ParseChoice<Direction>("direction", direction, kMapDirections);
  if (!way) return Fail(way.error());
  if (!adapter.empty() && (*chosen != MapFormat::kTsv || *way != Direction::kLoad || expand)) {
    return Fail(Error{{},
                      "--adapter writes a table of its own, of a load, as tsv",
                      "leave out --format, --direction and --expand"});
  }
  if (raw && (!adapter.empty() || *chosen != MapFormat::kTsv || expand)) {
    return Fail(Error{{},
                      "--raw writes a table of its own, as tsv",
                      "leave out --format, --expand and --adapter"});
  }
  if (!names.empty() && (raw || !adapter.empty() || *chosen != MapFormat::kTsv || expand)) {
    return Fail(Error{{},
                      "--names writes a table of its own, as tsv",
                      "leave out --format, --expand, --adapter and --raw"});
  }
  const Result<ModelSimulations> models = ModelSimulations::Open(flags, engine);
  if (!models) return Fail(models.error());

  if (!names.empty()) {
    Output output(out);
    const Status written = WriteNames(*models, names, *way, &output);
    return written ? kClean : Fail(written.error());
  }
  if (raw) {
    Output output(out);
    const Status written = WriteRaw(*models, &output);
    return written ? kClean : Fail(written.error());
  }
  if (!adapter.empty()) {
    Output output(out);
    const Status written = WriteAdapter(*models, adapter, &output);
    return written ? kClean : Fail(written.error());
  }
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
