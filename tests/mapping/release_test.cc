#include "wcheck/release.h"

#include <optional>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace wcheck {
namespace {

std::string NameOf(const Engine* engine) {
  return engine == nullptr ? "none" : std::string(engine->name);
}

TEST(VersionTest, PutsADevelopmentVersionBeforeItsRelease) {
  const auto version = [](const char* text) { return ParseVersion(text).value(); };
  EXPECT_EQ(version("5.16"), version("5.16.0"));
  EXPECT_LT(version("5.16.0.dev0"), version("5.16.0"));
  EXPECT_LT(version("5.16.0rc1"), version("5.16.0"));
  EXPECT_GT(version("5.16.0.dev0"), version("5.15.3"));
  EXPECT_LT(version("5.9"), version("5.10"));
  EXPECT_EQ(version("5.16.1+local"), version("5.16.1"));
  for (const char* text : {"", "5", "5.", "main", ".5", "five.1"}) {
    EXPECT_EQ(ParseVersion(text), std::nullopt) << text;
  }
}

TEST(EngineTest, IsFoundByNameAndByVersion) {
  EXPECT_EQ(NameOf(FindEngine("5.21")), "5.21");
  EXPECT_EQ(NameOf(FindEngine("5.20.2")), "5.20");
  EXPECT_EQ(NameOf(FindEngine("interleaved-5.8")), "interleaved-5.8");
  for (const char* name : {"", "5", "4.57", "5.99", "6.0", "5.20.x", "auto"}) {
    EXPECT_EQ(FindEngine(name), nullptr) << name;
  }
  EXPECT_EQ(NameOf(EngineOfVersion({6, 0})), NameOf(EngineOfVersion({5, 1000})));
  EXPECT_EQ(EngineOfVersion({4, 57, 6}), nullptr);
}

TEST(EngineTest, ChangesWithAPatchReleaseOnlyIn55) {
  EXPECT_TRUE(SameRules(*FindEngine("5.5.1"), *FindEngine("5.4")));
  EXPECT_FALSE(SameRules(*FindEngine("5.5.2"), *FindEngine("5.4")));
  EXPECT_EQ(FindEngine("5.5"), FindEngine("5.5.4"));
}

// The rows stand in the order of their versions, and every minor release has one.
TEST(EngineTest, HasARowPerRelease) {
  std::set<std::string_view> names;
  std::optional<Version> last;
  uint32_t minor = 0;
  for (const Engine& engine : Engines()) {
    EXPECT_TRUE(names.insert(engine.name).second) << engine.name;
    if (!engine.since) continue;
    EXPECT_TRUE(!last || *last < *engine.since) << engine.name;
    EXPECT_LE(engine.since->minor, minor + 1) << engine.name;
    EXPECT_EQ(engine.classes_of, *engine.since);
    minor = engine.since->minor;
    last = engine.since;
  }
  EXPECT_TRUE(names.contains(DefaultEngine().name));
}

}  // namespace
}  // namespace wcheck
