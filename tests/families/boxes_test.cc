#include "families/boxes.h"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace wcheck {
namespace {

using Member = std::vector<uint32_t>;

template <typename Each>
void ForEachOf(const IndexBox& box, Each&& each) {
  Member member(box.size());
  auto from = [&](auto&& self, size_t d) -> void {
    if (d == box.size()) return each(member);
    box[d].ForEach([&](uint32_t value) {
      member[d] = value;
      self(self, d + 1);
    });
  };
  from(from, 0);
}

// Single numbers, ranges, and sets of several; apart, equal and overlapping.
std::vector<IndexBox> RandomBoxes(std::mt19937* random, size_t count, size_t dimensions) {
  std::vector<IndexBox> boxes;
  const auto pick = [&](uint32_t below) { return static_cast<uint32_t>((*random)() % below); };
  const uint32_t kind = pick(3);
  for (size_t i = 0; i < count; ++i) {
    IndexBox box;
    for (size_t d = 0; d < dimensions; ++d) {
      const uint32_t first = pick(12);
      if (kind == 0) box.emplace_back(first, first);
      if (kind == 1) box.emplace_back(first, first + pick(3));
      if (kind == 2) box.push_back(IndexSet::FromValues({first, pick(12), pick(12)}));
    }
    boxes.push_back(std::move(box));
  }
  return boxes;
}

TEST(OverlayTest, CoversEachMemberByItsBoxes) {
  for (uint32_t seed = 0; seed < 400; ++seed) {
    std::mt19937 random(seed);
    const std::vector<IndexBox> boxes = RandomBoxes(&random, 1 + random() % 12, 1 + random() % 3);
    std::map<Member, std::vector<uint32_t>> expected;
    for (uint32_t i = 0; i < boxes.size(); ++i) {
      ForEachOf(boxes[i], [&](const Member& member) { expected[member].push_back(i); });
    }
    std::map<Member, std::vector<uint32_t>> found;
    for (const OverlayCell& cell : Overlay(boxes)) {
      ForEachOf(cell.box, [&](const Member& member) {
        EXPECT_TRUE(found.emplace(member, cell.covering).second) << "seed " << seed;
      });
    }
    EXPECT_EQ(found, expected) << "seed " << seed;
  }
}

TEST(BoxMinusTest, LeavesWhatNoCutHas) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const size_t dimensions = 1 + random() % 2;
    const std::vector<IndexBox> cuts = RandomBoxes(&random, random() % 120, dimensions);
    const IndexBox box(dimensions, IndexSet(0, 14));
    std::set<Member> expected;
    ForEachOf(box, [&](const Member& member) { expected.insert(member); });
    std::vector<std::span<const IndexSet>> without(cuts.begin(), cuts.end());
    for (const IndexBox& cut : cuts) {
      ForEachOf(cut, [&](const Member& member) { expected.erase(member); });
    }
    std::set<Member> found;
    for (const IndexBox& left : BoxMinus(box, without)) {
      ForEachOf(left, [&](const Member& m) { EXPECT_TRUE(found.insert(m).second) << seed; });
    }
    EXPECT_EQ(found, expected) << "seed " << seed;
  }
}

// Sixty thousand single keys take no more than their number.
TEST(OverlayTest, SingleKeysTakeTimeInProportion) {
  std::vector<IndexBox> boxes;
  for (uint32_t i = 0; i < 60'000; ++i) boxes.push_back({IndexSet(7 * i, 7 * i)});
  EXPECT_EQ(Overlay(boxes).size(), boxes.size());
  const std::vector<std::span<const IndexSet>> without(boxes.begin(), boxes.end());
  EXPECT_EQ(BoxMinus({IndexSet(0, 420'000)}, without).size(), 1u);
}

}  // namespace
}  // namespace wcheck
