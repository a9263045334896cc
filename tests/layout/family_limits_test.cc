#include "layout/family_limits.h"

#include <deque>

#include <gtest/gtest.h>

#include "support/limits.h"

namespace wcheck {
namespace {

// Single keys of one pattern, as LayoutBuilder gives them.
TEST(FamilyLimitsTest, HoldsTheLimit) {
  const std::string pattern = std::string("layers.") + kHole + ".w";
  std::deque<IndexBox> boxes;
  std::vector<LayoutFamily> families;
  for (uint32_t i = 0; i < kMaxFamiliesOfPattern; ++i) {
    boxes.push_back({IndexSet(i, i)});
    families.push_back({pattern, boxes.back(), {}, "float32"});
  }
  const std::string other = "norm.w";
  families.push_back({other, {}, {}, "float32"});
  EXPECT_TRUE(CheckFamilyCount(families, {}).ok());
  families.push_back({pattern, boxes.front(), {}, "float32"});
  const Status over = CheckFamilyCount(families, {});
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message,
            "the numbers of the keys layers.*.w have no order: they come to more than 5000 families");
}

// Numbers without order come to single keys, and quickly.
TEST(FamilyLimitsTest, KeysWithoutOrderAreAllThere) {
  LayoutBuilder builder;
  uint64_t state = 1;
  size_t keys = 0;
  for (size_t i = 0; i < 3 * kMaxFamiliesOfPattern; ++i) {
    std::string key = "w";
    for (int n = 0; n < 6; ++n) {
      state = state * 6364136223846793005 + 1442695040888963407;
      key += "." + std::to_string(state >> 44);
    }
    keys += builder.Add(key, {}, "float32") ? 1 : 0;
  }
  Layout layout;
  builder.FinishInto(&layout);
  EXPECT_EQ(layout.families.size(), keys);
  EXPECT_EQ(layout.key_count(), keys);
  EXPECT_FALSE(CheckFamilyCount(layout.families, {}).ok());
}

}  // namespace
}  // namespace wcheck
