#include "support/utf8.h"

#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "test_files.h"

namespace wcheck {
namespace {

// Bytes at the edges of the rules: leads, continuations, and their neighbours.
std::string RandomBytes(std::mt19937& random) {
  static constexpr unsigned char kEdges[] = {'a',  '\n', 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                             0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
                                             0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
  std::string bytes(random() % 12, 'x');  // long enough for the eight-byte stride
  for (int n = random() % 7; n > 0; --n) {
    bytes += static_cast<char>(kEdges[random() % std::size(kEdges)]);
  }
  return bytes;
}

// Python names the first byte of the first bad sequence, as CheckUtf8 does.
TEST(Utf8Test, AgreesWithPython) {
  std::mt19937 random(1);
  std::vector<std::string> texts;
  std::ostringstream hex;
  for (int i = 0; i < 50000; ++i) {
    texts.push_back(RandomBytes(random));
    for (unsigned char c : texts.back()) {
      hex << "0123456789abcdef"[c >> 4] << "0123456789abcdef"[c & 15];
    }
    hex << '\n';
  }
  std::istringstream answers(testing::AskPython(R"(
import sys
for line in sys.stdin:
    data = bytes.fromhex(line)
    try:
        data.decode('utf-8')
        print(0, 0)
    except UnicodeDecodeError as error:
        before = data[:error.start]
        print(before.count(b'\n') + 1, error.start - (before.rfind(b'\n') + 1) + 1)
)",
                                                hex.str()));
  int bad = 0;
  for (const std::string& text : texts) {
    uint32_t line = 0;
    uint32_t column = 0;
    ASSERT_TRUE(answers >> line >> column);
    const Status status = CheckUtf8(text, "t");
    ASSERT_EQ(status.ok(), line == 0) << ::testing::PrintToString(text);
    if (status.ok()) continue;
    ++bad;
    ASSERT_EQ(status.error().place.line, line) << ::testing::PrintToString(text);
    ASSERT_EQ(status.error().place.column, column) << ::testing::PrintToString(text);
  }
  EXPECT_GT(bad, 1000);
  EXPECT_LT(bad, 49000);
}

TEST(Utf8Test, DecodesWhatItEncodes) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;  // surrogates
    std::string text;
    AppendUtf8(c, &text);
    ASSERT_EQ(FindInvalidUtf8(text), std::string::npos) << uint32_t{c};
    ASSERT_EQ(IsAscii(text), c < 0x80) << uint32_t{c};
    size_t length = 0;
    ASSERT_EQ(DecodeUtf8(text + 'x', &length), c);
    ASSERT_EQ(length, text.size()) << uint32_t{c};
  }
}

TEST(Utf8Test, WhatIsNotUtf8IsOneByte) {
  for (const char* text :
       {"\xFF", "\x80", "\xC3", "\xC3x", "\xED\xA0\x80", "\xE0\x80\x80", "\xF5"}) {
    size_t length = 0;
    EXPECT_EQ(DecodeUtf8(text, &length), kNotUtf8) << text;
    EXPECT_EQ(length, 1u);
  }
}

}  // namespace
}  // namespace wcheck
