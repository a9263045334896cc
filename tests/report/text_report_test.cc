// The text format, as people see it.
#include <gtest/gtest.h>
#include <llvm/Support/raw_ostream.h>

#include "sample.h"
#include "wcheck/version.h"

namespace wcheck::testing {
namespace {

std::string WriteColored(const Sample& sample) {
  ReportInput input = sample.Input();
  input.color = true;
  std::string text;
  llvm::raw_string_ostream out(text);
  WriteTextReport(input, &out);
  return text;
}

// Takes out the escape sequences that colour.
std::string WithoutColor(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\x1b[")) {
      i = text.find('m', i);
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(TextReport, ShowsTheLineOfAFile) {
  EXPECT_EQ(OrdinarySample().Write("text"),
            R"out(llava[0] WeightRenaming('^language_model' -> 'model.language_model')
src/mapping.py:3:24: error: two model keys are saved under one name [lost-key]
        WeightRenaming("^language_model", "model.language_model"),
                       ^~~~~~~~~~~~~~~~~
  for example LlavaForConditionalGeneration:
    model.language_model.layers.{0...31}.norm.weight  is saved as  language_model.layers.{0...31}.norm.weight  (32 keys)
    lm_head.weight                                    goes nowhere
    … and 3 more families
  in 2 classes: LlavaForConditionalGeneration, LlavaModel
  note: llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower'): shadowed by this one (src/mapping.py:4:40)
  help: anchor the pattern at a dot

llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower')
src/mapping.py:4:24: warning: the dot of 'vision.tower' matches any character [unescaped-dot]
        WeightRenaming("vision.tower", "model.vision_tower"),
                       ^~~~~~~~~~~~~~
  in 1 class: LlavaModel
  fix: escape the dot
    - WeightRenaming("vision.tower", "model.vision_tower"),
    + WeightRenaming("vision\\.tower", "model.vision_tower"),
src/mapping.py:4:24: note: fires on no key of any class that has it [unused-transform]

src/mapping.py:2:5: note: no class has the entry [unused-transform]
note: the registry is old [unused-transform]

1 error, 1 warning, 3 notes; 1,626 classes with 1,041,733 keys judged
)out");
}

TEST(TextReport, NamesTheTransformWhereThereIsNoFile) {
  const std::string report = BundledSample().Write("text");
  EXPECT_TRUE(report.starts_with(
      R"out(llava[0] WeightRenaming('^language_model' -> 'model.language_model')
error: two model keys are saved under one name [lost-key]
  for example LlavaForConditionalGeneration:
)out"))
      << report;
  EXPECT_EQ(report.find("registry of transformers"), std::string::npos);
  EXPECT_EQ(report.find("^~"), std::string::npos);
}

TEST(TextReport, SaysWhenThereIsNothing) {
  Sample sample = CleanSample();
  EXPECT_EQ(sample.Write("text"), "All clear: nothing found, 2 classes with 10 keys judged\n");
  // Nothing is clear about what was not looked at.
  sample.judgement.not_judged = {{"A", "no layout", "give one"}, {"B", "no layout", "give one"}};
  EXPECT_EQ(sample.Write("text"),
            "not judged: A, B: no layout; give one\n"
            "Nothing found, 2 classes with 10 keys judged\n");
}

TEST(TextReport, ColorsChangeNothingElse) {
  for (const NamedSample& named : AllSamples()) {
    SCOPED_TRACE(named.name);
    const Sample sample = named.make();
    const std::string plain = sample.Write("text");
    const std::string colored = WriteColored(sample);
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    EXPECT_NE(colored, plain);
    EXPECT_TRUE(WithoutColor(colored) == plain);
  }
}

TEST(TextReport, ChecksLeadToTheirPages) {
  const Sample sample = OrdinarySample();
  ReportInput input = sample.Input();
  input.links = true;
  std::string text;
  llvm::raw_string_ostream out(text);
  WriteTextReport(input, &out);
  const std::string link = "\x1b]8;;" + std::string(kPages) +
                           "docs/checks/lost-key.md\x1b\\lost-key\x1b]8;;\x1b\\]\n";
  EXPECT_NE(text.find(" [" + link), std::string::npos) << text;
  // Without a terminal that takes links there is no escape sequence at all.
  EXPECT_EQ(sample.Write("text").find('\x1b'), std::string::npos);
}

TEST(TextReport, ErrorsAreRed) {
  const std::string colored = WriteColored(OrdinarySample());
  EXPECT_NE(colored.find("\x1b[0;1;31merror: "), std::string::npos) << colored;
  EXPECT_NE(colored.find("\x1b[0;1;35mwarning: "), std::string::npos) << colored;
  EXPECT_NE(colored.find("\x1b[1mllava[0] "), std::string::npos) << colored;
}

TEST(TextReport, TellsHowATransformCameIntoItsEntry) {
  Sample sample = OrdinarySample();
  const SourceFile& file = sample.AddFile("src/aliases.py", "\nx = 'llava'\n");
  auto origin = std::make_shared<Origin>(*sample.specs[0]->origin);
  origin->provenance = {{"alias of 'llava_next'", Sample::Find(file, "'llava'")}};
  sample.specs[0]->origin = origin;
  EXPECT_NE(sample.Write("text").find(
                "  note: llava has it as alias of 'llava_next' (src/aliases.py:2:5)\n"),
            std::string::npos);
}

// The mark is under the text, whatever comes before it.
TEST(TextReport, MarksTheText) {
  struct Case {
    std::string_view line, shown, mark;
  };
  for (const Case& c : std::vector<Case>{
           {"a = \"x.y\"", "a = \"x.y\"", "    ^~~~~"},
           {"\ta = \"x.y\"", "    a = \"x.y\"", "        ^~~~~"},
           {"é = \"x.y\"  # ключ", "é = \"x.y\"  # ключ", "    ^~~~~"},
           {"日本 = \"x.y\"", "日本 = \"x.y\"", "       ^~~~~"},
           {"\x07 = \"x.y\"", "\\x07 = \"x.y\"", "       ^~~~~"},
       }) {
    SCOPED_TRACE(c.line);
    Sample sample = CleanSample();
    const SourceFile& file = sample.AddFile("m.py", std::string(c.line));
    Finding finding;
    finding.check = "lost-key";
    finding.where = Sample::Find(file, "\"x.y\"");
    sample.judgement.findings.push_back(finding);
    const std::string report = sample.Write("text");
    EXPECT_NE(
        report.find(" [lost-key]\n" + std::string(c.shown) + "\n" + std::string(c.mark) + "\n"),
        std::string::npos)
        << report;
  }
}

TEST(TextReport, LongTextsAreCut) {
  const std::string report = HostileSample().Write("text");
  size_t longest = 0;
  for (size_t at = 0; at < report.size();) {
    const size_t end = report.find('\n', at);
    // The file's name is needed completely.
    if (report.substr(at, 4) != "dir ") longest = std::max(longest, end - at);
    at = end + 1;
  }
  EXPECT_LT(longest, 12'000u);
  EXPECT_NE(report.find("kkk…(9,800 more)…kkk"), std::string::npos);
}

}  // namespace
}  // namespace wcheck::testing
