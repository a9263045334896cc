#include "wcheck/index_set.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace wcheck {
namespace {

// The same set, kept the simple way.
using Model = std::set<uint32_t>;

Model ToModel(const IndexSet& set) {
  Model model;
  set.ForEach([&](uint32_t value) { EXPECT_TRUE(model.insert(value).second); });
  return model;
}

// Sorted, disjoint and not touching, whatever was done to it.
void ExpectTidy(const IndexSet& set) {
  for (size_t i = 0; i < set.ranges().size(); ++i) {
    EXPECT_LE(set.ranges()[i].first, set.ranges()[i].last);
    if (i > 0) {
      EXPECT_GT(set.ranges()[i].first, uint64_t{set.ranges()[i - 1].last} + 1);
    }
  }
}

std::vector<uint32_t> RandomValues(std::mt19937& random) {
  std::vector<uint32_t> values(random() % 12);
  for (uint32_t& value : values) value = random() % 20;
  return values;
}

std::string ModelToString(const Model& model) {
  std::string out;
  for (auto it = model.begin(); it != model.end();) {
    const uint32_t first = *it;
    uint32_t last = first;
    while (++it != model.end() && *it == last + 1) last = *it;
    out += (out.empty() ? "" : ",") + std::to_string(first);
    if (last != first) out += "..." + std::to_string(last);
  }
  return out;
}

TEST(IndexSetTest, BehavesAsASet) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    const std::vector<uint32_t> a_values = RandomValues(random);
    const std::vector<uint32_t> b_values = RandomValues(random);
    const IndexSet a = IndexSet::FromValues(a_values);
    const IndexSet b = IndexSet::FromValues(b_values);
    const Model am(a_values.begin(), a_values.end());
    const Model bm(b_values.begin(), b_values.end());
    Model either = am;
    either.insert(bm.begin(), bm.end());
    Model both;
    Model only_a;
    for (uint32_t v : am) (bm.contains(v) ? both : only_a).insert(v);

    ExpectTidy(a);
    ASSERT_EQ(ToModel(a), am);
    ASSERT_EQ(a.size(), am.size());
    ASSERT_EQ(a.empty(), am.empty());
    ASSERT_EQ(a == b, am == bm);
    for (const auto& [made, expected] :
         {std::pair(a.Union(b), either), {a.Intersect(b), both}, {a.Minus(b), only_a}}) {
      ExpectTidy(made);
      ASSERT_EQ(ToModel(made), expected);
      ASSERT_EQ(made, IndexSet::FromValues({expected.begin(), expected.end()}));
    }
    ASSERT_EQ(a.Intersects(b), !both.empty());
    ASSERT_EQ(a.Contains(b), both == bm);
    for (uint32_t v = 0; v < 21; ++v) ASSERT_EQ(a.Contains(v), am.count(v) == 1);
    uint64_t n = 0;
    for (uint32_t v : am) ASSERT_EQ(a.At(n++), v);
    if (!am.empty()) {
      ASSERT_EQ(a.min(), *am.begin());
      ASSERT_EQ(a.max(), *am.rbegin());
    }
    ASSERT_EQ(a.ToString(), ModelToString(am));
  }
}

TEST(IndexSetTest, JoinsRangesThatTouch) {
  EXPECT_EQ(IndexSet::FromRanges({{5, 9}, {0, 2}, {3, 4}}), IndexSet(0, 9));
  EXPECT_EQ(IndexSet::FromRanges({{0, 9}, {2, 3}, {11, 11}}).ToString(), "0...9,11");
}

TEST(IndexSetTest, HoldsTheLargestNumbers) {
  const IndexSet all(0, UINT32_MAX);
  EXPECT_EQ(all.size(), uint64_t{1} << 32);
  EXPECT_EQ(all.At(UINT32_MAX), UINT32_MAX);
  EXPECT_EQ(all.Minus(IndexSet(0, UINT32_MAX - 1)), IndexSet(UINT32_MAX, UINT32_MAX));
  EXPECT_TRUE(all.Minus(all).empty());
  EXPECT_EQ(IndexSet::FromRanges({{0, UINT32_MAX}, {7, UINT32_MAX}}), all);
  EXPECT_EQ(IndexSet::FromValues({UINT32_MAX, 0}).ranges().size(), 2u);
}

}  // namespace
}  // namespace wcheck
