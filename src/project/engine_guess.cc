#include "project/engine_guess.h"

#include <filesystem>
#include <optional>
#include <set>

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Regex.h>

#include "mapping/transform.h"
#include "support/file.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

// A version, and its origin.
struct Hint {
  std::string version;
  std::string from;
};

// The first group of the first line of a file that matches. A missing file gives no hint, nor does one
// outside of the folder.
std::optional<std::string> FindLine(const fs::path& path, const fs::path& folder,
                                    const char* pattern) {
  if (!CheckBelow(path.string(), folder.string())) return std::nullopt;
  const Result<std::string> text = ReadFile(path.string(), kMaxModelFile);
  if (!text) return std::nullopt;
  llvm::SmallVector<llvm::StringRef, 2> groups;
  if (!llvm::Regex(pattern, llvm::Regex::Newline).match(*text, &groups)) return std::nullopt;
  return groups[1].str();
}

// The package that contains the file, as a checkout or installed.
std::optional<Hint> AskPackage(const fs::path& package) {
  const fs::path init = (package / "__init__.py").lexically_normal();
  if (auto version = FindLine(init, package, "^__version__ *= *[\"']([^\"']+)[\"']")) {
    return Hint{*version, init.string() + " says"};
  }
  std::set<fs::path> installed;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(package / "..", ignored)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("transformers-") && name.ends_with("-info"))
      installed.insert(entry.path());
  }
  for (const fs::path& folder : installed) {
    for (const char* file : {"METADATA", "PKG-INFO"}) {
      const fs::path path = (folder / file).lexically_normal();
      if (auto version = FindLine(path, package / "..", "^Version: *([^ \r\n]+)")) {
        return Hint{*version, path.string() + " says"};
      }
    }
  }
  return std::nullopt;
}

std::optional<Hint> FindHint(const Registry& registry, const std::string& registry_path) {
  if (!registry.release.empty()) return Hint{registry.release, "the registry says"};
  const fs::path path = registry_path;
  if (path.extension() != ".py") return std::nullopt;
  std::error_code ignored;
  // A file of another project may have another __init__.py beside it.
  if (fs::weakly_canonical(fs::absolute(path, ignored), ignored).parent_path().filename() ==
      "transformers") {
    return AskPackage(path.parent_path());
  }
  return std::nullopt;
}

// The first class of the registry's transforms that an engine's release does not have.
std::optional<std::string_view> FirstAbsentClass(const Registry& registry, const Engine& engine) {
  for (const auto& [name, entry] : registry.entries) {
    for (const TransformSpec& spec : entry.transforms) {
      if (const auto absent = Transform::ClassAbsentFrom(engine, spec)) return absent;
    }
  }
  return std::nullopt;
}

}  // namespace

EngineGuess GuessEngine(const Registry& registry, const std::string& registry_path) {
  const std::optional<Hint> hint = FindHint(registry, registry_path);
  if (!hint) return {&DefaultEngine(), "the release of the mapping is unknown", ""};
  const std::string says = hint->from + " transformers " + hint->version;
  const std::string& release = hint->version;
  const std::optional<Version> version = ParseVersion(hint->version);
  if (!version) return {&DefaultEngine(), says + ", which is not a release", release};
  const Engine* engine = EngineOfVersion(*version);
  if (engine == nullptr) {
    return {&DefaultEngine(), says + ", older than every known engine", release};
  }
  // What is developed towards a release ("5.14.0.dev0") begins as the one before, and has what its
  // mapping uses of the new one.
  if (!version->final) {
    Version towards = *version;
    towards.final = true;
    const Engine* next = EngineOfVersion(towards);
    const auto absent = FirstAbsentClass(registry, *engine);
    if (absent && next != engine && !FirstAbsentClass(registry, *next)) {
      return {next, says + ", and the mapping uses " + std::string(*absent) + ", which " +
                        std::string(engine->name) + " does not have",
              release};
    }
  }
  return {engine, says, release};
}

}  // namespace wcheck
