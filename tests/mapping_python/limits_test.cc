// Hostile input meets a stated limit with a clear error, and nothing else.
#include <gtest/gtest.h>

#include "reading.h"

namespace wcheck {
namespace {

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

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

}  // namespace
}  // namespace wcheck
