// The three matchers compared with each other: on a plain text each must find what the others find,
// so that it does not matter which of them handles a pattern or a text.
#include <optional>

#include <gtest/gtest.h>

#include "pattern/parser.h"
#include "pattern/pcre2_matcher.h"
#include "random_patterns.h"
#include "pattern/re2_matcher.h"
#include "pattern/sequence_matcher.h"

namespace wcheck::regex {
namespace {

std::string PlainText(Random* random) {
  std::string text = RandomText(false, random);
  std::erase(text, '\n');
  return text.empty() ? "a" : text;
}

TEST(Matchers, AgreeOnPlainTexts) {
  Random random(4);
  PatternKind kind = {.references = false};
  int sequences = 0;
  int re2s = 0;
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string source = RandomPattern(kind, &random);
    Tree tree;
    if (Parser(source, &tree).Parse()) continue;
    std::unique_ptr<SequenceMatcher> sequence = SequenceMatcher::Create(tree);
    std::unique_ptr<Re2Matcher> re2 = Re2Matcher::Create(tree);
    if (sequence == nullptr && re2 == nullptr) continue;
    auto pcre2 = Pcre2Matcher::Create(tree);
    ASSERT_TRUE(pcre2) << source;
    sequences += sequence != nullptr;
    re2s += re2 != nullptr;
    for (int t = 0; t < 8; ++t) {
      std::string text = PlainText(&random);
      Match expected;
      bool found = (*pcre2)->Search(text, &expected) == Pcre2Matcher::Outcome::kMatch;
      auto check = [&](const auto& matcher, const char* name) {
        if (matcher == nullptr) return;
        Match match;
        ASSERT_EQ(matcher->Search(text, &match), found) << name << ' ' << source << " in " << text;
        if (!found) return;
        ASSERT_TRUE(match == expected) << name << ' ' << source << " in " << text;
      };
      check(sequence, "sequence");
      check(re2, "RE2");
      matched += found;
    }
  }
  // Each must have had its share.
  EXPECT_GT(sequences, 4'000);
  EXPECT_GT(re2s, 4'000);
  EXPECT_GT(matched, 20'000);
}

}  // namespace
}  // namespace wcheck::regex
