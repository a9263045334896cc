#include "cli/inputs.h"

#include <gtest/gtest.h>

namespace wcheck::cli {
namespace {

class NamedLayouts : public LayoutSource {
 public:
  explicit NamedLayouts(std::vector<std::string> names) : names_(std::move(names)) {}
  size_t size() const override { return names_.size(); }
  std::string_view class_name(size_t i) const override { return names_[i]; }
  Result<Layout> Read(size_t i) const override {
    if (names_[i].empty()) return Error{{}, "layout " + std::to_string(i), ""};
    Layout layout;
    layout.class_name = names_[i];
    return layout;
  }

 private:
  std::vector<std::string> names_;
};

using Indices = std::vector<size_t>;

TEST(SelectClasses, TakesAllWithoutGlobs) {
  EXPECT_EQ(*SelectClasses(NamedLayouts({"A", "B"}), {}), (Indices{0, 1}));
}

TEST(SelectClasses, JoinsGlobsInTheOrderOfTheSource) {
  const NamedLayouts layouts({"BeeModel", "WaspModel", "BeeForHoney", "Bee"});
  EXPECT_EQ(*SelectClasses(layouts, {"WaspModel", "Bee*"}), (Indices{0, 1, 2, 3}));
  EXPECT_EQ(*SelectClasses(layouts, {"Bee", "Bee"}), Indices{3});
  EXPECT_EQ(*SelectClasses(layouts, {"[BW]*Model"}), (Indices{0, 1}));
  EXPECT_EQ(*SelectClasses(layouts, {"Be?"}), Indices{3});
}

TEST(SelectClasses, ReportsAGlobThatMatchesNothingAlthoughOthersDo) {
  const Result<Indices> result = SelectClasses(NamedLayouts({"BeeModel"}), {"*", "BeMode"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "there is no model class 'BeMode'");
  EXPECT_EQ(result.error().advice, "did you mean 'BeeModel'?");
}

TEST(ReadLayouts, GivesTheChosenOnesOrTheFirstError) {
  const NamedLayouts layouts({"A", "", "C"});
  const Result<std::vector<Layout>> read = ReadLayouts(layouts, {0, 2});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[1].class_name, "C");
  const Result<std::vector<Layout>> failed = ReadLayouts(layouts, {0, 1, 2});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "layout 1");
}

TEST(BundledSnapshot, IsBesideTheProgramForEveryEngine) {
  EXPECT_TRUE(BundledSnapshotPath().ends_with("/share/wcheck/snapshot-5.16.wcs"))
      << BundledSnapshotPath();
  EXPECT_TRUE(BundledSnapshotPath(*FindProfile("interleaved")).ends_with("/snapshot-5.8.wcs"));
}

TEST(GuessEngine, KnowsReleases) {
  auto engine_of = [](const char* release) {
    Registry registry;
    registry.release = release;
    return std::string(GuessEngine(registry, "registry.json").profile->name);
  };
  EXPECT_EQ(engine_of("5.8.0.dev0"), "5.8");
  EXPECT_EQ(engine_of("5.9.0"), "5.12");
  EXPECT_EQ(engine_of("5.15.3"), "5.12");
  EXPECT_EQ(engine_of("5.16.0.dev0"), "5.16");
  EXPECT_EQ(engine_of("6.0"), "5.16");
  EXPECT_EQ(engine_of("5.7.9"), "5.16");
  EXPECT_EQ(engine_of("main"), "5.16");
}

}  // namespace
}  // namespace wcheck::cli
