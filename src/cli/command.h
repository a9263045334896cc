// The commands of the program. Each is one file, <name>_command.cc, with one function that is
// listed in the table of commands.cc; nothing else knows the list.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/outcome.h"

namespace wcheck::cli {

// The meaning of the program's exit status.
enum ExitStatus : int {
  kClean = 0,     // done; nothing at or above --fail-on
  kFindings = 1,  // done; findings at or above --fail-on, or something was not judged
  kBadInput = 2,  // bad usage or input; nothing was written
};

// The status of an outcome: both that are not clean fail a run.
ExitStatus StatusOf(Outcome outcome);

// The words after the command's name, and the name for messages ("wcheck simulate").
struct Arguments {
  std::string program;
  std::vector<const char*> words;  // as passed to main
};

struct Command {
  std::string_view name;
  std::string_view summary;                // for the list in --help
  int (*run)(const Arguments& arguments);  // returns an ExitStatus
};

// The first is the default, which runs if no command is given.
std::span<const Command> Commands();

int RunCheck(const Arguments& arguments);
int RunDiff(const Arguments& arguments);
int RunUpgrade(const Arguments& arguments);
int RunLock(const Arguments& arguments);
int RunSimulate(const Arguments& arguments);
int RunExplain(const Arguments& arguments);
int RunMap(const Arguments& arguments);
int RunGraph(const Arguments& arguments);
int RunLeaves(const Arguments& arguments);
int RunLayout(const Arguments& arguments);
int RunPlan(const Arguments& arguments);
int RunTied(const Arguments& arguments);
int RunFit(const Arguments& arguments);
int RunSuggest(const Arguments& arguments);
int RunDump(const Arguments& arguments);
int RunAdapter(const Arguments& arguments);
int RunPublished(const Arguments& arguments);
int RunPack(const Arguments& arguments);
int RunRules(const Arguments& arguments);
int RunRule(const Arguments& arguments);

// The program: picks the command and runs it.
int Main(int argc, const char* const* argv);

}  // namespace wcheck::cli
