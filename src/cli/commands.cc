#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <llvm/Support/ErrorHandling.h>
#include <sys/wait.h>
#include <unistd.h>

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
    {"adapter", "write an adapter under names that arrive", RunAdapter},
    {"layout", "build the layouts of model classes from their source", RunLayout},
    {"leaves", "list the leaves of declarative sections", RunLeaves},
    {"plan", "find the names of a sharding plan that are no part of a model", RunPlan},
    {"fit", "list the model classes that a checkpoint fits", RunFit},
    {"published", "keep the names of published checkpoints, and list them", RunPublished},
    {"suggest", "write the entry that loads a checkpoint into a model class", RunSuggest},
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
  bool only_words = false;  // after "--", where each is a file
  std::erase_if(*words, [&](std::string_view word) {
    only_words |= word == "--";
    if (only_words) return false;
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

bool Has(std::span<const char* const> words, std::initializer_list<std::string_view> options) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (!word.starts_with('-')) return false;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::string_view name = word.substr(0, word.find('='));
    return std::find(options.begin(), options.end(), name) != options.end();
  });
}

// Whether a command may be given several mappings after "--", as hooks give them: each is a run of its
// own, unless they belong together or would write the same file.
bool TakesSeveral(std::string_view command, std::span<const char* const> options) {
  if (Has(options, {"o", "write-baseline"})) return false;
  if (command == "check") return true;
  return (command == "diff" && Has(options, {"base"})) ||
         (command == "lock" && Has(options, {"check"}));
}

// Runs a command. Several mappings are judged one after the other, each in a process of its own, since
// LLVM's options exist once in a process. The exit status is the worst.
int RunEach(const Command& command, const Arguments& arguments) {
  const std::vector<const char*>& words = arguments.words;
  const auto end = std::find_if(words.begin(), words.end(),
                                [](std::string_view word) { return word == "--"; });
  const std::span<const char* const> options(words.begin(), end);
  if (words.end() - end < 3 || !TakesSeveral(command.name, options)) return Run(command, arguments);
  int worst = kClean;
  for (auto mapping = end + 1; mapping != words.end(); ++mapping) {
    Say(std::string(*mapping) + ':');
    Arguments one{arguments.program, {options.begin(), options.end()}};
    one.words.insert(one.words.end(), {"--", *mapping});
    const pid_t child = fork();
    if (child == 0) std::exit(Run(command, one));
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const bool ended = child > 0 && WIFEXITED(status);
    if (!ended) Fail(Error{{*mapping, 0, 0, ""}, "its run did not end by itself", ""});
    worst = std::max(worst, ended ? WEXITSTATUS(status) : static_cast<int>(kBadInput));
  }
  return worst;
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

int RunMain(int argc, const char* const* argv) {
  Arguments arguments{"wcheck", {}};
  if (argc > 0) arguments.words.assign(argv + 1, argv + argc);
  TakeCommonOptions(&arguments.words);
  if (arguments.words.empty()) return RunEach(kCommands[0], arguments);

  const std::string_view first = arguments.words.front();
  if (first == "help") return RunHelp({arguments.words.begin() + 1, arguments.words.end()});
  if (const Command* command = FindCommand(first)) {
    arguments.program += ' ' + std::string(first);
    arguments.words.erase(arguments.words.begin());
    return RunEach(*command, arguments);
  }
  if (LooksLikeCommand(first)) {
    std::vector<std::string_view> names;
    for (const Command& command : kCommands) names.push_back(command.name);
    std::string advice = DidYouMean(Nearest(first, names));
    if (advice.empty()) advice = "`wcheck --help` lists the commands";
    return Fail(Error{{}, "'" + std::string(first) + "' is neither a command nor a file", advice});
  }
  return RunEach(kCommands[0], arguments);
}

constexpr char kNoMemory[] =
    "wcheck: error: there is not enough memory for this input\n"
    "  raise the limit (ulimit -v), or judge less at once: --model, --jobs 1\n";

// Where memory ends inside of a library that cannot be unwound. Nothing here may allocate.
[[noreturn]] void EndWithoutMemory() {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kNoMemory, sizeof kNoMemory - 1);
  _exit(kBadInput);
}

// Memory may also end where nothing can be thrown.
[[noreturn]] void EndUncaught() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    EndWithoutMemory();
  } catch (...) {
  }
  std::abort();
}

}  // namespace

int Main(int argc, const char* const* argv) {
  // A write beyond a limit on the size of files then fails as on a full disk: with a message, and
  // without leaving the temporary file.
  std::signal(SIGXFSZ, SIG_IGN);
  llvm::install_bad_alloc_error_handler([](void*, const char*, bool) { EndWithoutMemory(); });
  std::set_terminate(EndUncaught);
  try {
    return RunMain(argc, argv);
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  } catch (const std::system_error&) {
  }
  // Whatever the unwinding has freed is not needed to say so.
  EndWithoutMemory();
}

}  // namespace wcheck::cli
