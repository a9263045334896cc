#include "cli/engine_flag.h"

#include "cli/command_line.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

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
      std::string(kAuto) +
      " (default: that of the release that the mapping belongs to), or of a patch release; inputs "
      "that are not given are read from that release";
  return kText;
}

Error UnknownEngine(const Place& place, const std::string& what, std::string_view name,
                    const std::string& others) {
  return Error{place,
               what + " is '" + std::string(name) + "'; it can be " + EngineNames() + ", " +
                   others + "or a patch release",
               ""};
}

}  // namespace

Result<const Engine*> EngineNamed(std::string_view option, std::string_view name) {
  if (const Engine* engine = FindEngine(name)) return engine;
  return UnknownEngine({}, "--" + std::string(option), name, "");
}

EngineFlag::EngineFlag()
    : name_("engine", cl::value_desc("release"), cl::ZeroOrMore, cl::init(std::string(kAuto)),
            cl::desc(EngineHelp()), cl::cat(InputOptions())) {}

Result<EngineChoice> EngineFlag::Get(const Configuration& configuration) const {
  const bool given = name_.getNumOccurrences() > 0;
  const std::string& name = given ? name_.getValue() : configuration.engine.text;
  if (name.empty() || name == kAuto) return EngineChoice{nullptr, given};
  if (const Engine* engine = FindEngine(name)) return EngineChoice{engine, true};
  return UnknownEngine(given ? Place{} : configuration.engine.place, given ? "--engine" : "engine",
                       name, std::string(kAuto) + ", ");
}

Result<std::vector<const Engine*>> SupportedEngines(const Configuration& configuration) {
  std::vector<const Engine*> engines;
  for (const Setting& name : configuration.engines) {
    const Engine* engine = FindEngine(name.text);
    if (engine == nullptr) return UnknownEngine(name.place, "one of \"engines\"", name.text, "");
    engines.push_back(engine);
  }
  return engines;
}

}  // namespace wcheck::cli
