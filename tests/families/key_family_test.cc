#include "wcheck/key_family.h"

#include "families/natural_order.h"

#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "test_files.h"

namespace wcheck {
namespace {

// Keys of parts that are easily taken for numbers, or that sort oddly.
std::string RandomKey(std::mt19937& random) {
  static constexpr std::string_view kParts[] = {
      "",   "0",          "1",         "2",          "10",         "007",
      "00", "01",         "999999999", "1000000000", "4294967296", "123456789012345678901234567890",
      "a",  "b",          "weight",    "w1",         "1w",         "-1",
      "+1", " 1",         "1e3",       "0x1",        "_",          "Z",
      "é",  "٣",          "１２",      "1٣",         "𝟘𝟙",         "½",
      "一", "\U00010000", "\uFFFD",    "a1",         "layers",     "00000000000000000000001"};
  std::string key;
  for (int n = 1 + static_cast<int>(random() % 4); n > 0; --n) {
    key += kParts[random() % std::size(kParts)];
    if (n > 1) key += '.';
  }
  return key;
}

// Holds NaturalLess to Python, which orders keys by `part` of each of their parts p.
void ExpectPythonsOrder(WordOrder words, const std::string& part) {
  std::mt19937 random(1);
  std::vector<std::string> keys;
  std::string input;
  for (int i = 0; i < 100000; ++i) {
    keys.push_back(RandomKey(random));
    input += keys.back() + '\n';
  }
  // For each two neighbours: is the first one less, is the second one less?
  std::istringstream answers(testing::AskPython(R"(
import sys
def word(p):
    text = p.rstrip('0123456789')
    return (1, text, int(p[len(text):])) if text != p else (1, text)
def order(key): return [)" + part + R"( for p in key.split('.')]
keys = [order(line) for line in sys.stdin.read().split('\n')[:-1]]
for a, b in zip(keys, keys[1:]): print(int(a < b), int(b < a))
)",
                                                input));
  int equal = 0;
  for (size_t i = 0; i + 1 < keys.size(); ++i) {
    int less = -1;
    int greater = -1;
    ASSERT_TRUE(answers >> less >> greater);
    ASSERT_EQ(NaturalLess(keys[i], keys[i + 1], words), less == 1) << keys[i] << ' ' << keys[i + 1];
    ASSERT_EQ(NaturalLess(keys[i + 1], keys[i], words), greater == 1)
        << keys[i] << ' ' << keys[i + 1];
    if (less == greater && keys[i] != keys[i + 1]) ++equal;
  }
  EXPECT_GT(equal, 10) << "007 and 7 should have met";
}

TEST(NaturalLessTest, OrdersAsPythonDoes) {
  ExpectPythonsOrder(WordOrder::kText, "(0, int(p)) if p.isdigit() else (1, p)");
}

TEST(NaturalLessTest, OrdersWordsByTheirLastDigits) {
  ExpectPythonsOrder(WordOrder::kTrailingDigits, "(0, int(p)) if p.isdigit() else word(p)");
}

TEST(SplitNumbersTest, FindsTheNumbersThatPythonFinds) {
  std::mt19937 random(2);
  std::vector<std::string> keys;
  std::string input;
  for (int i = 0; i < 20000; ++i) {
    keys.push_back(RandomKey(random));
    input += keys.back() + '\n';
  }
  std::istringstream answers(testing::AskPython(R"(
import re, sys
for key in sys.stdin.read().split('\n')[:-1]:
    numbers = []
    parts = []
    for part in key.split('.'):
        number = re.fullmatch('0|[1-9][0-9]*', part) and int(part) < 10**9
        if number: numbers.append(part)
        parts.append('#' if number else part)
    print('.'.join(parts), ' '.join(numbers), sep='\t')
)",
                                                input));
  for (const std::string& key : keys) {
    const SplitKey split = SplitNumbers(key);
    std::string shown;
    for (char c : split.pattern) shown += c == kHole ? '#' : c;
    shown += '\t';
    for (size_t i = 0; i < split.numbers.size(); ++i) {
      shown += (i > 0 ? " " : "") + std::to_string(split.numbers[i]);
    }
    std::string expected;
    ASSERT_TRUE(std::getline(answers, expected));
    ASSERT_EQ(shown, expected) << key;
    ASSERT_EQ(JoinNumbers(split.pattern, split.numbers), key);
  }
}

TEST(ShowFamilyTest, WritesHolesInBraces) {
  const std::string pattern = SplitNumbers("model.layers.0.experts.0.w1").pattern;
  const IndexSet many(0, 31);
  const IndexSet one(7, 7);
  EXPECT_EQ(ShowFamily(pattern, std::vector{many, one}), "model.layers.{0...31}.experts.7.w1");
  EXPECT_EQ(ShowFamily(pattern, std::vector{IndexSet::FromValues({0, 1, 2, 7, 9}), many}),
            "model.layers.{0...2,7,9}.experts.{0...31}.w1");
  EXPECT_EQ(ShowFamily("norm.weight", {}), "norm.weight");
}

}  // namespace
}  // namespace wcheck
