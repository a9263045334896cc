#include "wcheck/source_file.h"

#include <gtest/gtest.h>

namespace wcheck {
namespace {

TEST(SourceFileTest, KnowsLineAndColumnOfEveryByte) {
  const std::string text = "ab\n\ncd\r\n\nx";
  const SourceFile file("f.py", text);
  uint32_t line = 1;
  uint32_t column = 1;
  for (uint32_t offset = 0; offset <= text.size(); ++offset) {
    EXPECT_EQ(file.At(offset).line, line) << offset;
    EXPECT_EQ(file.At(offset).column, column) << offset;
    if (offset == text.size()) break;
    ++column;
    if (text[offset] == '\n') {
      ++line;
      column = 1;
    }
  }
}

TEST(SourceFileTest, GivesLinesWithoutTheirEndings) {
  const SourceFile file("f.py", "ab\n\ncd\r\nx");
  EXPECT_EQ(file.Line(1), "ab");
  EXPECT_EQ(file.Line(2), "");
  EXPECT_EQ(file.Line(3), "cd");
  EXPECT_EQ(file.Line(4), "x");
  EXPECT_EQ(file.Line(5), "");
  EXPECT_EQ(file.Line(0), "");
}

TEST(SourceFileTest, APlaceNamesTheFile) {
  const SourceFile file("f.py", "ab\ncd");
  const SourceRange range{&file, 4, 5};
  EXPECT_EQ(range.place().ToString(), "f.py:2:2");
  EXPECT_EQ(SourceRange().place().ToString(), "");
  EXPECT_EQ((Error{range.place(), "wrong", "mend it"}).ToString(),
            "f.py:2:2: error: wrong\n  mend it");
  EXPECT_EQ((Place{"a.safetensors", 0, 0, "offset 8"}).ToString(), "a.safetensors (offset 8)");
}

}  // namespace
}  // namespace wcheck
