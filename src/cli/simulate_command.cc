// `wcheck simulate`: what the engine would do, one JSON object per class.
#include <optional>

#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "cli/simulation_input.h"
#include "project/suggestions.h"
#include "engine/simulation.h"
#include "report/simulation_json.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

using KeysByClass = std::map<std::string, CheckpointKeys, std::less<>>;

// One line of output. A registry with a transform that does not construct could not be imported, so
// nothing happens to any class.
Status WriteOne(const Layout& layout, const CompiledRegistry& registry,
                SimulationOptions options, const CheckpointKeys* given, Output* output) {
  if (!registry.rejections().empty()) {
    return output->Write(RejectedJson(layout.class_name, registry.rejections().front().error) +
                         '\n');
  }
  options.save_again = true;
  const Simulation simulation = Simulate(layout, registry, options);
  std::optional<Simulation> loaded;
  if (given != nullptr) {
    loaded = Simulate(layout, registry, {.load_only = true, .checkpoint = &given->families});
  }
  return output->Write(SimulationJson(simulation, loaded ? &*loaded : nullptr) + '\n');
}

// The classes to simulate: the selected ones; otherwise those with given checkpoint keys; otherwise
// all.
Result<std::vector<size_t>> ChooseClasses(const LayoutSource& layouts,
                                          std::vector<std::string> globs,
                                          const KeysByClass* checkpoints) {
  if (checkpoints == nullptr || !globs.empty()) return SelectClasses(layouts, globs);
  for (const auto& [name, keys] : *checkpoints) globs.push_back(name);
  return SelectClasses(layouts, globs);
}

Status SimulateClasses(const InputPaths& paths, const std::string& checkpoint_keys_path,
                       Output* output) {
  const Result<Inputs> inputs = OpenInputsAloud(paths);
  if (!inputs) return inputs.error();
  KeysByClass checkpoints;
  const bool given = !checkpoint_keys_path.empty();
  if (given) {
    Result<KeysByClass> read = ReadCheckpointKeys(checkpoint_keys_path);
    if (!read) return read.error();
    checkpoints = std::move(*read);
  }
  const Result<std::vector<size_t>> classes =
      ChooseClasses(*inputs->layouts, paths.models, given ? &checkpoints : nullptr);
  if (!classes) return classes.error();

  const Result<std::vector<Layout>> layouts = ReadLayouts(*inputs->layouts, *classes);
  if (!layouts) return layouts.error();
  for (const Layout& layout : *layouts) {
    if (!given || checkpoints.contains(layout.class_name)) continue;
    return Error{{checkpoint_keys_path, 0, 0, ""},
                 "there are no checkpoint keys for class '" + layout.class_name + "'",
                 ""};
  }

  const CompiledRegistry registry(*inputs->registry, *inputs->engine);
  SimulationOptions options;
  for (const Layout& layout : *layouts) {
    options.checkpoint = given ? &checkpoints.find(layout.class_name)->second.families : nullptr;
    if (Status status = WriteOne(layout, registry, options, nullptr, output); !status) return status;
  }
  return output->Finish();
}

Status SimulateCases(const std::string& path, const Engine& engine, Output* output) {
  const Result<std::vector<Case>> cases = ReadCases(path);
  if (!cases) return cases.error();
  for (const Case& one : *cases) {
    const CompiledRegistry registry(one.registry, engine);
    const CheckpointKeys* given = one.given ? &*one.given : nullptr;
    if (Status status = WriteOne(one.layout, registry, {}, given, output); !status) return status;
  }
  return output->Finish();
}

}  // namespace

int RunSimulate(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  cl::opt<std::string> checkpoint_keys(
      "checkpoint-keys", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("Load these keys (lines of {\"class\", \"checkpoint\"}) instead of those that a "
               "fresh save writes"),
      cl::cat(InputOptions()));
  cl::opt<std::string> cases(
      "cases", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("Simulate cases: lines that each contain a {\"registry\", \"layout\"}"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(
          arguments, "Writes what the engine would do with each key, one JSON object per class.")) {
    return kBadInput;
  }

  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());

  Output output(out);
  Status status = Unit{};
  if (cases.empty()) {
    status = SimulateClasses(*paths, checkpoint_keys, &output);
  } else if (flags.given() || !checkpoint_keys.empty()) {
    status = Error{{},
                   "--cases brings its own registries, layouts and checkpoints",
                   "use it without the other input options"};
  } else if (paths->engine.engine == nullptr && paths->engine.given) {
    status = Error{{},
                   "--engine auto does not work with --cases, which belong to no release",
                   "name the engine"};
  } else {
    const Engine* named = paths->engine.engine;
    status = SimulateCases(cases, named != nullptr ? *named : DefaultEngine(), &output);
  }
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
