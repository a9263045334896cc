// A text that findings and errors can point into.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

class SourceFile {
 public:
  // kOther: the file has these characters, but in another encoding than `text`, so that text() is not
  // what is on disk.
  enum class Encoding : uint8_t { kUtf8, kOther };

  SourceFile(std::string path, std::string text, Encoding encoding = Encoding::kUtf8);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  Encoding encoding() const { return encoding_; }

  struct LineColumn {
    uint32_t line;    // 1-based
    uint32_t column;  // 1-based, in bytes
  };
  LineColumn At(uint32_t offset) const;  // of a byte, or of the end: offset <= text().size()
  // The text of a 1-based line, without its line ending.
  std::string_view Line(uint32_t line) const;

 private:
  std::string path_;
  std::string text_;
  Encoding encoding_;
  std::vector<uint32_t> line_starts_;
};

// A half-open byte range of a SourceFile. The Registry (or other reader result) that contains it
// keeps the file alive. A null file means "not known".
struct SourceRange {
  const SourceFile* file = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool known() const { return file != nullptr; }
  Place place() const;  // of its beginning; empty if not known
};

}  // namespace wcheck
