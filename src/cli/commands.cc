#include <filesystem>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "cli/command_line.h"
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

namespace {

// Options of every command, wherever they stand. What is no word of --color is left to the command,
// which reports it.
void TakeCommonOptions(std::vector<const char*>* words) {
  constexpr std::pair<std::string_view, Colors> kColors[] = {{"--color=auto", Colors::kAuto},
                                                             {"--color=always", Colors::kAlways},
                                                             {"--color", Colors::kAlways},
                                                             {"--color=never", Colors::kNever}};
  std::erase_if(*words, [&](std::string_view word) {
    if (word == "--quiet" || word == "-q") {
      SetQuiet();
      return true;
    }
    for (const auto& [option, colors] : kColors) {
      if (word != option) continue;
      SetColors(colors);
      return true;
    }
    return false;
  });
}

// The other commands that have an option of this name.
std::vector<std::string> CommandsWith(std::string_view option, const Command& except) {
  std::vector<std::string> commands;
  for (const Command& command : kCommands) {
    if (command.run == except.run) continue;
    if (OptionsOf(command).contains(option)) commands.emplace_back(command.name);
  }
  return commands;
}

int Run(const Command& command, const Arguments& arguments) {
  const int status = command.run(arguments);
  std::optional<UnknownOption> unknown = TakeUnknownOption();
  if (!unknown) return status;
  const std::vector<std::string> others = CommandsWith(unknown->name, command);
  if (!others.empty()) {
    std::string names;
    for (size_t i = 0; i < others.size(); ++i) {
      names += (i == 0 ? "" : i + 1 == others.size() ? " and " : ", ") + ("`wcheck " + others[i] + '`');
    }
    unknown->error.advice = "it is an option of " + names;
  }
  return Fail(unknown->error);
}

// `wcheck help`, and `wcheck help COMMAND`.
int RunHelp(const std::vector<const char*>& words) {
  const Command* command = words.empty() ? &kCommands[0] : FindCommand(words.front());
  if (command == nullptr) {
    std::vector<std::string_view> names;
    for (const Command& one : kCommands) names.push_back(one.name);
    return Fail(Error{{}, "there is no command '" + std::string(words.front()) + '\'',
                      DidYouMean(Nearest(words.front(), names))});
  }
  Arguments arguments{"wcheck", {"--help"}};
  if (!words.empty()) arguments.program += ' ' + std::string(command->name);
  return command->run(arguments);
}

}  // namespace

int Main(int argc, const char* const* argv) {
  Arguments arguments{"wcheck", {}};
  if (argc > 0) arguments.words.assign(argv + 1, argv + argc);
  TakeCommonOptions(&arguments.words);
  if (arguments.words.empty()) return Run(kCommands[0], arguments);

  const std::string_view first = arguments.words.front();
  if (first == "help") return RunHelp({arguments.words.begin() + 1, arguments.words.end()});
  if (const Command* command = FindCommand(first)) {
    arguments.program += ' ' + std::string(first);
    arguments.words.erase(arguments.words.begin());
    return Run(*command, arguments);
  }
  if (LooksLikeCommand(first)) {
    std::vector<std::string_view> names;
    for (const Command& command : kCommands) names.push_back(command.name);
    std::string advice = DidYouMean(Nearest(first, names));
    if (advice.empty()) advice = "`wcheck --help` lists the commands";
    return Fail(Error{{}, "'" + std::string(first) + "' is neither a command nor a file", advice});
  }
  return Run(kCommands[0], arguments);
}

}  // namespace wcheck::cli
