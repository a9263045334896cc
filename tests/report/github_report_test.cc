// Workflow commands, read back by the runner's rules.
#include <algorithm>

#include <gtest/gtest.h>

#include "test_files.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

// The rules of the runner: a command is a line "::name key=value,…::data"; properties end at ','
// and the first "::" ends them all; then the escapes are undone.
constexpr std::string_view kRunner = R"py(
import re, sys
for line in sys.stdin.read().split("\n"):
    command = re.fullmatch(r"::(\w+) ([^\r\n]*?)::(.*)", line)
    if not command:
        print("log:", line)
        continue
    def undo(text, pairs):
        for escape, plain in pairs:
            text = text.replace(escape, plain)
        return text
    data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
    properties = dict(item.split("=", 1) for item in command[2].split(","))
    properties = {key: undo(value, [("%3A", ":"), ("%2C", ",")] + data)
                  for key, value in properties.items()}
    print(command[1], properties)
    for text in undo(command[3], data).split("\n"):
        print("   ", text)
)py";

TEST(GithubReport, TheRunnerReadsTheFindings) {
  EXPECT_EQ(
      AskPython(kRunner, OrdinarySample().Write("github")),
      R"out(error {'file': 'src/mapping.py', 'line': '3', 'endLine': '3', 'col': '24', 'endColumn': '41', 'title': 'wcheck: lost-key'}
    two model keys are saved under one name
    llava[0] WeightRenaming('^language_model' -> 'model.language_model')
    in 2 classes: LlavaForConditionalGeneration, LlavaModel
      model.language_model.layers.{0...31}.norm.weight  is saved as  language_model.layers.{0...31}.norm.weight  (32 keys)
      lm_head.weight                                    goes nowhere
      … and 3 more families
    note: llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower'): shadowed by this one
    help: anchor the pattern at a dot
warning {'file': 'src/mapping.py', 'line': '4', 'endLine': '4', 'col': '24', 'endColumn': '38', 'title': 'wcheck: unescaped-dot'}
    the dot of 'vision.tower' matches any character
    llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower')
    in 1 class: LlavaModel
notice {'file': 'src/mapping.py', 'line': '4', 'endLine': '4', 'col': '24', 'endColumn': '60', 'title': 'wcheck: unused-transform'}
    fires on no key of any class that has it
    llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower')
notice {'file': 'src/mapping.py', 'line': '2', 'endLine': '2', 'col': '5', 'endColumn': '12', 'title': 'wcheck: unused-transform'}
    no class has the entry
notice {'title': 'wcheck: unused-transform'}
    the registry is old
log: wcheck: 1 error, 1 warning, 3 notes; 1,626 classes with 1,041,733 keys judged
log: 
)out");
}

// Each finding is one command, and its properties are those of this format, whatever the names
// hold.
TEST(GithubReport, NamesForgeNothing) {
  const Sample sample = HostileSample();
  const std::string read = AskPython(kRunner, sample.Write("github"));
  size_t commands = 0;
  size_t logs = 0;
  for (size_t at = 0; at < read.size(); at = read.find('\n', at) + 1) {
    const std::string_view line = std::string_view(read).substr(at, read.find('\n', at) - at);
    logs += line.starts_with("log:") ? 1 : 0;
    if (line.starts_with("error {") || line.starts_with("notice {")) {
      ++commands;
      EXPECT_TRUE(line.find("{'file': 'dir ") != std::string_view::npos ||
                  line.find("{'file': \"dir ") != std::string_view::npos)
          << line;
      EXPECT_NE(line.find("a:b,c%.py"), std::string_view::npos) << line;
    }
  }
  EXPECT_EQ(commands, sample.judgement.findings.size());
  EXPECT_EQ(logs, 2u);  // the summary, and the end
}

TEST(GithubReport, TheWorstComeFirst) {
  Sample sample = OrdinarySample();
  std::reverse(sample.judgement.findings.begin(), sample.judgement.findings.end());
  const std::string report = sample.Write("github");
  EXPECT_TRUE(report.starts_with("::error ")) << report;
  EXPECT_LT(report.find("::warning "), report.find("::notice "));
}

}  // namespace
}  // namespace wcheck::testing
