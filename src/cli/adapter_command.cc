// `wcheck adapter convert`: an adapter whose names are to blame, under names that arrive.
#include <filesystem>

#include "adapter/renamed_file.h"
#include "cli/adapter_flag.h"
#include "cli/command_line.h"
#include "cli/engine_flag.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

Status Convert(const AdapterFlag& flag, const InputPaths& paths, const std::string& out) {
  Result<Inputs> inputs = OpenInputs(paths);
  if (!inputs) return inputs.error();
  const Result<AdapterModel> model = flag.Model(*inputs, paths.models, paths.layouts.empty());
  if (!model) return model.error();
  const std::string& from = model->folder.weights;
  if (from.empty()) {
    return Error{{model->folder.path, 0, 0, ""}, "there is no adapter_model.safetensors to convert", ""};
  }
  const BaseModel base(model->sized.layout, model->sized.known, model->ties());
  const CompiledRegistry registry(*inputs->registry, *inputs->engine);
  const AdapterRoute route = model->question.routes.front();
  const auto names = NamesThatArrive(model->folder, base, registry, *model->question.peft, route);
  if (!names) {
    return Error{{from, 0, 0, ""},
                 "no other names make it arrive by " + std::string(RouteName(route)),
                 "`wcheck --adapter` says what is lost, and why"};
  }
  std::error_code error;
  fs::create_directories(out, error);
  if (error) return Error{{out, 0, 0, ""}, "the folder cannot be made", ""};
  const std::string to = (fs::path(out) / "adapter_model.safetensors").string();
  if (fs::equivalent(from, to, error)) {
    return Error{{to, 0, 0, ""}, "the adapter itself would be overwritten", "name another folder with -o"};
  }
  if (Status written = WriteRenamed(from, to, *names); !written) return written.error();
  Result<std::string> config = ReadFile(model->folder.config.path, kMaxConfigFile);
  if (!config) return config.error();
  if (Status written = WriteFile((fs::path(out) / "adapter_config.json").string(), *config); !written) {
    return written.error();
  }
  size_t changed = 0;
  for (const auto& [key, name] : *names) changed += key == name ? 0 : 1;
  Say(std::to_string(changed) + " of " + std::to_string(names->size()) + " keys renamed in " + to);
  return Unit{};
}

}  // namespace

int RunAdapter(const Arguments& arguments) {
  // Before the mapping, which may follow it.
  cl::opt<std::string> what(cl::Positional, cl::Required, cl::desc("convert"),
                            cl::cat(InputOptions()));
  InputFlags flags;
  EngineFlag engine;
  AdapterFlag adapter;
  cl::opt<std::string> out("o", cl::Required, cl::value_desc("folder"),
                           cl::desc("The folder for the converted adapter"), cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "wcheck adapter convert: writes an adapter under names with which it arrives, if names "
                      "alone are to blame. The header is written anew, the data is copied.")) {
    return kBadInput;
  }
  if (what != "convert") {
    return Fail(Error{{}, "'" + what + "' is nothing that can be done with an adapter", "write convert"});
  }
  if (adapter.path().empty()) return Fail(Error{{}, "there is no adapter to convert", "name its folder with --adapter"});
  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());
  const Status status = Convert(adapter, *paths, out);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
