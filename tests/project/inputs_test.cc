#include "project/inputs.h"

#include <gtest/gtest.h>

#include "project/bundle.h"

namespace wcheck {
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
  const std::string path = BundlePath();
  EXPECT_TRUE(path.ends_with("/share/wcheck/bundled.wcs")) << path;
  const Result<Bundle> bundle = Bundle::Open(path);
  ASSERT_TRUE(bundle) << bundle.error().ToString();
  for (const Engine& engine : Engines()) {
    const auto snapshot = bundle->Of(engine);
    ASSERT_TRUE(snapshot) << engine.name << ": " << snapshot.error().ToString();
    EXPECT_GT((*snapshot)->size(), 1000U) << engine.name;
    // What an engine goes with is of its own time or, for the oldest, a little later.
    const std::optional<Version> version = ParseVersion((*snapshot)->release());
    ASSERT_TRUE(version) << engine.name;
    if (&engine == &DefaultEngine()) continue;
    EXPECT_LE(version->minor, engine.classes_of.minor);
  }
}

TEST(BundledSnapshot, FindsReleasesByName) {
  const Result<Bundle> bundle = Bundle::Open(BundlePath());
  ASSERT_TRUE(bundle) << bundle.error().ToString();
  EXPECT_EQ((*bundle->Named("5.20"))->release(), "5.20.2");
  EXPECT_EQ((*bundle->Named("5.20.2"))->release(), "5.20.2");
  EXPECT_EQ((*bundle->Named("5.20"))->layouts_release(), "5.24.0");
  const auto none = bundle->Named("5.2");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "no release '5.2' comes with wcheck");
}

TEST(GuessEngine, KnowsReleases) {
  auto engine_of = [](const char* release) {
    Registry registry;
    registry.release = release;
    return std::string(GuessEngine(registry, "registry.json").engine->name);
  };
  const std::string newest = "5.24";
  const std::string otherwise(DefaultEngine().name);
  EXPECT_EQ(engine_of("5.9.0"), "5.9");
  EXPECT_EQ(engine_of("5.15.1"), "5.15");
  EXPECT_EQ(engine_of("5.16.0.dev0"), "5.15") << "a version before a release";
  EXPECT_EQ(engine_of("5.5.1"), "5.5.0");
  EXPECT_EQ(engine_of("5.5.4"), "5.5");
  EXPECT_EQ(engine_of("6.0"), newest);
  EXPECT_EQ(engine_of("4.57.6"), otherwise);
  EXPECT_EQ(engine_of("main"), otherwise);
}

TEST(GuessEngine, TakesTheReleaseThatHasWhatTheMappingUses) {
  auto guess = [](const char* release, const std::vector<OperationKind>& kinds) {
    Registry registry;
    registry.release = release;
    TransformSpec spec;
    spec.kind = TransformKind::kWeightConverter;
    for (const OperationKind kind : kinds) spec.operations.push_back(MakeOperation(kind));
    registry.entries["bee"].transforms.push_back(std::move(spec));
    return GuessEngine(registry, "registry.json");
  };
  using Kind = OperationKind;
  EXPECT_EQ(guess("5.14.0.dev0", {Kind::kChunk}).engine->name, "5.13");
  const EngineGuess later = guess("5.14.0.dev0", {Kind::kInterleave});
  EXPECT_EQ(later.engine->name, "5.14");
  EXPECT_NE(later.reason.find("uses Interleave, which 5.13 does not have"), std::string::npos)
      << later.reason;
  EXPECT_EQ(guess("5.13.0", {Kind::kInterleave}).engine->name, "5.13") << "a release";
  EXPECT_EQ(guess("5.10.0.dev0", {Kind::kInterleave}).engine->name, "5.9") << "nor has 5.10";
}

}  // namespace
}  // namespace wcheck
