// `wcheck layout`: layouts built from the modeling files of a checkout or an installed package.
#include <filesystem>
#include <fnmatch.h>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/output.h"
#include "layout/source/source_layouts.h"
#include "support/file.h"
#include "support/json.h"
#include "support/json_fields.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// The folder of the package, in a checkout, beside other packages, or named itself.
Result<std::string> PackageFolder(const std::string& path) {
  for (const char* below : {"src/transformers", "transformers", "."}) {
    const std::filesystem::path folder = (std::filesystem::path(path) / below).lexically_normal();
    std::error_code error;
    if (std::filesystem::is_directory(folder / "models", error)) return folder.string();
  }
  return Error{{path, 0, 0, ""},
               "there is no models/ in it, nor in src/transformers/ or transformers/",
               "name a checkout of transformers, or the folder in which the package is installed"};
}

bool Chosen(const SourceClass& cls, const std::vector<std::string>& globs) {
  if (globs.empty()) return true;
  for (const std::string& glob : globs) {
    if (fnmatch(glob.c_str(), cls.name.c_str(), 0) == 0) return true;
  }
  return false;
}

// The classes that a published config.json names.
Result<std::vector<std::string>> ArchitecturesOf(const std::string& path, const std::string& text) {
  const SourceFile file(path, text);
  const Result<json::Value> value = json::Parse(file);
  if (!value) return value.error();
  const json::Value* names = value->Find("architectures");
  if (names == nullptr || !names->is_array() || names->items.empty()) {
    return Error{{path, 0, 0, ""},
                 "it names no class in \"architectures\"",
                 "name the class with --model"};
  }
  return json::Strings(*names);
}

std::string WhyText(const SourceClass& cls, const SourceLayout& layout) {
  std::string text = cls.name + ": " + std::string(QualityName(layout.quality)) + "\n";
  for (const OpenPlace& place : layout.open) {
    text += "  " + (place.path.empty() ? std::string("anywhere") : place.path) + ": " + place.reason + "\n";
  }
  return text;
}

}  // namespace

int RunLayout(const Arguments& arguments) {
  cl::opt<std::string> path(cl::Positional, cl::init("."), cl::desc("[checkout or package]"),
                            cl::cat(InputOptions()));
  cl::list<std::string> models(
      "model", cl::value_desc("glob"),
      cl::desc("Build the classes with this name or glob (repeatable; default: all)"),
      cl::cat(InputOptions()));
  cl::opt<std::string> config_path(
      "config", cl::value_desc("config.json"), cl::ZeroOrMore,
      cl::desc("Build the model that this published config.json describes, of the class that it "
               "names unless --model does"),
      cl::cat(InputOptions()));
  cl::opt<bool> why("why", cl::desc("Write what could not be known, instead of the layouts"),
                    cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Builds the layouts of model classes from their source, without Python and "
                      "without PyTorch, and writes them, one per line.")) {
    return kBadInput;
  }
  const Result<std::string> folder = PackageFolder(path);
  if (!folder) return Fail(folder.error());
  const std::unique_ptr<PackageFiles> files = OpenPackage(*folder);
  std::vector<std::string> globs(models.begin(), models.end());
  std::optional<std::string> config;
  if (!config_path.empty()) {
    Result<std::string> text = ReadFile(config_path, kMaxModelFile);
    if (!text) return Fail(text.error());
    config = *std::move(text);
    if (globs.empty()) {
      Result<std::vector<std::string>> named = ArchitecturesOf(config_path, *config);
      if (!named) return Fail(named.error());
      globs = *std::move(named);
    }
  }
  SourceLayouts layouts(files.get());
  Output output(out);
  size_t built = 0, failed = 0;
  for (const SourceClass& cls : ClassesOfPackage(files.get())) {
    if (!Chosen(cls, globs)) continue;
    const Result<SourceLayout> layout = layouts.Build(cls, config ? &*config : nullptr);
    if (!layout) {
      // Most classes of a modeling file are parts of a model.
      if (layout.error().message == kNotAModel) continue;
      ++failed;
      Say("not built: " + cls.name + ": " + layout.error().message);
      continue;
    }
    if (!why && layout->quality == LayoutQuality::kPartial) {
      ++failed;
      const OpenPlace& first = layout->open.front();
      Say("not written: " + cls.name + " is known in part only: " +
          (first.path.empty() ? "" : first.path + ": ") + first.reason);
      continue;
    }
    ++built;
    const Status status = output.Write(why ? WhyText(cls, *layout) : layout->json + "\n");
    if (!status) return Fail(status.error());
  }
  if (built == 0 && failed == 0) {
    return Fail(Error{{*folder, 0, 0, ""}, "no model class has such a name", "wcheck layout --model '*Model'"});
  }
  const Status status = output.Finish();
  if (!status) return Fail(status.error());
  return failed == 0 ? kClean : kFindings;
}

}  // namespace wcheck::cli
