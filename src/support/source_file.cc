#include "wcheck/source_file.h"

#include <algorithm>
#include <cstring>

namespace wcheck {

SourceFile::SourceFile(std::string path, std::string text, Encoding encoding)
    : path_(std::move(path)), text_(std::move(text)), encoding_(encoding) {
  line_starts_.push_back(0);
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  for (const char* at = begin; at != end;) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
    if (at == nullptr) break;
    ++at;
    line_starts_.push_back(static_cast<uint32_t>(at - begin));
  }
}

SourceFile::LineColumn SourceFile::At(uint32_t offset) const {
  auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  auto line = static_cast<uint32_t>(next - line_starts_.begin());  // 1-based: starts[0] is 0
  return {line, offset - line_starts_[line - 1] + 1};
}

std::string_view SourceFile::Line(uint32_t line) const {
  if (line == 0 || line > line_starts_.size()) return {};
  std::string_view rest = std::string_view(text_).substr(line_starts_[line - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

Place SourceRange::place() const {
  if (!known()) return {};
  SourceFile::LineColumn at = file->At(begin);
  return {file->path(), at.line, at.column, ""};
}

}  // namespace wcheck
