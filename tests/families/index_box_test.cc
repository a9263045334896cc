#include <random>
#include <set>

#include <gtest/gtest.h>

#include "wcheck/key_family.h"

namespace wcheck {
namespace {

using Tuple = std::vector<uint32_t>;

// Every tuple of the boxes; fails if one comes twice.
std::set<Tuple> Members(const std::vector<IndexBox>& boxes) {
  std::set<Tuple> members;
  for (const IndexBox& box : boxes) {
    std::vector<Tuple> tuples{{}};
    for (const IndexSet& set : box) {
      std::vector<Tuple> longer;
      for (const Tuple& tuple : tuples) {
        set.ForEach([&](uint32_t value) {
          longer.push_back(tuple);
          longer.back().push_back(value);
        });
      }
      tuples = std::move(longer);
    }
    for (Tuple& tuple : tuples) EXPECT_TRUE(members.insert(std::move(tuple)).second);
  }
  return members;
}

TEST(CutIntoBoxesTest, HoldsExactlyTheTuples) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const size_t dimensions = random() % 9;
    const uint32_t values = 1 + random() % 4;
    std::vector<Tuple> tuples(1 + random() % 40, Tuple(dimensions));
    for (Tuple& tuple : tuples) {
      for (uint32_t& value : tuple) value = random() % values;
    }
    const std::vector<IndexBox> boxes = CutIntoBoxes(tuples);
    ASSERT_EQ(Members(boxes), std::set<Tuple>(tuples.begin(), tuples.end()));
    for (const IndexBox& box : boxes) ASSERT_EQ(box.size(), dimensions);
  }
}

TEST(CutIntoBoxesTest, AProductIsOneBox) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    std::vector<Tuple> tuples{{}};
    for (size_t d = random() % 4; d > 0; --d) {
      std::set<uint32_t> values;
      while (values.size() < 1 + random() % 5) values.insert(random() % 50);
      std::vector<Tuple> longer;
      for (const Tuple& tuple : tuples) {
        for (uint32_t value : values) {
          longer.push_back(tuple);
          longer.back().push_back(value);
        }
      }
      tuples = std::move(longer);
    }
    std::shuffle(tuples.begin(), tuples.end(), random);
    ASSERT_EQ(CutIntoBoxes(tuples).size(), 1u);
  }
}

TEST(CutIntoBoxesTest, NeedsFewBoxes) {
  // Layers 0 … 9 have experts 0 … 7, but layer 3 has none and layer 5 has only four.
  std::vector<Tuple> tuples;
  for (uint32_t layer = 0; layer < 10; ++layer) {
    for (uint32_t expert = 0; expert < (layer == 3 ? 0 : layer == 5 ? 4 : 8); ++expert) {
      tuples.push_back({layer, expert});
    }
  }
  const std::vector<IndexBox> boxes = CutIntoBoxes(tuples);
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_EQ(boxes[0][0].ToString(), "0...2,4,6...9");
  EXPECT_EQ(boxes[0][1].ToString(), "0...7");
  EXPECT_EQ(boxes[1][0].ToString(), "5");
  EXPECT_EQ(boxes[1][1].ToString(), "0...3");
}

TEST(CutIntoBoxesTest, CutsAlongTheDimensionThatNeedsFewest) {
  // Cut by its first number this is three boxes, by its second one it is two.
  const std::vector<IndexBox> boxes = CutIntoBoxes({{0, 0}, {1, 1}, {2, 0}, {2, 1}});
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_EQ(boxes[0][0].ToString(), "0,2");
  EXPECT_EQ(boxes[0][1].ToString(), "0");
  EXPECT_EQ(boxes[1][0].ToString(), "1...2");
  EXPECT_EQ(boxes[1][1].ToString(), "1");
}

TEST(CutIntoBoxesTest, TakesManyNumbersInAKey) {
  std::vector<Tuple> tuples;
  for (uint32_t i = 0; i < 200; ++i) {
    Tuple tuple(300);
    for (uint32_t d = 0; d < 300; ++d) tuple[d] = i * d % 7;
    tuples.push_back(tuple);
  }
  EXPECT_EQ(Members(CutIntoBoxes(tuples)), std::set<Tuple>(tuples.begin(), tuples.end()));
}

TEST(CutIntoBoxesTest, NothingIsNoBox) {
  EXPECT_TRUE(CutIntoBoxes({}).empty());
  ASSERT_EQ(CutIntoBoxes({{}}).size(), 1u);
  EXPECT_TRUE(CutIntoBoxes({{}})[0].empty());
}

}  // namespace
}  // namespace wcheck
