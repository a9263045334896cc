// Finds the package and reads the names of models and classes from file names and `class` lines,
// without evaluating any code.
#include "project/checkout.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <llvm/ADT/StringExtras.h>

#include "support/file.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string, std::less<>>;

constexpr size_t kMaxBases = 4096;  // bytes

// A file of the package; "" if it cannot be read, or leads out of the package through a link. Only
// names are taken from it, and missing names are reported.
std::string TextOf(const fs::path& path, const fs::path& package) {
  if (!CheckBelow(path.string(), package.string())) return "";
  Result<std::string> text = ReadFile(path.string(), kMaxModelFile);
  return text ? std::move(*text) : std::string();
}

// Calls `each` with every line that begins with `word`, from behind the word to the end of the text,
// until it returns false.
template <typename Each>
void ForEachLineAfter(std::string_view text, std::string_view word, Each&& each) {
  while (true) {
    if (text.starts_with(word) && !each(text.substr(word.size()))) return;
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string_view WithoutSpaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

bool IsWord(char c) { return llvm::isAlnum(c) || c == '_'; }

// Calls `each` with the name of each class that a file defines at its top level, and the bases as
// they are written; bases that are too long to be read are "".
template <typename Each>
void ForEachClass(std::string_view text, Each&& each) {
  ForEachLineAfter(text, "class ", [&](std::string_view rest) {
    rest = WithoutSpaces(rest);
    const auto end = static_cast<size_t>(
        std::find_if_not(rest.begin(), rest.end(), IsWord) - rest.begin());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(end);
    if (name.empty()) return true;
    std::string_view bases;
    if (rest.starts_with('(')) {
      rest = rest.substr(0, kMaxBases);
      const size_t close = rest.find(')');
      if (close != std::string_view::npos) bases = rest.substr(1, close - 1);
    }
    each(name, bases);
    return true;
  });
}

// The model classes that a modeling file defines by deriving from a …PreTrainedModel.
void AddClasses(std::string_view text, Names* classes) {
  ForEachClass(text, [&](std::string_view name, std::string_view bases) {
    if (name.ends_with("PreTrainedModel")) return;
    if (bases.find("PreTrainedModel") != std::string_view::npos) classes->emplace(name);
  });
}

// The modeling files of each folder of models/ that has any.
std::map<std::string, std::vector<fs::path>, std::less<>> ModelFolders(const fs::path& package) {
  std::map<std::string, std::vector<fs::path>, std::less<>> folders;
  std::error_code ignored;
  for (const fs::directory_entry& folder : fs::directory_iterator(package / "models", ignored)) {
    if (!CheckBelow(folder.path().string(), package.string())) continue;
    for (const fs::directory_entry& file : fs::directory_iterator(folder.path(), ignored)) {
      const std::string name = file.path().filename().string();
      if (IsModelingFile(name)) {
        folders[folder.path().filename().string()].push_back(file.path());
      }
    }
  }
  return folders;
}

}  // namespace

Result<std::string> FindPackage(const std::string& transformers_dir) {
  for (const char* inside : {"src/transformers", "transformers", "."}) {
    const fs::path path = (fs::path(transformers_dir) / inside).lexically_normal();
    std::error_code ignored;
    if (fs::is_regular_file(path / "conversion_mapping.py", ignored)) return path.string();
  }
  return Error{{transformers_dir, 0, 0, ""},
               "there is no conversion_mapping.py in it, nor in src/transformers/ or transformers/",
               "--transformers takes a checkout, or the folder of an installed package"};
}

Result<std::string> FindMapping(const std::string& transformers_dir) {
  const Result<std::string> package = FindPackage(transformers_dir);
  if (!package) return package.error();
  const fs::path mapping = fs::path(*package) / "conversion_mapping.py";
  if (Status below = CheckBelow(mapping.string(), transformers_dir); !below) return below.error();
  return mapping.lexically_normal().string();
}

// Names are compared, not code: a folder of models/ without a layout is new in the checkout, a
// layout without a folder is gone from it.
Result<CheckoutCoverage> CompareCheckout(const std::string& package_dir,
                                         const LayoutSource& layouts) {
  CheckoutCoverage coverage;
  const auto folders = ModelFolders(package_dir);
  if (folders.empty()) return coverage;
  Names layout_folders;
  for (size_t i = 0; i < layouts.size(); ++i) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    if (layout->source_dir.empty()) continue;
    if (!folders.contains(layout->source_dir)) coverage.absent.push_back(i);
    layout_folders.insert(layout->source_dir);
  }
  for (const auto& [folder, files] : folders) {
    if (layout_folders.contains(folder)) continue;
    Names classes;
    for (const fs::path& file : files) AddClasses(TextOf(file, package_dir), &classes);
    if (!classes.empty()) coverage.folders.push_back({folder, {classes.begin(), classes.end()}});
  }
  return coverage;
}

std::vector<std::string> ClassesWithoutLayout(const std::string& package_dir,
                                              const std::string& folder,
                                              const LayoutSource& layouts) {
  const auto folders = ModelFolders(package_dir);
  const auto found = folders.find(folder);
  if (found == folders.end()) return {};
  Names classes;
  for (const fs::path& file : found->second) AddClasses(TextOf(file, package_dir), &classes);
  std::erase_if(classes, [&](const std::string& name) { return layouts.Find(name).has_value(); });
  return {classes.begin(), classes.end()};
}

Names DefinedClasses(std::string_view text) {
  Names names;
  ForEachClass(text, [&](std::string_view name, std::string_view /*bases*/) { names.emplace(name); });
  return names;
}

Names ClassesOfFolder(const std::string& package_dir, const std::string& folder) {
  Names names;
  const fs::path path = fs::path(package_dir) / "models" / folder;
  if (!CheckBelow(path.string(), package_dir)) return names;
  std::error_code ignored;
  for (const fs::directory_entry& file : fs::directory_iterator(path, ignored)) {
    if (!IsModelingFile(file.path().filename().string())) continue;
    names.merge(DefinedClasses(TextOf(file.path(), package_dir)));
  }
  return names;
}

bool IsModelingFile(std::string_view file_name) {
  return file_name.starts_with("modeling_") && file_name.ends_with(".py");
}

bool IsModelFile(std::string_view file_name) {
  return IsModelingFile(file_name) ||
         (file_name.starts_with("configuration_") && file_name.ends_with(".py"));
}

Names ModelFoldersOf(const std::string& package_dir) {
  Names names;
  for (const auto& [folder, files] : ModelFolders(package_dir)) names.insert(folder);
  return names;
}

Result<Names> NamesOfModels(const LayoutSource& layouts) {
  Names names;
  for (size_t i = 0; i < layouts.size(); ++i) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    for (const SubModel& module : layout->modules) {
      names.insert(module.class_name);
      names.insert(module.model_type);
    }
  }
  return names;
}

}  // namespace wcheck
