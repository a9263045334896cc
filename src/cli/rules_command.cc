// `wcheck rules` lists the checks; `wcheck rule NAME` prints the page of one.
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "checks/check.h"
#include "cli/command_line.h"
#include "cli/output.h"
#include "project/suggestions.h"
#include "report/check_page.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

llvm::StringRef Ref(std::string_view text) { return {text.data(), text.size()}; }

std::string RulesAsText() {
  std::string text;
  std::string_view family;
  for (const Check& check : AllChecks()) {
    const CheckInfo& info = check.info;
    if (info.family != family) {
      family = info.family;
      text += (text.empty() ? "" : "\n") + std::string(family) + "\n";
    }
    std::string line = "  " + std::string(info.name);
    line.resize(std::max<size_t>(line.size() + 1, 26), ' ');
    line += SeverityName(info.severity);
    line.resize(std::max<size_t>(line.size() + 1, 36), ' ');
    text += line + std::string(info.summary) + "\n";
  }
  return text;
}

std::string RulesAsJson() {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, 2);
  out.array([&] {
    for (const Check& check : AllChecks()) {
      const CheckInfo& info = check.info;
      out.object([&] {
        out.attribute("name", Ref(info.name));
        out.attribute("family", Ref(info.family));
        out.attribute("severity", Ref(SeverityName(info.severity)));
        out.attribute("summary", Ref(info.summary));
      });
    }
  });
  stream << "\n";
  stream.flush();
  return text;
}

int Print(std::string_view text) {
  const Status written = WriteStandardOutput(text);
  return written ? kClean : Fail(written.error());
}

}  // namespace

int RunRules(const Arguments& arguments) {
  cl::opt<std::string> format("format", cl::value_desc("name"), cl::ZeroOrMore, cl::init("text"),
                              cl::desc("How to list them: text, json (default: text)"),
                              cl::cat(OutputOptions()));
  if (!ParseArguments(arguments, "Lists the checks with their severities.")) return kBadInput;
  constexpr std::pair<std::string_view, bool> kChoices[] = {{"text", false}, {"json", true}};
  const Result<bool> json = ParseChoice<bool>("format", format, kChoices);
  if (!json) return Fail(json.error());
  return Print(*json ? RulesAsJson() : RulesAsText());
}

int RunRule(const Arguments& arguments) {
  Word name(cl::Positional, cl::Required, cl::desc("NAME"),
                            cl::cat(InputOptions()));
  if (!ParseArguments(arguments, "Prints the page of a check.")) return kBadInput;
  if (FindCheck(name.getValue()) != nullptr) return Print(CheckPage(name.getValue()));
  std::vector<std::string_view> names;
  for (const Check& check : AllChecks()) names.push_back(check.info.name);
  std::string advice = DidYouMean(Nearest(name, names));
  if (advice.empty()) advice = "`wcheck rules` lists them";
  return Fail(Error{{}, "there is no check '" + name + "'", advice});
}

}  // namespace wcheck::cli
