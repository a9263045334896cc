#include "cli/command_line.h"

#include <cctype>

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/raw_ostream.h>

#include "cli/output.h"
#include "wcheck/version.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// LLVM registers its own options beside ours; all but --help and --version are hidden.
void TidyHelp() {
  llvm::StringMap<cl::Option*>& options = cl::getRegisteredOptions();
  for (auto& entry : options) {
    cl::Option* option = entry.second;
    bool ours = false;
    for (const cl::OptionCategory* category : option->Categories) {
      ours |= category == &InputOptions() || category == &OutputOptions();
    }
    if (!ours) option->setHiddenFlag(cl::ReallyHidden);
  }
  const auto show = [&options](llvm::StringRef name, llvm::StringRef description) {
    cl::Option* option = options.lookup(name);
    if (option == nullptr) return;
    option->setHiddenFlag(cl::NotHidden);
    option->setDescription(description);
  };
  show("help", "Show this text");
  show("version", "Show the version");
  // LLVM shows this one again if options have headings.
  if (cl::Option* help_list = options.lookup("help-list")) help_list->removeArgument();
}

// LLVM's messages are lines of "PROGRAM: Message"; as an Error, the later ones are advice.
Error UsageError(llvm::StringRef messages, llvm::StringRef program) {
  const auto [first, rest] = messages.rtrim().split('\n');
  const auto cut = [program](llvm::StringRef line) {
    line.consume_front(program);
    line.consume_front(": ");
    std::string text = line.str();
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(text[0]));
    return text;
  };
  llvm::SmallVector<llvm::StringRef> lines;
  rest.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::string advice;
  for (const llvm::StringRef line : lines) advice += (advice.empty() ? "" : "; ") + cut(line);
  return Error{{}, cut(first), advice};
}

}  // namespace

cl::OptionCategory& InputOptions() {
  static cl::OptionCategory category("Input");
  return category;
}

cl::OptionCategory& OutputOptions() {
  static cl::OptionCategory category("Output");
  return category;
}

bool ParseArguments(const Arguments& arguments, std::string_view overview, std::string_view more) {
  CheckBufferedOutputAtExit();
  cl::SetVersionPrinter([](llvm::raw_ostream& out) { out << "wcheck " << kVersion << '\n'; });
  TidyHelp();
  std::string ending = more.empty() ? "" : '\n' + std::string(more);
  const cl::extrahelp more_help(ending);

  std::vector<const char*> argv{arguments.program.c_str()};
  argv.insert(argv.end(), arguments.words.begin(), arguments.words.end());
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (cl::ParseCommandLineOptions(static_cast<int>(argv.size()), argv.data(), overview, &stream)) {
    return true;
  }
  stream.flush();
  // What an option says about its own value is on standard error already.
  if (!messages.empty()) Fail(UsageError(messages, arguments.program));
  return false;
}

}  // namespace wcheck::cli
