#include "cli/engine_flag.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include <llvm/Support/Regex.h>

#include "cli/command_line.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

constexpr std::string_view kAuto = "auto";

std::string EngineNames() {
  std::string names;
  for (const Engine& engine : Engines()) {
    if (!names.empty()) names += ", ";
    names += engine.name;
  }
  return names;
}

// LLVM keeps a reference to the text.
const std::string& EngineHelp() {
  static const std::string kText =
      "Simulate the engine of this transformers release: " + EngineNames() + ", " +
      std::string(kAuto) + " (default: " + std::string(DefaultEngine().name) +
      "), or of a patch release; inputs that are not given are read from that release";
  return kText;
}

// A version, and its origin.
struct Hint {
  std::string version;
  std::string from;
};

// The first group of the first line of a file that matches. A missing file gives no hint.
std::optional<std::string> FindLine(const fs::path& path, const char* pattern) {
  constexpr uint64_t kLimit = 4 << 20;
  const Result<std::string> text = ReadFile(path.string(), kLimit);
  if (!text) return std::nullopt;
  llvm::SmallVector<llvm::StringRef, 2> groups;
  if (!llvm::Regex(pattern, llvm::Regex::Newline).match(*text, &groups)) return std::nullopt;
  return groups[1].str();
}

// The package that contains the file, as a checkout or installed.
std::optional<Hint> AskPackage(const fs::path& package) {
  const fs::path init = package / "__init__.py";
  if (auto version = FindLine(init, "^__version__ *= *[\"']([^\"']+)[\"']")) {
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
      if (auto version = FindLine(path, "^Version: *([^ \r\n]+)")) {
        return Hint{*version, path.string() + " says"};
      }
    }
  }
  return std::nullopt;
}

// The kind of transform that appeared last. What every release has says nothing.
std::optional<Hint> AskTransforms(const Registry& registry) {
  TransformKind last = TransformKind::kWeightRenaming;
  for (const auto& [name, entry] : registry.entries) {
    for (const TransformSpec& spec : entry.transforms) {
      if (TransformKindSince(spec.kind) > TransformKindSince(last)) last = spec.kind;
    }
  }
  const Version since = TransformKindSince(last);
  if (EngineOfVersion(since) == &Engines().front()) return std::nullopt;
  return Hint{std::string(EngineOfVersion(since)->name),
              "its " + std::string(TransformKindName(last)) + " came with"};
}

std::optional<Hint> FindHint(const Registry& registry, const std::string& registry_path) {
  if (!registry.release.empty()) return Hint{registry.release, "the registry says"};
  const fs::path path = registry_path;
  if (path.extension() != ".py") return std::nullopt;
  std::error_code ignored;
  const fs::path package = fs::absolute(path, ignored).parent_path();
  // A file of another project may have another __init__.py beside it.
  if (package.filename() == "transformers") {
    if (auto hint = AskPackage(package)) return hint;
  }
  return AskTransforms(registry);
}

}  // namespace

EngineGuess GuessEngine(const Registry& registry, const std::string& registry_path) {
  const std::optional<Hint> hint = FindHint(registry, registry_path);
  if (!hint) return {&DefaultEngine(), "the release of the registry is unknown"};
  const std::string says = hint->from + " transformers " + hint->version;
  const std::optional<Version> version = ParseVersion(hint->version);
  if (!version) return {&DefaultEngine(), says + ", which is not a release"};
  const Engine* engine = EngineOfVersion(*version);
  if (engine == nullptr) return {&DefaultEngine(), says + ", older than every known engine"};
  return {engine, says};
}

Result<const Engine*> EngineNamed(std::string_view option, std::string_view name) {
  if (const Engine* engine = FindEngine(name)) return engine;
  return Error{{},
               "--" + std::string(option) + " is '" + std::string(name) + "'; it can be " +
                   EngineNames() + ", or a patch release",
               ""};
}

EngineFlag::EngineFlag()
    : name_("engine", cl::value_desc("release"), cl::ZeroOrMore,
            cl::init(std::string(DefaultEngine().name)), cl::desc(EngineHelp()),
            cl::cat(InputOptions())) {}

Result<EngineChoice> EngineFlag::Get() const {
  if (name_.getValue() == kAuto) return EngineChoice{nullptr, true};
  if (const Engine* engine = FindEngine(name_.getValue())) {
    return EngineChoice{engine, name_.getNumOccurrences() > 0};
  }
  return Error{{},
               "--engine is '" + name_ + "'; it can be " + EngineNames() + ", " +
                   std::string(kAuto) + ", or a patch release",
               ""};
}

}  // namespace wcheck::cli
