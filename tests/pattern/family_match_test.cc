// What a key's pattern says about all keys of a family is true for each of them.
#include <cctype>
#include <string>

#include <gtest/gtest.h>

#include "pattern/pattern.h"

#include "random_patterns.h"

namespace wcheck {
namespace {

// The key with a hole (0xFF) for each dotted part that is all digits, and the key with other
// numbers in these places.
struct Family {
  std::string pattern;
  std::string member;
};
Family FamilyOf(const std::string& key, Random* random) {
  Family family;
  for (size_t begin = 0; begin <= key.size();) {
    size_t end = std::min(key.find('.', begin), key.size());
    std::string part = key.substr(begin, end - begin);
    bool number = !part.empty();
    for (char c : part) number &= std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (begin != 0) {
      family.pattern += '.';
      family.member += '.';
    }
    family.pattern += number ? "\xFF" : part;
    family.member += number ? std::to_string(random->Below(random->OneIn(3) ? 2000 : 12)) : part;
    begin = end + 1;
  }
  return family;
}

TEST(FamilyMatch, IsRuledOutForNoMemberThatMatches) {
  Random random(7);
  PatternKind kind;
  int ruled_out = 0;
  int matched = 0;
  int matched_behind = 0;
  for (int i = 0; i < 20'000; ++i) {
    Result<Pattern> pattern = Pattern::Compile(RandomPattern(kind, &random));
    if (!pattern) continue;
    for (int k = 0; k < 8; ++k) {
      Family family = FamilyOf(RandomKey(&random), &random);
      bool may = pattern->MayMatchFamily(family.pattern, /*cut=*/false);
      bool may_behind = pattern->MayMatchFamily(family.pattern, /*cut=*/true);
      ASSERT_TRUE(may_behind || !may) << pattern->text() << " in " << family.pattern;
      Match match;
      bool found = pattern->Search(family.member, &match);
      ASSERT_TRUE(may || !found) << pattern->text() << " in " << family.member;
      // The search may begin after any part.
      for (size_t dot = family.member.find('.'); dot != std::string::npos;
           dot = family.member.find('.', dot + 1)) {
        bool behind = pattern->Search(std::string_view(family.member).substr(dot + 1), &match);
        ASSERT_TRUE(may_behind || !behind) << pattern->text() << " in " << family.member;
        matched_behind += behind;
      }
      ruled_out += !may;
      matched += found;
    }
  }
  // The test means little unless all of this is frequent.
  EXPECT_GT(ruled_out, 20'000);
  EXPECT_GT(matched, 20'000);
  EXPECT_GT(matched_behind, 20'000);
}

TEST(FamilyMatch, LooksAtTextAroundNumbers) {
  auto may = [](const char* pattern, std::string_view keys, bool cut = false) {
    return Pattern::Compile(pattern)->MayMatchFamily(keys, cut);
  };
  EXPECT_TRUE(may(R"(layers\.1\.)", "layers.\xFF.w"));
  EXPECT_FALSE(may(R"(layers\.1\.)", "blocks.\xFF.w"));
  EXPECT_TRUE(may(R"(^10$)", "\xFF"));
  EXPECT_FALSE(may(R"(^layers)", "model.layers.\xFF"));
  EXPECT_TRUE(may(R"(^layers)", "model.layers.\xFF", /*cut=*/true));
  EXPECT_FALSE(may(R"(weight$)", "weight.\xFF"));
  EXPECT_FALSE(may(R"(LayerNorm.gamma)", "LayerNorm.weight"));
  EXPECT_TRUE(may(R"([0-3]|\d{2})", "w"));  // nothing is known
}

}  // namespace
}  // namespace wcheck
