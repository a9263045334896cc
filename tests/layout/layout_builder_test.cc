#include <random>
#include <set>

#include <gtest/gtest.h>

#include "wcheck/layout.h"

#include "show_layout.h"

namespace wcheck {
namespace {

using Shape = std::vector<int64_t>;

std::vector<std::string> Families(const Layout& layout) {
  std::vector<std::string> shown;
  for (const LayoutFamily& family : layout.families) {
    shown.push_back(ShowFamily(family.pattern, family.numbers));
  }
  return shown;
}

TEST(LayoutBuilderTest, CutsKeysIntoFamiliesInTheOrderOfTheirFirstKeys) {
  LayoutBuilder builder;
  EXPECT_TRUE(builder.Add("embed.weight", Shape{10, 4}, "float32"));
  for (int layer = 0; layer < 3; ++layer) {
    const std::string at = "layers." + std::to_string(layer);
    EXPECT_TRUE(builder.Add(at + ".w", Shape{4, 4}, layer == 1 ? "float16" : "float32"));
    EXPECT_TRUE(builder.Add(at + ".norm", Shape{layer == 2 ? 8 : 4}, "float32"));
  }
  EXPECT_TRUE(builder.Add("scale", Shape{}, "int64"));
  Layout layout;
  builder.FinishInto(&layout);
  EXPECT_EQ(Families(layout),
            (std::vector<std::string>{"embed.weight", "layers.{0,2}.w", "layers.{0...1}.norm",
                                      "layers.1.w", "layers.2.norm", "scale"}));
  EXPECT_EQ(layout.key_count(), 8u);
  EXPECT_EQ(layout.families[1].dtype, "float32");
  EXPECT_EQ(layout.families[3].dtype, "float16");
  EXPECT_EQ(layout.families[4].shape.size(), 1u);
  EXPECT_EQ(layout.families[4].shape[0], 8);
  EXPECT_TRUE(layout.families[5].shape.empty());
}

TEST(LayoutBuilderTest, RefusesAKeyThatIsThereAlready) {
  LayoutBuilder builder;
  EXPECT_TRUE(builder.Add("layers.0.w", Shape{1}, "float32"));
  EXPECT_FALSE(builder.Add("layers.0.w", Shape{2}, "float32"));
  EXPECT_TRUE(builder.Add("layers.00.w", Shape{1}, "float32"));
  Layout layout;
  builder.FinishInto(&layout);
  EXPECT_EQ(testing::ShowKeys(layout),
            (std::vector<std::string>{"layers.0.w [1] float32", "layers.00.w [1] float32"}));
}

TEST(LayoutBuilderTest, KeepsExactlyTheKeysAndTheOrderOfRandomLayouts) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    LayoutBuilder builder;
    std::set<std::string> names;
    std::vector<std::string> expected;
    std::vector<std::string> in_order;
    for (int i = 0; i < 60; ++i) {
      const std::string key = "a." + std::to_string(random() % 4) + ".b." +
                              std::to_string(random() % 4) + (random() % 2 ? ".w" : "");
      const int64_t size = random() % 2;
      const bool is_new = names.insert(key).second;
      ASSERT_EQ(builder.Add(key, Shape{size}, "float32"), is_new);
      if (is_new) expected.push_back(key + " [" + std::to_string(size) + "] float32");
      if (is_new) in_order.push_back(key);
    }
    std::sort(expected.begin(), expected.end());
    Layout layout;
    builder.FinishInto(&layout);
    ASSERT_EQ(testing::ShowKeys(layout), expected);
    // The positions of the earliest member of each family in the order of adding must ascend.
    size_t last = 0;
    for (size_t f = 0; f < layout.families.size(); ++f) {
      Layout one;
      one.families = {layout.families[f]};
      size_t first = in_order.size();
      for (const std::string& line : testing::ShowKeys(one)) {
        const std::string key = line.substr(0, line.find(' '));
        first = std::min<size_t>(
            first, std::find(in_order.begin(), in_order.end(), key) - in_order.begin());
      }
      ASSERT_TRUE(f == 0 || first > last);
      last = first;
    }
  }
}

TEST(LayoutTest, OutlivesItsBuilder) {
  Layout layout;
  {
    LayoutBuilder builder;
    builder.Add(std::string("a.very.long.key.that.is.surely.not.kept.in.place.0.weight"), Shape{1},
                std::string("float32"));
    builder.FinishInto(&layout);
  }
  const Layout copy = layout;
  layout = Layout();
  EXPECT_EQ(testing::ShowKeys(copy)[0],
            "a.very.long.key.that.is.surely.not.kept.in.place.0.weight [1] float32");
}

}  // namespace
}  // namespace wcheck
