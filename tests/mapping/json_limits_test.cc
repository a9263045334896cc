#include <gtest/gtest.h>

#include "mapping/json/json_reader.h"
#include "support/limits.h"

namespace wcheck {
namespace {

Result<Registry> ReadEntries(const std::vector<size_t>& transforms, size_t aliases) {
  std::string text = "{\"entries\": {";
  for (size_t e = 0; e < transforms.size(); ++e) {
    text += (e == 0 ? "\"" : ", \"") + std::to_string(e) + "\": [";
    for (size_t t = 0; t < transforms[e]; ++t) {
      text += t == 0 ? "" : ", ";
      text += R"({"type": "WeightRenaming", "source": ["a"], "target": ["b"]})";
    }
    text += "]";
  }
  text += "}, \"aliases\": {";
  for (size_t a = 0; a < aliases; ++a) {
    text += (a == 0 ? "" : ", ") + ("\"a" + std::to_string(a)) + "\": \"" +
            (a == 0 ? "0" : "a" + std::to_string(a - 1)) + '"';
  }
  text += "}}";
  return ReadJsonRegistry(std::make_shared<const SourceFile>("r.json", std::move(text)));
}

TEST(JsonLimitsTest, HoldsTheLimits) {
  EXPECT_TRUE(ReadEntries({kMaxEntryTransforms}, 0).ok());
  EXPECT_EQ(ReadEntries({kMaxEntryTransforms + 1}, 0).error().message,
            "an entry of more than 1000 transforms");
  const size_t entries = kMaxTransforms / kMaxEntryTransforms;
  std::vector<size_t> many(entries, kMaxEntryTransforms);
  EXPECT_TRUE(ReadEntries(many, 0).ok());
  many.push_back(1);
  EXPECT_EQ(ReadEntries(many, 0).error().message, "a registry of more than 20000 transforms");
  EXPECT_TRUE(ReadEntries({1000}, kMaxTransforms / 1000 - 1).ok());
  EXPECT_EQ(ReadEntries({1000}, kMaxTransforms / 1000).error().message,
            "with this alias the registry has more than 20000 transforms");

  const Result<Registry> chain = ReadEntries({1}, 40);
  ASSERT_TRUE(chain.ok());
  const auto steps = [&](const std::string& name) {
    return chain->Find(name)->transforms.front().origin->provenance.size();
  };
  EXPECT_EQ(steps("a" + std::to_string(kMaxProvenance - 1)), kMaxProvenance);
  EXPECT_EQ(steps("a39"), kMaxProvenance);
}

}  // namespace
}  // namespace wcheck
