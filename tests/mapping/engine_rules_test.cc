#include "mapping/engine_rules.h"

#include <gtest/gtest.h>

namespace wcheck {
namespace {

// A column that is missing from the list would be a difference that `wcheck upgrade` explains by
// nothing.
TEST(EngineRules, TogetherMakeAnyEngineOfAnyOther) {
  for (const Engine& from : Engines()) {
    for (const Engine& to : Engines()) {
      Engine mixed = from;
      for (const EngineRule& rule : AllEngineRules()) {
        if (rule.differs(mixed, to)) rule.copy(to, &mixed);
        EXPECT_FALSE(rule.differs(mixed, to)) << rule.name;
      }
      EXPECT_TRUE(SameRules(mixed, to)) << from.name << " to " << to.name;
    }
  }
}

TEST(EngineRules, KnowWhereTheyChanged) {
  auto since = [](std::string_view name, const char* from, const char* to) {
    for (const EngineRule& rule : AllEngineRules()) {
      if (rule.name != name) continue;
      if (rule.differs(*FindEngine(from), *FindEngine(to))) {
        return FirstEngineWith(rule, *FindEngine(from), *FindEngine(to)).name;
      }
    }
    return std::string_view("no difference");
  };
  EXPECT_EQ(since("dollar-kept", "5.20", "5.24"), "5.21");
  EXPECT_EQ(since("dollar-kept", "5.24", "5.16"), "5.20");
  EXPECT_EQ(since("dollar-kept", "5.21", "5.24"), "no difference");
  // A rule that changed more than once: where it got the value that it has in the end.
  EXPECT_EQ(since("scope-base-prefix", "5.8", "5.24"), "5.16");
  EXPECT_EQ(since("op-permute", "5.12", "5.21"), "5.15");
}

}  // namespace
}  // namespace wcheck
