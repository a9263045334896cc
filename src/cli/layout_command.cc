// `wcheck layout`: layouts built from the modeling files of a checkout or an installed package.
#include <filesystem>
#include <fnmatch.h>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/output.h"
#include "layout/source/source_layouts.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// The folder that holds the package: of a checkout it is src/.
Result<std::string> PackageFolder(const std::string& path) {
  for (const char* below : {"", "/src", "/.."}) {
    std::error_code error;
    const std::string folder = path + below;
    if (std::filesystem::is_directory(folder + "/transformers/models", error)) return folder;
  }
  return Error{{path, 0, 0, ""},
               "it holds no folder transformers/models",
               "name a checkout of transformers, or the folder in which the package is installed"};
}

bool Chosen(const SourceClass& cls, const std::vector<std::string>& globs) {
  if (globs.empty()) return true;
  for (const std::string& glob : globs) {
    if (fnmatch(glob.c_str(), cls.name.c_str(), 0) == 0) return true;
  }
  return false;
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
  const std::unique_ptr<PackageFiles> files = OpenPackageFolder(*folder);
  SourceLayouts layouts(files.get());
  const std::vector<std::string> globs(models.begin(), models.end());
  Output output(out);
  size_t built = 0, failed = 0;
  for (const SourceClass& cls : layouts.Classes()) {
    if (!Chosen(cls, globs)) continue;
    const Result<SourceLayout> layout = layouts.Build(cls);
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
