#include "cli/input_flags.h"

#include <filesystem>
#include <utility>

#include "cli/command_line.h"
#include "cli/output.h"
#include "project/checkout.h"
#include "report/wording.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

}  // namespace

MappingFlags::MappingFlags()
    : registry_("registry", cl::value_desc("file"), cl::ZeroOrMore,
                cl::desc("Read the mapping from this .py or .json file (default: that of the "
                         "project, or else the bundled one)"),
                cl::cat(InputOptions())),
      transformers_("transformers", cl::value_desc("dir"), cl::ZeroOrMore,
                    cl::desc("Read the mapping of this checkout or installed package"),
                    cl::cat(InputOptions())),
      bundled_("bundled", cl::value_desc("release"), cl::ZeroOrMore,
               cl::desc("Read the mapping of this release that comes with wcheck, and its models"),
               cl::cat(InputOptions())),
      mapping_(cl::Positional, cl::desc("[mapping]"), cl::cat(InputOptions())) {}

Result<std::string> MappingFlags::Named() const {
  std::string first;
  for (const std::string& path :
       {registry_.getValue(), transformers_.getValue(),
        model().empty() ? mapping_.getValue() : std::string(), bundled_.getValue()}) {
    if (path.empty()) continue;
    if (!first.empty()) {
      return Error{{}, "the mapping is given twice: '" + first + "' and '" + path + "'", ""};
    }
    first = path;
  }
  return first;
}

Result<InputPaths> MappingFlags::Paths() const {
  const Result<std::string> named = Named();
  if (!named) return named.error();
  std::error_code ignored;
  InputPaths paths;
  const bool folder = !mapping_.empty() && fs::is_directory(*named, ignored);
  Result<Project> project = Project{};
  if (!transformers_.empty()) {
    const Result<std::string> mapping = FindMapping(*named);
    if (!mapping) return mapping.error();
    project = ProjectOfFile(*mapping);
    if (!project) return project.error();
    project->package = fs::path(*mapping).parent_path().string();
  } else if (!bundled_.empty() || named->empty() || folder) {
    project = FindProject(folder ? *named : ".");
  } else {
    project = ProjectOfFile(*named);
  }
  if (!project) return project.error();
  paths.configuration = std::move(project->configuration);
  paths.bundled = bundled_;
  if (!bundled_.empty()) return paths;
  if (folder && project->mapping.empty()) {
    return Error{{*named, 0, 0, ""},
                 "there is no mapping in this folder, nor in one above it that belongs to the same "
                 "project",
                 "name the file, or set \"mapping\" in .wcheck.json"};
  }
  paths.registry = std::move(project->mapping);
  paths.package = std::move(project->package);
  paths.found = named->empty() && !paths.registry.empty();
  return paths;
}

std::string MappingFlags::model() const {
  const std::string& word = mapping_.getValue();
  std::error_code ignored;
  const bool file = word == "-" || word.find_first_of("./") != std::string::npos ||
                    fs::exists(word, ignored);
  return file ? "" : word;
}

bool MappingFlags::given() const {
  return !registry_.empty() || !transformers_.empty() || !mapping_.empty() || !bundled_.empty();
}

InputFlags::InputFlags()
    : models_("model", cl::value_desc("glob"), cl::CommaSeparated,
              cl::desc("Select the classes with this name, glob or model_type (repeatable, or with "
                       "commas; default: all)"),
              cl::cat(InputOptions())),
      layouts_(
          "layouts", cl::value_desc("file"), cl::ZeroOrMore,
          cl::desc(
              "Read the models from this .jsonl or .jsonl.xz file. `source` builds all from the "
              "checkout, `bundled` builds none (default: those that are not as in the release)"),
          cl::cat(InputOptions())) {}

Result<InputPaths> InputFlags::Paths() const {
  Result<InputPaths> paths = mapping_.Paths();
  if (!paths) return paths.error();
  paths->models.assign(models_.begin(), models_.end());
  if (const std::string model = mapping_.model(); !model.empty()) paths->models.push_back(model);
  paths->layouts = layouts_;
  // What comes with the program has its own models.
  const Configuration& configuration = paths->configuration;
  if (paths->models.empty() && paths->bundled.empty()) paths->models = configuration.models;
  if (layouts_.empty() && paths->bundled.empty()) paths->layouts = configuration.layouts.text;
  return paths;
}

Result<InputPaths> InputFlags::Paths(const EngineFlag& engine) const {
  Result<InputPaths> paths = Paths();
  if (!paths) return paths.error();
  const Result<EngineChoice> choice =
      engine.Get(paths->bundled.empty() ? paths->configuration : Configuration{});
  if (!choice) return choice.error();
  paths->engine = *choice;
  return paths;
}

bool InputFlags::given() const {
  return mapping_.given() || !models_.empty() || !layouts_.empty();
}

Result<Inputs> OpenInputsAloud(const InputPaths& paths) {
  Result<Inputs> inputs = OpenInputs(paths);
  const bool asked = paths.engine.engine == nullptr && paths.engine.given;
  if (inputs && (paths.found || asked)) Note("this is " + ShowScope(inputs->scope));
  return inputs;
}

}  // namespace wcheck::cli
