// The limits on the steps of one search, for searches of exactly so many steps and of one more.
#include <string>

#include <gtest/gtest.h>

#include "pattern/parser.h"
#include "pattern/pattern.h"
#include "pattern/pcre2_matcher.h"
#include "pattern/search_budget.h"
#include "support/limits.h"

namespace wcheck::regex {
namespace {

using Outcome = Pcre2Matcher::Outcome;

// Each letter takes a step, after which `b` is looked for; the one at the end of the text is before
// a `c`.
constexpr const char* kPattern = "^(?=a).*?b(?!c)";

class StepLimitsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(Parser(kPattern, &tree_).Parse());
    Result<std::unique_ptr<Pcre2Matcher>> matcher = Pcre2Matcher::Create(tree_);
    ASSERT_TRUE(matcher.ok());
    matcher_ = *std::move(matcher);
    StartSearchBudget();
  }
  void TearDown() override { StartSearchBudget(); }

  // A text whose search takes exactly `steps`.
  std::string TextOf(uint32_t steps) {
    size_t letters = steps;
    Match match;
    while (letters > 0 && matcher_->SearchWithin(steps, std::string(letters, 'a') + "bc", &match) ==
                              Outcome::kGaveUp) {
      --letters;
    }
    const std::string text = std::string(letters, 'a') + "bc";
    EXPECT_EQ(matcher_->SearchWithin(steps, text, &match), Outcome::kNoMatch);
    EXPECT_EQ(matcher_->SearchWithin(steps - 1, text, &match), Outcome::kGaveUp);
    return text;
  }

  bool GivesUpOn(const std::string& text) {
    const Pattern pattern = Pattern::Compile(kPattern).value();
    EXPECT_TRUE(pattern.needs_pcre2());
    Match match;
    EXPECT_FALSE(pattern.Search(text, &match));
    return pattern.gave_up();
  }

  Tree tree_;
  std::unique_ptr<Pcre2Matcher> matcher_;
};

TEST_F(StepLimitsTest, OneSearch) {
  EXPECT_FALSE(GivesUpOn(TextOf(kMaxSearchSteps)));
  EXPECT_TRUE(GivesUpOn(TextOf(kMaxSearchSteps + 1)));
}

TEST_F(StepLimitsTest, SlowSearches) {
  const std::string quick = TextOf(kSlowSearch);
  const std::string slow = TextOf(kSlowSearch + 1);
  for (int i = 0; i <= kMaxSlowSearches; ++i) EXPECT_FALSE(GivesUpOn(quick));
  EXPECT_TRUE(CheckSearchBudget().ok());
  for (int i = 0; i < kMaxSlowSearches; ++i) EXPECT_FALSE(GivesUpOn(slow));
  EXPECT_TRUE(CheckSearchBudget().ok());
  EXPECT_TRUE(GivesUpOn(slow));
  EXPECT_FALSE(CheckSearchBudget().ok());
  EXPECT_FALSE(GivesUpOn(quick)) << "those that are quick go on";
}

}  // namespace
}  // namespace wcheck::regex
