// `wcheck graph`: the transforms of one model and the keys that they move.
#include "analysis/graph.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/model_simulations.h"
#include "cli/output.h"
#include "report/graph_marks.h"
#include "report/graph_text.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class PictureFormat : uint8_t { kDot, kSvg };

constexpr std::pair<std::string_view, PictureFormat> kPictureFormats[] = {
    {"dot", PictureFormat::kDot}, {"svg", PictureFormat::kSvg}};
constexpr std::pair<std::string_view, Direction> kGraphDirections[] = {{"load", Direction::kLoad},
                                                                       {"save", Direction::kSave}};

Result<std::string> Picture(const Simulation& simulation, const GraphOptions& options,
                            PictureFormat format) {
  const Result<TransformGraph> graph = BuildGraph(simulation, options);
  if (!graph) return graph.error();
  if (format == PictureFormat::kSvg) return SvgText(*graph);
  return DotText(*graph);
}

// A picture shows one class.
Status CheckOne(const ModelSimulations& models) {
  if (models.size() == 1) return Unit{};
  return Error{{},
               "a graph shows one model class, but " + std::to_string(models.size()) +
                   " are chosen, " + models.class_name(0) + " and " + models.class_name(1) +
                   " among them",
               "name one with --model"};
}

}  // namespace

int RunGraph(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  cl::opt<std::string> format("format", cl::value_desc("name"), cl::init("dot"), cl::ZeroOrMore,
                              cl::desc("Write dot (default) or svg"), cl::cat(OutputOptions()));
  cl::opt<std::string> direction(
      "direction", cl::value_desc("way"), cl::init("load"), cl::ZeroOrMore,
      cl::desc("Show what a load does (default), or a save"), cl::cat(OutputOptions()));
  cl::opt<std::string> only("only", cl::value_desc("text"), cl::ZeroOrMore,
                            cl::desc("Show the families whose name contains this, or matches it if "
                                     "it is a glob"),
                            cl::cat(OutputOptions()));
  cl::opt<unsigned> max_nodes(
      "max-nodes", cl::value_desc("n"), cl::init(kDefaultGraphNodes), cl::ZeroOrMore,
      cl::desc("Draw at most this many nodes (default: 80), and count what is left out"),
      cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(
          arguments,
          "Draws the transforms of a model class: checkpoint families on the left, model "
          "families on the right.")) {
    return kBadInput;
  }
  const Result<PictureFormat> chosen =
      ChooseFormat<PictureFormat>(format, out, {}, kPictureFormats);
  if (!chosen) return Fail(chosen.error());
  const Result<Direction> way = ParseChoice<Direction>("direction", direction, kGraphDirections);
  if (!way) return Fail(way.error());
  if (max_nodes < kLeastGraphNodes) {
    return Fail(Error{{},
                      "--max-nodes is " + std::to_string(max_nodes) + "; it must be at least " +
                          std::to_string(kLeastGraphNodes),
                      ""});
  }
  const Result<ModelSimulations> models = ModelSimulations::Open(flags, engine);
  if (!models) return Fail(models.error());
  if (Status one = CheckOne(*models); !one) return Fail(one.error());

  GraphOptions options;
  options.direction = *way;
  options.only = only;
  options.max_nodes = max_nodes;
  const Result<Judgement> judgement = models->FindFaults();
  if (!judgement) return Fail(judgement.error());
  const WrittenTransforms written(models->registry());
  std::string picture;
  Status status = models->ForEach([&](const Simulation& simulation) -> Status {
    options.marks = MarksOf(simulation.plan, written, judgement->findings);
    Result<std::string> made = Picture(simulation, options, *chosen);
    if (!made) return made.error();
    picture = std::move(*made);
    return Unit{};
  });
  if (!status) return Fail(status.error());
  Output output(out);
  status = output.Write(picture);
  if (status) status = output.Finish();
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
