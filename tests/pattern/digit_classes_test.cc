#include <algorithm>
#include <cctype>
#include <string>

#include <gtest/gtest.h>

#include "pattern/pattern.h"

#include "random_patterns.h"

namespace wcheck {
namespace {

// "0123456789" with a bar wherever a class ends, classes in order of their first digit:
// {1} and the rest is "023456789|1".
std::string Classes(std::string_view text, bool delimited) {
  Result<Pattern> pattern = Pattern::Compile(text);
  EXPECT_TRUE(pattern) << text;
  DigitClasses classes;
  pattern->AddDigitClasses(delimited, &classes);
  std::string out;
  for (int label = 0; label < 10; ++label) {
    std::string members;
    for (int d = 0; d < 10; ++d) {
      if (classes.ClassOf(d) == label) members += static_cast<char>('0' + d);
    }
    if (!members.empty()) out += (out.empty() ? "" : "|") + members;
  }
  EXPECT_EQ(classes.trivial(), out.find('|') == std::string::npos);
  return out;
}

constexpr std::string_view kAlike = "0123456789";

TEST(DigitClasses, AtomsThatStandBesideALetterAreSafe) {
  EXPECT_EQ(Classes(R"(\.experts\.\*\.w1)", true), kAlike);
  EXPECT_EQ(Classes(R"(conv2d10.)", true), kAlike);
  EXPECT_EQ(Classes(R"((?<!layer1)\.)", true), kAlike);
  EXPECT_EQ(Classes(R"(1b)", true), kAlike);
  EXPECT_EQ(Classes(R"(w(1))", true), kAlike);
  EXPECT_EQ(Classes(R"(fc1[12])", true), kAlike);
  EXPECT_EQ(Classes(R"(w[.1])", true), kAlike);
}

TEST(DigitClasses, AtomsThatCanStandInANumberSplit) {
  EXPECT_EQ(Classes(R"(layers\.0\.)", true), "0|123456789");
  EXPECT_EQ(Classes(R"(\.1\d)", true), "023456789|1");
  EXPECT_EQ(Classes("[0-3]", true), "0123|456789");
  EXPECT_EQ(Classes("[^1]", true), "023456789|1");
  EXPECT_EQ(Classes("(?:w|)1", true), "023456789|1");
  EXPECT_EQ(Classes("w?1", true), "023456789|1");
  EXPECT_EQ(Classes("w.1", true), "023456789|1");
  EXPECT_EQ(Classes("w[a.]1", true), "023456789|1");
  EXPECT_EQ(Classes("(?>1|2.)w", true), "03456789|1|2");
  EXPECT_EQ(Classes("0.1", true), "0|1|23456789");
}

TEST(DigitClasses, WithoutDelimitersEveryAtomCounts) {
  EXPECT_EQ(Classes("w1", false), "023456789|1");
  EXPECT_EQ(Classes(R"(conv2d10.)", false), "0|1|2|3456789");
}

TEST(DigitClasses, AtomsThatTakeAllDigitsOrNoneDoNotSplit) {
  EXPECT_EQ(Classes(R"([a-z0-9]+\.\d{2}.\w\W\D[^x]\b$)", false), kAlike);
}

TEST(DigitClasses, AccumulateOverPatterns) {
  DigitClasses classes;
  Pattern::Compile("[0-3]")->AddDigitClasses(true, &classes);
  Pattern::Compile("[2-7]")->AddDigitClasses(true, &classes);
  EXPECT_EQ(classes.ClassOf(0), classes.ClassOf(1));
  EXPECT_EQ(classes.ClassOf(2), classes.ClassOf(3));
  EXPECT_EQ(classes.ClassOf(4), classes.ClassOf(7));
  EXPECT_EQ(classes.ClassOf(8), classes.ClassOf(9));
  EXPECT_NE(classes.ClassOf(1), classes.ClassOf(2));
  EXPECT_NE(classes.ClassOf(3), classes.ClassOf(4));
  EXPECT_NE(classes.ClassOf(7), classes.ClassOf(8));
  EXPECT_NE(classes.ClassOf(0), classes.ClassOf(8));
}

// The key with every number's digits replaced by others of their class; with `all_digits`, those
// outside of numbers too.
std::string Renumbered(const std::string& key, const DigitClasses& classes, bool all_digits,
                       Random* random) {
  std::string out = key;
  for (size_t begin = 0; begin < key.size();) {
    size_t end = std::min(key.find('.', begin), key.size());
    bool number = end > begin;
    for (size_t i = begin; i < end; ++i) {
      number &= std::isdigit(static_cast<unsigned char>(key[i])) != 0;
    }
    for (size_t i = begin; i < end; ++i) {
      if (!std::isdigit(static_cast<unsigned char>(key[i])) || !(number || all_digits)) continue;
      int digit = key[i] - '0';
      int other;
      do other = static_cast<int>(random->Below(10));
      while (classes.ClassOf(other) != classes.ClassOf(digit));
      out[i] = static_cast<char>('0' + other);
    }
    begin = end + 1;
  }
  return out;
}

// Two keys that differ only by digits of the same class must match at the same places.
void ExpectClassesHold(bool delimited, uint32_t seed) {
  Random random(seed);
  PatternKind kind = {.lookaround = true, .references = false, .flags = true, .non_ascii = false};
  int nontrivial = 0;
  int matched = 0;
  int changed = 0;
  for (int i = 0; i < 20'000; ++i) {
    Result<Pattern> pattern = Pattern::Compile(RandomPattern(kind, &random));
    if (!pattern || pattern->compares_text()) continue;
    DigitClasses classes;
    pattern->AddDigitClasses(delimited, &classes);
    nontrivial += !classes.trivial();
    for (int k = 0; k < 8; ++k) {
      std::string key = RandomKey(&random);
      std::string other = Renumbered(key, classes, !delimited, &random);
      Match match;
      Match other_match;
      bool found = pattern->Search(key, &match);
      ASSERT_EQ(found, pattern->Search(other, &other_match))
          << pattern->text() << " in " << key << " and " << other;
      if (found) {
        ASSERT_EQ(match, other_match) << pattern->text() << " in " << key << " and " << other;
      }
      matched += found;
      changed += key != other;
    }
  }
  // The test means little unless all of this is frequent.
  EXPECT_GT(nontrivial, 2'000);
  EXPECT_GT(matched, 20'000);
  EXPECT_GT(changed, 20'000);
}

TEST(DigitClasses, HoldForNumbersInRandomKeys) { ExpectClassesHold(true, 1); }

TEST(DigitClasses, HoldForAllDigitsOfRandomKeys) { ExpectClassesHold(false, 2); }

}  // namespace
}  // namespace wcheck
