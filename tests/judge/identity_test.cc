// What makes two findings one: check, transform as written, cause and subject, and nothing else.
#include <gtest/gtest.h>

#include "judge/collector.h"

namespace wcheck {
namespace {

class Identity : public ::testing::Test {
 protected:
  Identity() {
    Entry& entry = registry_.entries["toy"];
    entry.name = "toy";
    entry.transforms.resize(2);
    for (TransformSpec& spec : entry.transforms) {
      spec.sources = {"a"};
      spec.targets = {"b"};
    }
    entry.transforms[1].sources = {"c"};
    written_ = std::make_unique<WrittenTransforms>(registry_);
  }

  Finding FindingOf(size_t transform) const {
    Finding finding;
    finding.transform = TransformRef{&registry_.Find("toy")->transforms[transform], "toy",
                                     static_cast<uint32_t>(transform)};
    finding.message = "it happens in layer 3";
    finding.cause = "it-happens";
    finding.subject = "layers.*.w";
    return finding;
  }

  // The identity that a judge gives to a finding of a class.
  std::string Of(Finding finding, std::string_view class_name = "ToyModel",
                 std::string_view check = "lost-key") const {
    Collector collector(*written_, options_);
    collector.Begin(*FindCheck(check), class_name);
    collector.FindingSink::Add(std::move(finding));
    return collector.findings.front().identity;
  }

  Registry registry_;
  JudgeOptions options_;
  std::unique_ptr<WrittenTransforms> written_;
};

TEST_F(Identity, IsMadeOfFiveParts) {
  EXPECT_EQ(Of(FindingOf(0)), "lost-key|toy|WeightRenaming('a' -> 'b')|it-happens|layers.*.w");
  Finding finding = FindingOf(0);
  finding.transform.reset();
  EXPECT_EQ(Of(finding), "lost-key|||it-happens|layers.*.w");
}

TEST_F(Identity, HoldsNoProseNoClassAndNoPosition) {
  const std::string identity = Of(FindingOf(0));
  Finding other = FindingOf(0);
  other.message = "it takes place in layer 4";
  other.advice = "do something else";
  other.severity = Severity::kNote;
  other.blame = {Blame::Part::kTarget, 0};
  other.classes.push_back({"", {{"layers.4.w", "is lost", "", 1}}, 0});
  EXPECT_EQ(Of(other, "ToyHead"), identity);
}

TEST_F(Identity, TellsCheckTransformCauseAndSubjectApart) {
  const std::string identity = Of(FindingOf(0));
  EXPECT_NE(Of(FindingOf(0), "ToyModel", "load-collision"), identity);
  EXPECT_NE(Of(FindingOf(1)), identity);
  Finding cause = FindingOf(0);
  cause.cause = "it-happens-on-save";
  EXPECT_NE(Of(cause), identity);
  Finding subject = FindingOf(0);
  subject.subject = "layers.*.v";
  EXPECT_NE(Of(subject), identity);
}

TEST_F(Identity, MergesWhatTwoFindingsSayOfOneClass) {
  ClassEvidence evidence{"ToyModel", {{"a", "is lost", "", 1}}, 1};
  Collector::Merge({"ToyModel", {{"a", "is lost", "", 1}, {"b", "is lost", "", 1}}, 2},
                   JudgeOptions(), &evidence);
  ASSERT_EQ(evidence.keys.size(), 2U);
  EXPECT_EQ(evidence.keys[1].key, "b");
  EXPECT_EQ(evidence.omitted, 3U);
  ClassEvidence many{"ToyModel", {}, 0};
  for (size_t i = 0; i < 2 * kMaxEvidence; ++i) {
    Collector::Merge({"ToyModel", {{std::string(1, static_cast<char>('a' + i)), "", "", 1}}, 0},
                     JudgeOptions(), &many);
  }
  EXPECT_EQ(many.keys.size(), kMaxEvidence);
  EXPECT_EQ(many.omitted, kMaxEvidence);
}

}  // namespace
}  // namespace wcheck
