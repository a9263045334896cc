
#include "support/printable.h"

#include <gtest/gtest.h>

#include "report/check_page.h"

#include "test_files.h"
#include "report/places.h"
#include "sample.h"
#include "report/wording.h"

namespace wcheck::testing {
namespace {

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(Printable("plain ключ 日本 é"), "plain ключ 日本 é");
  EXPECT_EQ(Printable("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(Printable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(Printable("\xE2\x80\xAE"), "\\u202e");
  EXPECT_EQ(Printable("\xF3\xA0\x81\x81"), "\\U000e0041");  // a tag character
  EXPECT_EQ(Printable("\xC2\x9B"), "\\u009b");              // CSI in one character
  EXPECT_EQ(Printable("\xFF\xC3"), "\\xff\\xc3");
  EXPECT_EQ(Printable("\xC0\x80"), "\\xc0\\x80");  // an overlong NUL
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "\\x00");
}

// Python knows which characters are controls, formats or unassigned; none of them may pass.
TEST(Printable, AgreesWithPython) {
  std::string all;
  for (uint32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string utf8;
    if (c < 0x80) {
      utf8 = {static_cast<char>(c)};
    } else if (c < 0x800) {
      utf8 = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      utf8 = {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 63)),
              static_cast<char>(0x80 | (c & 63))};
    } else {
      utf8 = {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 63)),
              static_cast<char>(0x80 | ((c >> 6) & 63)), static_cast<char>(0x80 | (c & 63))};
    }
    const std::string shown = Printable(utf8);
    if (shown == utf8) all += shown;
  }
  constexpr std::string_view kProgram = R"py(
import sys, unicodedata
text = sys.stdin.buffer.read().decode("utf-8")
print(len(text) > 90000, [hex(ord(c)) for c in text
      if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")])
)py";
  EXPECT_EQ(AskPython(kProgram, all), "True []\n");
}

TEST(Elided, TakesOutTheMiddle) {
  EXPECT_EQ(Elided("abcdef", 6), "abcdef");
  EXPECT_EQ(Elided("abcdefghi", 6), "abcd…(3 more)…hi");
  EXPECT_EQ(Elided("ключключключ", 6), "ключ…(6 more)…юч");
  EXPECT_EQ(Elided(std::string(10'000, 'k'), 3), "kk…(9,997 more)…k");
}

TEST(Numbers, AreGroupedAndCounted) {
  EXPECT_EQ(ShowNumber(0), "0");
  EXPECT_EQ(ShowNumber(999), "999");
  EXPECT_EQ(ShowNumber(1'000), "1,000");
  EXPECT_EQ(ShowNumber(1'234'567), "1,234,567");
  EXPECT_EQ(ShowCount(1, "class", "classes"), "1 class");
  EXPECT_EQ(ShowCount(0, "class", "classes"), "0 classes");
}

TEST(Lists, SayHowManyAreLeft) {
  EXPECT_EQ(ShowList({}, 2), "");
  EXPECT_EQ(ShowList({"a", "b"}, 2), "a, b");
  EXPECT_EQ(ShowList({"a", "b", "c"}, 2), "a, b, c");  // "and 1 more" is no shorter
  EXPECT_EQ(ShowList({"a", "b", "c", "d"}, 2), "a, b and 2 more");
}

TEST(Places, CountCharacters) {
  Sample sample;
  const SourceFile& file = sample.AddFile("a b/é.py", "x\n日本 = 'ключ'\r\ny\n");
  const Region region = RegionOf(Sample::Find(file, "'ключ'"));
  EXPECT_EQ(region.line, 2u);
  EXPECT_EQ(region.column, 6u);
  EXPECT_EQ(region.end_line, 2u);
  EXPECT_EQ(region.end_column, 12u);
  const Region across = RegionOf(Sample::Find(file, "\r\ny"));
  EXPECT_EQ(across.column, 12u);
  EXPECT_EQ(across.end_line, 3u);
  EXPECT_EQ(across.end_column, 2u);
  EXPECT_EQ(FileUri(FileName({&file, 0, 1}, "")), "a%20b/%C3%A9.py");
}

// The program contains the pages as they are in docs/checks.
TEST(CheckPages, AreThoseOfTheDocuments) {
  EXPECT_EQ(CheckPage("no-such-check"), "");
  for (const auto& page : std::filesystem::directory_iterator(ProjectFile("docs/checks"))) {
    if (page.path().extension() != ".md") continue;
    EXPECT_EQ(CheckPage(page.path().stem().string()), Slurp(page.path().string()));
  }
}

}  // namespace
}  // namespace wcheck::testing
