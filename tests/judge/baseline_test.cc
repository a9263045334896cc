// Baselines: which findings a file knows, in its format of today and in the one before.
#include "judge/baseline.h"

#include <gtest/gtest.h>

namespace wcheck {
namespace {

TransformSpec Renaming(std::string source, std::string target) {
  TransformSpec spec;
  spec.sources = {std::move(source)};
  spec.targets = {std::move(target)};
  return spec;
}

// A finding as a judge leaves it.
Finding FindingOf(std::string_view check, const TransformSpec* spec, std::string_view cause,
                  std::string subject, const std::vector<std::string>& classes = {"ToyModel"}) {
  Finding finding;
  finding.check = check;
  finding.cause = cause;
  finding.subject = std::move(subject);
  finding.message = "as it is worded today";
  for (const std::string& name : classes) finding.classes.push_back({name, {}, 0});
  finding.identity = std::string(check) + '|';
  if (spec != nullptr) {
    finding.transform = TransformRef{spec, "toy", 0};
    finding.identity += "toy|" + ShowTransform(*spec);
  } else {
    finding.identity += '|';
  }
  finding.identity += '|' + std::string(cause) + '|' + finding.subject;
  return finding;
}

Baseline Read(const std::string& text) {
  const SourceFile file("known", text);
  Result<Baseline> baseline = ReadBaseline(file);
  EXPECT_TRUE(baseline.ok()) << text;
  return baseline.ok() ? *std::move(baseline) : Baseline{};
}

// The subjects of the findings that a baseline does not know.
std::vector<std::string> Unknown(const std::string& text, std::vector<Finding> findings) {
  ApplyBaseline(Read(text), &findings);
  std::vector<std::string> subjects;
  for (const Finding& finding : findings) subjects.push_back(finding.subject);
  return subjects;
}

using Subjects = std::vector<std::string>;

TEST(Baseline, NoWordOfAMessageBreaksIt) {
  const TransformSpec spec = Renaming("^a\\.", "b|\n");
  const std::vector<Finding> findings = {FindingOf("lost-key", &spec, "not-inverse", ""),
                                         FindingOf("dead-entry", nullptr, "not-reached", "toy")};
  std::vector<Finding> reworded = findings;
  for (Finding& finding : reworded) {
    finding.message = "in quite other words";
    finding.advice = "do something else";
    finding.severity = Severity::kNote;
    finding.classes = {{"OtherModel", {}, 0}};
  }
  const std::string text = WriteBaseline(findings);
  EXPECT_TRUE(text.starts_with("wcheck baseline version 2\n")) << text;
  EXPECT_EQ(text.find("worded"), std::string::npos) << text;
  EXPECT_EQ(Unknown(text, reworded), Subjects{});
}

TEST(Baseline, AnotherCauseOrSubjectIsNotKnown) {
  const TransformSpec spec = Renaming("a", "b");
  const std::string text = WriteBaseline({FindingOf("double-claim", &spec, "same-keys", "x")});
  EXPECT_EQ(Unknown(text, {FindingOf("double-claim", &spec, "same-keys", "y")}), Subjects{"y"});
  EXPECT_EQ(Unknown(text, {FindingOf("double-claim", &spec, "other", "x")}), Subjects{"x"});
}

constexpr char kOld[] = "wcheck baseline version 1\n";

TEST(Baseline, OldLinesKnowATransformWhateverTheirWords) {
  const TransformSpec spec = Renaming("^a\\.", "b");
  const std::string line = "lost-key|toy|WeightRenaming('^a\\\\.' -> 'b')|in the words of old\n";
  EXPECT_EQ(Unknown(kOld + line, {FindingOf("lost-key", &spec, "not-inverse", "")}), Subjects{});
  const TransformSpec other = Renaming("c", "b");
  EXPECT_EQ(Unknown(kOld + line, {FindingOf("lost-key", &other, "not-inverse", "s")}),
            Subjects{"s"});
  EXPECT_EQ(Unknown(kOld + line, {FindingOf("load-collision", &spec, "merged-on-load", "s")}),
            Subjects{"s"});
}

TEST(Baseline, OldLinesTellSubjectsApart) {
  const TransformSpec spec = Renaming("a", "b");
  const std::string line =
      "double-claim|toy|WeightRenaming('a' -> 'b')|claims with WeightRenaming('x' -> 'y')\n";
  EXPECT_EQ(Unknown(kOld + line,
                    {FindingOf("double-claim", &spec, "same-keys", "WeightRenaming('x' -> 'y')"),
                     FindingOf("double-claim", &spec, "same-keys", "WeightRenaming('z' -> 'y')")}),
            Subjects{"WeightRenaming('z' -> 'y')"});
}

TEST(Baseline, OldLinesOfAClassKnowTheJoinedFinding) {
  const std::string line =
      "tied-dangling|ToyHead|lm_head.3.weight tied to embeds.3.weight\n"
      "dangling-alias||toy -> nothing\n";
  BaselineUse use;
  std::vector<Finding> findings = {
      FindingOf("tied-dangling", nullptr, "dangling", "lm_head.*.weight -> embeds.*.weight",
                {"ToyHead", "ToyModel"}),
      FindingOf("tied-dangling", nullptr, "dangling", "other.weight -> embeds.*.weight",
                {"ToyHead"}),
      FindingOf("dangling-alias", nullptr, "no-such-entry", "toy -> nothing", {})};
  use = ApplyBaseline(Read(kOld + line), &findings);
  EXPECT_EQ(use.known, 2U);
  EXPECT_EQ(use.matched, 2U);
  EXPECT_EQ(use.fixed, std::vector<std::string>{});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].subject, "other.weight -> embeds.*.weight");
  // What is known is written in the new format.
  std::vector<Finding> again = {
      FindingOf("dangling-alias", nullptr, "no-such-entry", "toy -> nothing", {})};
  EXPECT_EQ(Unknown(WriteBaseline({}, use.identities), again), Subjects{});
}

TEST(Baseline, OldLinesThatMatchNothingAreTold) {
  std::vector<Finding> findings;
  const BaselineUse use =
      ApplyBaseline(Read(std::string(kOld) + "lost-key|ToyModel|gone\n"), &findings);
  EXPECT_EQ(use.fixed, std::vector<std::string>{"lost-key|ToyModel|gone"});
}

TEST(Baseline, ANewerFormatIsAnError) {
  const SourceFile file("known", "wcheck baseline version 3\n");
  const Result<Baseline> baseline = ReadBaseline(file);
  ASSERT_FALSE(baseline.ok());
  EXPECT_EQ(baseline.error().message, "this baseline was written by a newer wcheck");
}

}  // namespace
}  // namespace wcheck
