// Hostile input meets a stated limit with a clear error, and nothing else.
#include <algorithm>

#include <gtest/gtest.h>

#include "reading.h"

namespace wcheck {
namespace {

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// Two lists that share their parts, with 2 ** 60 of them.
constexpr char kShared[] =
    "x = [1]\ny = [1]\nfor i in range(60):\n    x = [x, x]\n    y = [y, y]\n";
constexpr char kEntry[] = "M = {'a': [WeightRenaming('1', '2')]}\n";

struct Case {
  std::string name;
  std::string text;
  std::string message;
};

class LimitsTest : public testing::TestWithParam<Case> {};

TEST_P(LimitsTest, IsAClearError) {
  Error error = ReadError(GetParam().text);
  EXPECT_NE(error.message.find(GetParam().message), std::string::npos) << error.ToString();
  EXPECT_NE(error.advice, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, LimitsTest,
    testing::Values(
        Case{"calls", kEntry + ("x = f" + Repeat("(f", 3'000)) + Repeat(")", 3'000),
             "nested deeper"},
        Case{"sums", kEntry + ("x = 1" + Repeat(" + 1", 5'000)), "nested deeper"},
        Case{"nots", kEntry + ("x = " + Repeat("not ", 5'000) + "1"), "nested deeper"},
        Case{"blocks",
             [] {
               std::string text = kEntry;
               for (int i = 0; i < 220; ++i)
                 text += std::string(static_cast<size_t>(i), ' ') + "if 1:\n";
               return text + std::string(220, ' ') + "pass\n";
             }(),
             "nested deeper"},
        Case{"string_times", kEntry + std::string("x = 'a' * 10 ** 12\n"), "MiB of values"},
        Case{"list_times", kEntry + std::string("x = [0] * 10 ** 12\n"), "MiB of values"},
        Case{"list_doubling", kEntry + std::string("x = [0]\nwhile True:\n    x += x\n"),
             "takes more than"},
        Case{"string_doubling", kEntry + std::string("x = 'a'\nwhile True:\n    x += x\n"),
             "MiB of values"},
        Case{"replace", kEntry + std::string("x = ('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)\n"),
             "MiB of values"},
        Case{"range", kEntry + std::string("x = list(range(10 ** 12))\n"), "MiB of values"},
        Case{"format_width", kEntry + std::string("x = 'a'.ljust(10 ** 12)\n"), "MiB of values"},
        // Work on large values counts as many steps.
        Case{"shared_lists_compared", std::string(kEntry) + kShared + "z = x == y\n", "steps"},
        Case{"shared_lists_ordered", std::string(kEntry) + kShared + "z = x < y\n", "steps"},
        Case{"shared_lists_found", std::string(kEntry) + kShared + "z = x in [y]\n", "steps"},
        Case{"shared_lists_counted", std::string(kEntry) + kShared + "z = [y].count(x)\n", "steps"},
        Case{"long_searches",
             kEntry + std::string("x = 'a' * 10 ** 7\nwhile True:\n    z = 'b' in x\n"), "steps"},
        Case{"long_slices",
             kEntry + std::string("x = 'a' * 10 ** 6\nwhile True:\n    z = x[1:2]\n"), "steps"},
        Case{"long_counts",
             kEntry + std::string("x = list(range(10 ** 5))\nwhile True:\n    z = x.count(-1)\n"),
             "steps"},
        Case{"long_names",
             kEntry + ("n" + Repeat("n", 100'000) + " = 1\nwhile True:\n    n" +
                       Repeat("n", 100'000) + "\n"),
             "steps"},
        Case{"long_paths", kEntry + std::string("import u\nwhile True:\n    u = u.a\n"),
             "MiB of values"},
        Case{"width_beyond_64_bits", kEntry + std::string("x = 'a'.rjust(4611686018427387904, 'abcd')\n"),
             "MiB of values"},
        Case{"nested_generators",
             kEntry + std::string(
                          "x = [1]\nfor i in range(10 ** 5):\n    x = (y for y in x)\nz = list(x)\n"),
             "nested deeper"},
        Case{"long_entry",
             kEntry + std::string("N = {'b': [WeightRenaming('1', '2') for i in range(1001)]}\n"),
             "an entry of more than 1000"},
        Case{"endless_loop", kEntry + std::string("while True:\n    pass\n"), "steps"},
        Case{"endless_generator", kEntry + std::string("x = [1]\nfor i in x:\n    x.append(i)\n"),
             "steps"},
        Case{"recursion", kEntry + std::string("def f():\n    return f()\nf()\n"),
             "functions call each other"},
        Case{"wide_display", kEntry + ("x = [" + Repeat("1,", 60'000) + "]\n"),
             "a display of more"},
        Case{"long_literal", kEntry + ("x = '" + Repeat("a", (1 << 20) + 1) + "'\n"),
             "a string literal"},
        Case{"many_unknowns", kEntry + ("import o\n" + Repeat("M['a'].append(b'x')\n", 1'500)),
             "cannot be evaluated"},
        Case{"large_file", Repeat("#\n", (4 << 20) / 2 + 1), "at most"},
        Case{"not_utf8", kEntry + std::string("x = '\xff'\n"), "UTF-8"}),
    [](const auto& info) { return info.param.name; });

// A syntax error costs what stands beside it, however much of it there is.
class BrokenTest : public testing::TestWithParam<Case> {};

TEST_P(BrokenTest, IsReadAllTheSame) {
  Registry registry =
      ReadText(kEntry + GetParam().text + "\nM['b'] = [WeightRenaming('3', '4')]\n");
  EXPECT_NE(registry.Find("a"), nullptr);
  ASSERT_FALSE(registry.remarks.empty());
  EXPECT_EQ(registry.remarks[0].kind, ReaderRemark::Kind::kSyntaxError);
  EXPECT_NE(registry.remarks[0].message.find(GetParam().message), std::string::npos)
      << registry.remarks[0].message;
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenTest,
    testing::Values(Case{"brackets", ("x = " + Repeat("[", 100'000)) + Repeat("]", 100'000),
                         "too many nested"},
                    Case{"open_brackets", "x = " + Repeat("[", 100'000), "too many nested"},
                    Case{"garbage", Repeat("def ", 100'000), "invalid syntax"},
                    Case{"unmatched", Repeat("[]}", 60'000), "unmatched '}'"},
                    Case{"open_lines", "x = " + Repeat("[\n", 150), "was never closed"},
                    Case{"indented", Repeat("  x\n x\n", 400), "unexpected indent"}),
    [](const auto& info) { return info.param.name; });

// Comments are no nodes; a run of them of any length reads as nothing.
TEST(LimitsTest, CommentLinesInARowAreRead) {
  for (const int lines : {65'535, 65'536, 65'537, 1'000'000}) {
    Registry registry =
        ReadText(kEntry + Repeat("#\n", lines) + "M['b'] = [WeightRenaming('3', '4')]\n");
    EXPECT_EQ(registry.entries.size(), 2u) << lines;
    EXPECT_EQ(Incomplete(registry), "") << lines;
  }
}

// Just below the limits everything is read.
TEST(LimitsTest, ReasonableInputIsRead) {
  Registry registry = ReadText(kEntry + ("x = " + Repeat("[", 150)) + Repeat("]", 150) + "\ny = [" +
                               Repeat("1,", 40'000) + "]\nz = 'a' * 10 ** 6\n" +
                               "def f(n):\n    return f(n - 1) if n else 0\nf(30)\n");
  EXPECT_EQ(Incomplete(registry), "");
  EXPECT_EQ(registry.entries.size(), 1u);
}

// At each limit a file is read; cases of IsAClearError are beyond it.
TEST(LimitsTest, FilesAtTheLimitsAreRead) {
  const std::string deep_key = "k = 1\nfor i in range(100):\n    k = (k,)\nd = {k: 1}\n";
  const std::string files[] = {
      kEntry + Repeat("#", (4 << 20) - static_cast<int>(sizeof kEntry) + 1),
      kEntry + ("x = [" + Repeat("1,", 50'000) + "]\n"),
      kEntry + ("x = '" + Repeat("a", (1 << 20) - 2) + "'\n"),
      kEntry + std::string("x = 'a' * (63 << 20)\n"),
      kEntry + std::string("def f(n):\n    return f(n - 1) if n else 0\nf(38)\n"),
      kEntry + std::string("N = {'b': [WeightRenaming('1', '2') for i in range(1000)]}\n"),
      kEntry + deep_key,
      kEntry + std::string("d = {('a' * 65520,): 1}\n"),
      kEntry + std::string("x = repr(['a' * ((4 << 20) - 4)])\n"),
      kEntry + std::string("for i in range(300000):\n    pass\n"),
  };
  for (const std::string& text : files) {
    Registry registry = ReadText(text);
    EXPECT_EQ(Incomplete(registry), "") << text.substr(0, 200);
    EXPECT_FALSE(registry.entries.empty());
    for (const ReaderRemark& remark : registry.remarks) {
      EXPECT_EQ(remark.kind, ReaderRemark::Kind::kAssumption) << remark.message;
    }
  }
}

// Beyond these a value is not known, which is said; nothing else ends.
TEST(LimitsTest, ValuesBeyondTheirLimitsAreUnknown) {
  const std::pair<std::string, std::string> files[] = {
      {"k = 1\nfor i in range(103):\n    k = (k,)\nd = {k: 1}\n", "a dictionary key of type tuple"},
      {"d = {('a' * 65536,): 1}\n", "a dictionary key of type tuple"},
      {"x = repr(['a' * (4 << 20)])\n", "the text of a value of type list"},
      {"x = ('a' * ((1 << 20) + 1)).split('b')\n", "splitting a string of more than 1 MiB"},
  };
  for (const auto& [text, message] : files) {
    Registry registry = ReadText(kEntry + text);
    EXPECT_FALSE(registry.entries.empty());
    std::erase_if(registry.remarks, [](const ReaderRemark& remark) {
      return remark.kind == ReaderRemark::Kind::kAssumption;
    });
    ASSERT_EQ(registry.remarks.size(), 1u) << text;
    EXPECT_NE(registry.remarks[0].message.find(message), std::string::npos)
        << registry.remarks[0].message;
  }
}

// An unknown that is passed on and on is remembered by each list, up to a limit.
TEST(LimitsTest, UnknownsOfOneListAreLimited) {
  Registry registry = ReadText(kEntry + std::string("import u\n") + Repeat("u.f(M['a'])\n", 100));
  EXPECT_NE(Incomplete(registry), "");
  EXPECT_EQ(std::ranges::count(registry.remarks, ReaderRemark::Kind::kUnsupportedConstruct,
                               &ReaderRemark::kind),
            64);
}

}  // namespace
}  // namespace wcheck
