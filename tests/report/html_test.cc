#include "report/html.h"

#include <gtest/gtest.h>

#include "analysis/graph.h"

#include "explain_models.h"
#include "report/html_words.h"
#include "analysis/round_table.h"
#include "report/graph_marks.h"

namespace wcheck {
namespace {

TEST(Html, FilesOfClassesHavePlainAndDifferentNames) {
  const std::vector<std::string> files =
      HtmlFileNames({"LlavaModel", "llavamodel", "index", "../../etc", "", "a b", "Ünder",
                     std::string(300, 'x')});
  EXPECT_EQ(files[0], "LlavaModel.html");
  // Not every file system distinguishes case.
  EXPECT_EQ(files[1], "class-2.html");
  for (size_t i = 2; i < files.size(); ++i) {
    EXPECT_EQ(files[i], "class-" + std::to_string(i + 1) + ".html");
  }
}

TEST(Html, WhatNamesShareIsQuiet) {
  EXPECT_EQ(NameHtml("model.a.w", "model.b.w"), "<i>model<wbr>.</i>a<i><wbr>.w</i>");
  EXPECT_EQ(NameHtml("same.w", "same.w"), "<i>same<wbr>.</i>w");
  EXPECT_EQ(NameHtml("x<y>.{0...3}", "other"), "x&lt;y&gt;<wbr>.{0...3}");
}

TEST(Html, SentencesKeepTheirCodeAndNothingElse) {
  EXPECT_EQ(SentenceHtml("use `<b>` here, not ` alone"),
            "use <code>&lt;b&gt;</code> here, not ` alone");
}

TEST(Html, JsonCannotEndItsScript) {
  EXPECT_EQ(ScriptJson("[\"</script><!--\"]"), "[\"\\u003c/script>\\u003c!--\"]");
}

TEST(Html, PlacesCountAsScriptsDo) {
  EXPECT_EQ(PrintableUnits("a\xC3\xA9\xF0\x9F\x90\x9D"), 4U);  // a, é and a bee, which takes two
  EXPECT_EQ(PrintableUnits("\n"), 2U);                         // is shown as \n
}

TEST(RoundTable, AConverterIsOneRow) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  Result<Layout> layout = corpus.layouts->Read(*corpus.layouts->Find("MixtralForCausalLM"));
  ASSERT_TRUE(layout.ok());
  Simulation s = Simulate(*layout, *corpus.compiled, {});
  const RoundTable table = BuildRoundTable(s);
  EXPECT_EQ(table.rows.size(), layout->families.size());
  size_t found = 0;
  for (const RoundRow& row : table.rows) {
    EXPECT_TRUE(row.same_names);
    EXPECT_FALSE(row.faulty);
    if (row.model[0].ToString() != "model.layers.{0...31}.mlp.experts.gate_up_proj") continue;
    ++found;
    EXPECT_EQ(row.load.size(), 2U);  // w1 and w3
    EXPECT_EQ(row.save.size(), 2U);
    EXPECT_TRUE(row.touched);
  }
  EXPECT_EQ(found, 1U);
}

TEST(RoundTable, CollidingKeysAreFaults) {
  // a.w and b.w are both saved as z.w.
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {"m": [
        {"type": "WeightRenaming", "source": ["z"], "target": ["a"]},
        {"type": "WeightRenaming", "source": ["z"], "target": ["b"]}]}})",
      R"({"class": "M", "model_type": "m", "base_model_prefix": "", "modules": [["", "M", "m"]],
        "keys": {"a.w": [[1], "float32"], "b.w": [[1], "float32"], "c.w": [[1], "float32"]}})");
  Simulation s = model.Run();
  size_t faulty = 0;
  for (const RoundRow& row : BuildRoundTable(s).rows) faulty += row.faulty;
  EXPECT_EQ(faulty, 2U);  // c.w is as it was
}

TEST(Marks, TonesFollowTheFinding) {
  TestModel model = MakeModel(
      R"({"aliases": {"n": "m"}, "entries": {"m": [
        {"type": "WeightRenaming", "source": ["x"], "target": ["a"]},
        {"type": "WeightRenaming", "source": ["y"], "target": ["b"]}]}})",
      R"({"class": "N", "model_type": "n", "base_model_prefix": "", "modules": [["", "N", "n"]],
        "keys": {"a.w": [[1], "float32"]}})");
  Simulation s = model.Run();
  const WrittenTransforms written(*model.registry);
  Finding finding;
  // The alias's plan contains copies of what was written in the other entry.
  const TransformSpec& spec = model.registry->Find("m")->transforms[1];
  finding.transform = TransformRef{&spec, "m", 1};
  const auto tone = [&](std::string_view check, Severity severity) {
    finding.check = check;
    finding.severity = severity;
    const std::vector<GraphMark> marks = MarksOf(s.plan, written, {finding});
    EXPECT_LE(marks.size(), 1U);
    if (!marks.empty()) {
      EXPECT_EQ(marks[0].transform, 1U);
    }
    return marks.empty() ? std::optional<GraphTone>() : marks[0].tone;
  };
  EXPECT_EQ(tone("lost-key", Severity::kError), GraphTone::kBad);
  EXPECT_EQ(tone("leaked-child-mapping", Severity::kWarning), GraphTone::kBad);
  EXPECT_EQ(tone("not-resave-safe", Severity::kWarning), GraphTone::kWarn);
  EXPECT_EQ(tone("shadowed-transform", Severity::kNote), GraphTone::kDim);
  EXPECT_EQ(tone("unescaped-dot", Severity::kNote), std::nullopt);
}

}  // namespace
}  // namespace wcheck
