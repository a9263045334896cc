#include <filesystem>

#include "cli/command.h"
#include "cli/output.h"
#include "project/suggestions.h"

namespace wcheck::cli {
namespace {

constexpr Command kCommands[] = {
    {"check", "check what a mapping does to models (the default)", RunCheck},
    {"diff", "report what a change of a mapping does to every model", RunDiff},
    {"upgrade", "show what another release does with a mapping", RunUpgrade},
    {"lock", "write the checkpoint formats to a file to commit, or compare with it", RunLock},
    {"simulate", "write what the engine would do with each key", RunSimulate},
    {"explain", "follow a key through load and save, step by step", RunExplain},
    {"map", "write all renamings of a model as a table", RunMap},
    {"graph", "draw the transforms of a model and the keys that they move", RunGraph},
    {"leaves", "list the leaves of declarative sections", RunLeaves},
    {"tied", "list the modules that are tied to the input embedding", RunTied},
    {"rules", "list the checks", RunRules},
    {"rule", "print the page of a check", RunRule},
    {"dump", "write a registry as JSON", RunDump},
    {"pack", "pack a registry and layouts into a snapshot", RunPack},
};

const Command* FindCommand(std::string_view name) {
  for (const Command& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

// The first word of the default command may be a file; a word that can only be a misspelt command
// is reported as such.
bool LooksLikeCommand(std::string_view word) {
  return !word.starts_with('-') && word.find_first_of("./") == std::string_view::npos &&
         !std::filesystem::exists(word);
}

}  // namespace

ExitStatus StatusOf(Outcome outcome) {
  return outcome == Outcome::kClean ? kClean : kFindings;
}

std::span<const Command> Commands() { return kCommands; }

int Main(int argc, const char* const* argv) {
  Arguments arguments{"wcheck", {}};
  if (argc > 0) arguments.words.assign(argv + 1, argv + argc);
  if (arguments.words.empty()) return kCommands[0].run(arguments);

  const std::string_view first = arguments.words.front();
  if (const Command* command = FindCommand(first)) {
    arguments.program += ' ' + std::string(first);
    arguments.words.erase(arguments.words.begin());
    return command->run(arguments);
  }
  if (LooksLikeCommand(first)) {
    std::vector<std::string_view> names;
    for (const Command& command : kCommands) names.push_back(command.name);
    std::string advice = DidYouMean(Nearest(first, names));
    if (advice.empty()) advice = "`wcheck --help` lists the commands";
    return Fail(Error{{}, "'" + std::string(first) + "' is neither a command nor a file", advice});
  }
  return kCommands[0].run(arguments);
}

}  // namespace wcheck::cli
