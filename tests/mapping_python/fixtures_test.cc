// Every fixture of testdata/python gives what Python itself gives (the .json beside it, written by
// generate_expectations.py).
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mapping/json/json_writer.h"
#include "reading.h"

namespace wcheck {
namespace {

class FixtureTest : public testing::TestWithParam<std::string> {};

TEST_P(FixtureTest, GivesWhatPythonGives) {
  Registry registry = ReadText(Fixture(GetParam() + ".py"));
  EXPECT_EQ(Incomplete(registry), "");
  EXPECT_EQ(Remarks(registry, ReaderRemark::Kind::kUnsupportedConstruct),
            std::vector<std::string>{});
  auto expected = nlohmann::json::parse(Fixture(GetParam() + ".json"));
  auto actual = nlohmann::json::parse(DumpRegistryJson(registry, /*origins=*/false));
  EXPECT_EQ(actual["aliases"], expected["aliases"]);
  for (const auto& [name, entry] : expected["entries"].items()) {
    EXPECT_EQ(actual["entries"][name], entry) << name;
  }
  EXPECT_EQ(actual, expected);
}

INSTANTIATE_TEST_SUITE_P(All, FixtureTest, testing::ValuesIn(FixtureNames()),
                         [](const auto& info) { return info.param; });

// All origins of all fixtures lie on what they claim to be.
TEST_P(FixtureTest, OriginsPointAtTheirSource) {
  Registry registry = ReadText(Fixture(GetParam() + ".py"));
  for (const auto& [name, entry] : registry.entries) {
    EXPECT_NE(TextOf(entry.where), "") << name;
    for (const TransformSpec& spec : entry.transforms) {
      ASSERT_NE(spec.origin, nullptr) << name;
      EXPECT_TRUE(TextOf(spec.origin->call).ends_with(")")) << TextOf(spec.origin->call);
      if (spec.kind == TransformKind::kPrefixChange) continue;
      EXPECT_EQ(spec.origin->sources.size(), spec.sources.size()) << name;
      EXPECT_EQ(spec.origin->targets.size(), spec.targets.size()) << name;
    }
  }
}

}  // namespace
}  // namespace wcheck
