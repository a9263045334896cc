// Parses a command's arguments with LLVM's CommandLine.
//
// A command creates its options as ordinary local variables and then calls ParseArguments once;
// only the options of the running command exist at all:
//
//   cl::opt<std::string> out("o", cl::desc("…"), cl::cat(OutputOptions()));
//   if (!ParseArguments(arguments, "Writes a registry as JSON.")) return kBadInput;
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <llvm/Support/CommandLine.h>

#include "cli/command.h"
#include "project/configuration.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// Reads the words of a command that belong to no option. Every one of them must have this parser, since
// ParseArguments marks those that LLVM would not leave as they are.
class WordParser : public llvm::cl::parser<std::string> {
 public:
  using parser::parser;
  bool parse(llvm::cl::Option& option, llvm::StringRef name, llvm::StringRef word,
             std::string& value);
};
using Word = llvm::cl::opt<std::string, false, WordParser>;
using Words = llvm::cl::list<std::string, bool, WordParser>;

// The headings of --help. Options outside them are not shown.
llvm::cl::OptionCategory& InputOptions();
llvm::cl::OptionCategory& OutputOptions();

// Of --allow-unjudged, which commands that judge have.
inline constexpr char kAllowUnjudgedHelp[] =
    "Do not fail because of what could not be judged (it is reported all the same)";

// Sets the existing options. False after bad usage, which has been reported on standard error.
// --help and --version print and end the program with status 0. `overview` begins the text of
// --help and `more` ends it.
bool ParseArguments(const Arguments& arguments, std::string_view overview,
                    std::string_view more = "");

// An option that the command does not have. ParseArguments leaves its report to the caller of the
// command, who may know more about it.
struct UnknownOption {
  std::string name;
  Error error;
};
std::optional<UnknownOption> TakeUnknownOption();

// The names of the options of a command, which is not run.
std::set<std::string, std::less<>> OptionsOf(const Command& command);

// The name of the format that the ending of a file's name stands for; "" if it stands for none.
std::string_view FormatOfFile(std::string_view path);

// The value of an option that takes one of several words.
template <typename T>
Result<T> ParseChoice(std::string_view option, std::string_view word,
                      std::span<const std::pair<std::string_view, T>> choices) {
  std::string known;
  for (const auto& [name, value] : choices) {
    if (name == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return Error{
      {}, "--" + std::string(option) + " is '" + std::string(word) + "'; it can be " + known, ""};
}

// The format of a report: that of --format, if it is given; otherwise the one that the name of the
// file `out` stands for ("out.html", "out.sarif"); otherwise the configured one, if the command has
// it; otherwise the first.
template <typename T>
Result<T> ChooseFormat(const llvm::cl::opt<std::string>& option, std::string_view out,
                       const Setting& configured,
                       std::span<const std::pair<std::string_view, T>> formats) {
  if (option.getNumOccurrences() > 0) return ParseChoice<T>("format", option.getValue(), formats);
  for (const std::string_view name : {FormatOfFile(out), std::string_view(configured.text)}) {
    for (const auto& [known, value] : formats) {
      if (known == name) return value;
    }
  }
  return formats.front().second;
}

}  // namespace wcheck::cli
