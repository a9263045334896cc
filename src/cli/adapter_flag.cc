#include "cli/adapter_flag.h"

#include <filesystem>

#include "cli/checkpoint_flag.h"
#include "cli/command_line.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

constexpr std::string_view kConfigName = "adapter_config.json";

// The configuration of the model: the one given, else the one beside the adapter, if there is one.
Result<std::optional<ModelConfig>> ReadModelConfig(const std::string& given, const std::string& folder) {
  std::string path = given;
  if (path.empty()) {
    path = (fs::path(folder) / "config.json").string();
    std::error_code error;
    if (!fs::exists(path, error)) return std::optional<ModelConfig>();
  }
  Result<ModelConfig> config = ModelConfig::Read(path);
  if (!config) return config.error();
  return std::optional<ModelConfig>(*std::move(config));
}

Result<size_t> ClassOf(const std::optional<ModelConfig>& config, const std::string& path, const LayoutSource& layouts,
                       const std::vector<std::string>& globs) {
  Checkpoint names;
  names.files = {path};
  if (config) {
    names.config = config->path();
    names.architectures = config->architectures();
    names.model_type = config->model_type();
  }
  return ClassOfCheckpoint(names, layouts, globs);
}

}  // namespace

AdapterFlag::AdapterFlag()
    : path_("adapter", cl::value_desc("folder"), cl::ZeroOrMore,
            cl::desc("Judge what PEFT and transformers make of this adapter: its folder, or its weights. A lone "
                     "adapter_config.json is judged with the mapping, by the modules that it selects"),
            cl::cat(InputOptions())),
      config_("config", cl::value_desc("config.json"), cl::ZeroOrMore,
              cl::desc("The configuration of the model that --adapter is for, or of --checkpoint (default: the one "
                       "beside it)"),
              cl::cat(InputOptions())),
      route_("route", cl::value_desc("route"), cl::ZeroOrMore,
             cl::desc("How --adapter is loaded: peft (PeftModel.from_pretrained) or transformers "
                      "(model.load_adapter) (default: both are judged)"),
             cl::cat(InputOptions())),
      peft_("peft", cl::value_desc("release"), cl::ZeroOrMore,
            cl::desc("The release of PEFT that loads --adapter (default: the newest known)"), cl::cat(InputOptions())) {}

bool IsAdapter(const std::string& path) {
  std::error_code error;
  const fs::path at(path);
  const fs::path folder = fs::is_directory(at, error) ? at : at.parent_path();
  return fs::exists((folder.empty() ? fs::path(".") : folder) / kConfigName, error);
}

bool AdapterFlag::folder() const {
  std::error_code error;
  return !path_.empty() && (fs::is_directory(path_.getValue(), error) ||
                            fs::path(path_.getValue()).extension() == ".safetensors");
}

Result<Judgement> AdapterFlag::Judge(const Inputs& inputs, const std::vector<std::string>& globs, bool default_layout,
                                     const JudgeOptions& options, std::vector<size_t>* classes) const {
  return JudgeCheckpoint(path_, inputs, globs, default_layout, options, classes);
}

Result<Judgement> AdapterFlag::JudgeCheckpoint(const std::string& path, const Inputs& inputs,
                                               const std::vector<std::string>& globs, bool default_layout,
                                               const JudgeOptions& options, std::vector<size_t>* classes) const {
  Result<AdapterModel> model = ModelOf(path, inputs, globs, default_layout);
  if (!model) return model.error();
  if (model->config) model->question.config = &*model->config;
  classes->assign(1, model->index);
  return JudgeAdapter(*inputs.registry, model->layout, model->folder, model->question, options);
}

Result<AdapterModel> AdapterFlag::ModelOf(const std::string& path, const Inputs& inputs,
                                          const std::vector<std::string>& globs, bool default_layout) const {
  AdapterModel model;
  Result<AdapterFolder> folder = ReadAdapterFolder(path);
  if (!folder) return folder.error();
  model.folder = *std::move(folder);
  Result<std::optional<ModelConfig>> config = ReadModelConfig(config_, model.folder.path);
  if (!config) return config.error();
  model.config = *std::move(config);
  model.question.default_layout = default_layout;
  if (!peft_.empty()) {
    const Result<const PeftRelease*> release = FindPeft(peft_.getValue());
    if (!release) return release.error();
    model.question.peft = *release;
  }
  const std::string& route = route_;
  if (!route.empty()) {
    if (route != RouteName(AdapterRoute::kPeft) && route != RouteName(AdapterRoute::kTransformers)) {
      return Error{{}, "--route is '" + route + "'", "write peft or transformers"};
    }
    model.question.routes = {route == RouteName(AdapterRoute::kPeft) ? AdapterRoute::kPeft
                                                                     : AdapterRoute::kTransformers};
  }
  const Result<size_t> index = ClassOf(model.config, model.folder.config.path, *inputs.layouts, globs);
  if (!index) return index.error();
  model.index = *index;
  Result<Layout> layout = inputs.layouts->Read(*index);
  if (!layout) return layout.error();
  model.layout = *std::move(layout);
  model.sized = {model.layout, {}};
  if (default_layout) {
    model.sized = SizeLayout(model.layout, model.config ? &*model.config : nullptr, model.folder.keys);
  }
  return model;
}

}  // namespace wcheck::cli
