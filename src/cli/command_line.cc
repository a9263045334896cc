#include "cli/command_line.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/raw_ostream.h>

#include "cli/output.h"
#include "wcheck/version.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// Set while the options of a command are listed.
std::set<std::string, std::less<>>* g_listing = nullptr;
std::optional<UnknownOption> g_unknown_option;

bool IsOurs(const cl::Option& option) {
  return std::ranges::any_of(option.Categories, [](const cl::OptionCategory* category) {
    return category == &InputOptions() || category == &OutputOptions();
  });
}

// LLVM registers its own options beside ours; all but --help and --version are hidden.
void TidyHelp() {
  llvm::StringMap<cl::Option*>& options = cl::getRegisteredOptions();
  for (auto& entry : options) {
    cl::Option* option = entry.second;
    if (!IsOurs(*option)) option->setHiddenFlag(cl::ReallyHidden);
  }
  const auto show = [&options](llvm::StringRef name, llvm::StringRef description) {
    cl::Option* option = options.lookup(name);
    if (option == nullptr) return;
    option->setHiddenFlag(cl::NotHidden);
    option->setDescription(description);
  };
  show("help", "Show this text");
  show("version", "Show the version");
  show("color", "Colour reports: auto (default), always or never, as --color=never");
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

// LLVM replaces a word that begins with '@' by the words of the file that it names: a file name could
// then give options. A word that is the value of an option is joined to it; before any other comes
// this character, which WordParser removes.
constexpr char kAsIs = '\x01';

bool NeedsMark(std::string_view word) { return word.starts_with('@') || word.starts_with(kAsIs); }

// Whether the next word is the value of this one.
bool TakesNext(std::string_view word) {
  if (!word.starts_with('-') || word.find('=') != std::string_view::npos) return false;
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  const cl::Option* option = cl::getRegisteredOptions().lookup(llvm::StringRef(word.data(), word.size()));
  return option != nullptr && option->getValueExpectedFlag() == cl::ValueRequired;
}

std::vector<std::string> WordsAsTheyAre(std::span<const char* const> given) {
  std::vector<std::string> words;
  bool only_words = false;  // after "--"
  for (size_t i = 0; i < given.size(); ++i) {
    const std::string word = given[i];
    if (!only_words && TakesNext(word) && i + 1 < given.size()) {
      const std::string value = given[++i];
      if (NeedsMark(value)) {
        words.push_back(word + '=' + value);
      } else {
        words.push_back(word);
        words.push_back(value);
      }
      continue;
    }
    only_words |= word == "--";
    words.push_back(NeedsMark(word) ? kAsIs + word : word);
  }
  return words;
}

}  // namespace

bool WordParser::parse(cl::Option& option, llvm::StringRef name, llvm::StringRef word,
                       std::string& value) {
  word.consume_front(llvm::StringRef(&kAsIs, 1));
  return parser::parse(option, name, word, value);
}

cl::OptionCategory& InputOptions() {
  static cl::OptionCategory category("Input");
  return category;
}

cl::OptionCategory& OutputOptions() {
  static cl::OptionCategory category("Output");
  return category;
}

std::string_view FormatOfFile(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kEndings[] = {
      {".html", "html"}, {".htm", "html"},      {".json", "json"}, {".sarif", "sarif"},
      {".xml", "junit"}, {".md", "markdown"}, {".dot", "dot"},   {".svg", "svg"},
      {".txt", "text"},  {".tsv", "tsv"},
  };
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending)) return format;
  }
  return path.ends_with('/') ? "html" : "";
}

std::optional<UnknownOption> TakeUnknownOption() {
  return std::exchange(g_unknown_option, std::nullopt);
}

std::set<std::string, std::less<>> OptionsOf(const Command& command) {
  std::set<std::string, std::less<>> names;
  g_listing = &names;
  command.run({"", {}});
  g_listing = nullptr;
  return names;
}

bool ParseArguments(const Arguments& arguments, std::string_view overview, std::string_view more) {
  if (g_listing != nullptr) {
    for (const auto& entry : cl::getRegisteredOptions()) {
      if (IsOurs(*entry.second)) g_listing->insert(entry.first().str());
    }
    cl::ResetCommandLineParser();  // as below
    return false;
  }
  CheckBufferedOutputAtExit();
  cl::SetVersionPrinter([](llvm::raw_ostream& out) { out << "wcheck " << kVersion << '\n'; });
  TidyHelp();
  std::string ending = more.empty() ? "" : '\n' + std::string(more);
  const cl::extrahelp more_help(ending);

  const std::vector<std::string> words = WordsAsTheyAre(arguments.words);
  std::vector<const char*> argv{arguments.program.c_str()};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (cl::ParseCommandLineOptions(static_cast<int>(argv.size()), argv.data(), overview, &stream)) {
    return true;
  }
  stream.flush();
  // What an option says about its own value is on standard error already.
  if (messages.empty()) return false;
  Error error = UsageError(messages, arguments.program);
  // "unknown command line argument '--base'.  Try: …"
  constexpr std::string_view kUnknown = "unknown command line argument '";
  if (error.message.starts_with(kUnknown)) {
    std::string name = error.message.substr(kUnknown.size());
    name.resize(std::min(name.find_first_of("='"), name.size()));
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    g_unknown_option = UnknownOption{std::move(name), std::move(error)};
    // The options of this command are about to go, and those of others will be listed.
    cl::ResetCommandLineParser();
    return false;
  }
  Fail(error);
  return false;
}

}  // namespace wcheck::cli
