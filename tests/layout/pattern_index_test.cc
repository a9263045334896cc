// Patterns are kept once, under a number each.
#include "layout/pattern_index.h"

#include <string>

#include <gtest/gtest.h>

namespace wcheck {
namespace {

std::string Pattern(uint32_t i) { return "model.part" + std::to_string(i) + ".weight"; }

TEST(PatternIndexTest, NumbersPatternsAsTheyCome) {
  PatternIndex index;
  EXPECT_EQ(index.Find("a"), std::nullopt);
  EXPECT_EQ(index.NumberOf("a"), 0U);
  EXPECT_EQ(index.NumberOf("b"), 1U);
  EXPECT_EQ(index.NumberOf(""), 2U);
  EXPECT_EQ(index.NumberOf("a"), 0U);
  EXPECT_EQ(index.NumberOf("b"), 1U);  // the one that came after it before
  EXPECT_EQ(index.NumberOf("b"), 1U);
  EXPECT_EQ(index.Find(""), 2U);
  EXPECT_EQ(index.Find("c"), std::nullopt);
  EXPECT_EQ(index.size(), 3U);
}

TEST(PatternIndexTest, KeepsManyWhereTheyAre) {
  constexpr uint32_t kMany = 100'000;
  PatternIndex index;
  const std::string long_one(3'000'000, 'x');
  for (uint32_t i = 0; i < kMany; ++i) ASSERT_EQ(index.NumberOf(Pattern(i)), i);
  const std::string_view first = index[0];
  EXPECT_EQ(index.NumberOf(long_one), kMany);
  EXPECT_EQ(index.NumberOf("behind"), kMany + 1);
  for (uint32_t i = kMany; i-- > 0;) {
    ASSERT_EQ(index.NumberOf(Pattern(i)), i);
    ASSERT_EQ(index[i], Pattern(i));
    ASSERT_EQ(index.Find(Pattern(i)), i);
  }
  EXPECT_EQ(index[kMany], long_one);
  EXPECT_EQ(index.Find(Pattern(kMany)), std::nullopt);
  EXPECT_EQ(index[0].data(), first.data());
  const std::string_view last = index[kMany + 1];
  index.KeepTexts();
  EXPECT_EQ(first, Pattern(0));
  EXPECT_EQ(last, "behind");
}

}  // namespace
}  // namespace wcheck
