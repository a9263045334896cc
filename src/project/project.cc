#include "project/project.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "project/checkout.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMappingFile = "conversion_mapping.py";

bool HasMapping(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / kMappingFile, ignored);
}

bool IsRepository(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / ".git", ignored);
}

bool BeginsProject(const fs::path& folder) {
  constexpr std::array kSigns = {"pyproject.toml", "setup.py", "setup.cfg"};
  std::error_code ignored;
  return IsRepository(folder) || std::ranges::any_of(kSigns, [&](const char* name) {
           return fs::exists(folder / name, ignored);
         });
}

// The folders in `folder` that have a mapping, sorted.
std::vector<fs::path> PackagesIn(const fs::path& folder) {
  std::vector<fs::path> packages;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with('.')) continue;
    if (HasMapping(entry.path())) packages.push_back(entry.path());
  }
  std::ranges::sort(packages);
  return packages;
}

// The folder of the mapping of the project that begins at `folder`, if it has one.
Result<std::optional<fs::path>> PackageOf(const fs::path& folder) {
  for (const char* inside : {"src/transformers", "transformers"}) {
    if (HasMapping(folder / inside)) return std::optional(folder / inside);
  }
  std::vector<fs::path> packages = PackagesIn(folder);
  for (fs::path& package : PackagesIn(folder / "src")) packages.push_back(std::move(package));
  // Several in a folder that is no project are several projects.
  if (packages.empty() || (packages.size() > 1 && !BeginsProject(folder))) {
    return std::optional<fs::path>();
  }
  if (packages.size() > 1) {
    return Error{{folder.string(), 0, 0, ""},
                 "there are two mappings, in " + packages[0].string() + " and in " +
                     packages[1].string(),
                 "name one of them, or set \"mapping\" in .wcheck.json"};
  }
  return std::optional(packages.front());
}

std::string SeenFromHere(const fs::path& path) {
  std::error_code error;
  const fs::path near = fs::proximate(path, error);
  return error ? path.string() : near.string();
}

// A package of the library has its models beside the mapping.
std::string LibraryOf(const fs::path& mapping) {
  std::error_code ignored;
  const fs::path folder =
      fs::weakly_canonical(fs::absolute(mapping, ignored), ignored).parent_path();
  const bool library = mapping.filename() == kMappingFile &&
                       (folder.filename() == "transformers" ||
                        fs::is_directory(folder / "models", ignored));
  return library ? SeenFromHere(folder) : "";
}

Status TakeConfigured(Project* project) {
  const Setting& mapping = project->configuration.mapping;
  std::error_code ignored;
  if (fs::is_directory(mapping.text, ignored)) {
    Result<std::string> found = FindMapping(mapping.text);
    if (!found) return Error{mapping.place, found.error().message, ""};
    project->mapping = *std::move(found);
  } else if (fs::exists(mapping.text, ignored)) {
    project->mapping = mapping.text;
  } else {
    return Error{mapping.place, "there is no mapping '" + mapping.text + "'",
                 "the path is relative to the folder of " + project->configuration.path};
  }
  return Unit{};
}

Result<std::optional<fs::path>> FindUpwards(const fs::path& start) {
  for (fs::path at = start; !at.empty(); at = at.parent_path()) {
    if (HasMapping(at)) return std::optional(at);
    if (at == start || BeginsProject(at)) {
      Result<std::optional<fs::path>> package = PackageOf(at);
      if (!package || *package) return package;
    }
    if (IsRepository(at) || at == at.parent_path()) break;
  }
  return std::optional<fs::path>();
}

}  // namespace

Result<Project> FindProject(const std::string& folder) {
  Result<Configuration> configuration = FindConfiguration(folder);
  if (!configuration) return configuration.error();
  Project project{*std::move(configuration), "", ""};
  if (!project.configuration.mapping.empty()) {
    if (Status taken = TakeConfigured(&project); !taken) return taken.error();
  } else {
    std::error_code error;
    const fs::path start = fs::weakly_canonical(fs::absolute(folder, error), error);
    const Result<std::optional<fs::path>> found = FindUpwards(start);
    if (!found) return found.error();
    if (*found) project.mapping = SeenFromHere(**found / kMappingFile);
  }
  if (!project.mapping.empty()) project.package = LibraryOf(project.mapping);
  return project;
}

Result<Project> ProjectOfFile(const std::string& path) {
  Result<Configuration> configuration = FindConfiguration(".");
  if (!configuration) return configuration.error();
  return Project{*std::move(configuration), path, LibraryOf(path)};
}

}  // namespace wcheck
