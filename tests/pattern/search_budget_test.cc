#include "pattern/search_budget.h"

#include <gtest/gtest.h>

#include "pattern/pattern.h"
#include "support/limits.h"

namespace wcheck {
namespace {

TEST(SearchBudgetTest, HoldsTheLimits) {
  StartSearchBudget();
  for (int i = 0; i < kMaxSlowSearches; ++i) EXPECT_TRUE(CountSlowSearch());
  EXPECT_TRUE(CheckSearchBudget().ok());
  EXPECT_FALSE(CountSlowSearch());
  const Status over = CheckSearchBudget();
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message,
            "the patterns of this mapping take too long: more than 50 searches took more than 50000 "
            "steps each");
  StartSearchBudget();
  EXPECT_TRUE(CheckSearchBudget().ok());
}

// Each letter multiplies the steps of a search that finds nothing.
std::string Letters(size_t count) { return std::string(count, 'a') + 'b'; }

TEST(SearchBudgetTest, OnlySlowSearchesCount) {
  StartSearchBudget();
  const Pattern pattern = Pattern::Compile("(?=a)(?:a|aa)*c|(?=a)(?:aa?)*$").value();
  Match match;
  for (int i = 0; i < 10 * kMaxSlowSearches; ++i) EXPECT_FALSE(pattern.Search(Letters(8), &match));
  EXPECT_TRUE(CheckSearchBudget().ok());
  EXPECT_FALSE(pattern.gave_up());
  for (int i = 0; i <= kMaxSlowSearches; ++i) EXPECT_FALSE(pattern.Search(Letters(26), &match));
  EXPECT_FALSE(CheckSearchBudget().ok());
  EXPECT_TRUE(pattern.gave_up()) << "the last of them";
  StartSearchBudget();
}

}  // namespace
}  // namespace wcheck
