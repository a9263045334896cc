#include "report/places.h"

#include <algorithm>

#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>

#include "support/printable.h"

namespace wcheck {
namespace {

uint32_t CharacterColumn(const SourceFile& file, SourceFile::LineColumn at) {
  const std::string_view before = file.Line(at.line).substr(0, at.column - 1);
  // A place after the end of its line (at the line break) keeps its distance.
  const size_t rest = at.column - 1 - before.size();
  return static_cast<uint32_t>(CountCharacters(before) + rest + 1);
}

}  // namespace

bool HasFile(const SourceRange& range) {
  return range.known() &&
         !(range.file->path().starts_with('<') && range.file->path().ends_with('>'));
}

Region RegionOf(const SourceRange& range) {
  const SourceFile& file = *range.file;
  const SourceFile::LineColumn begin = file.At(range.begin);
  const SourceFile::LineColumn end = file.At(std::max(range.begin, range.end));
  return {begin.line, CharacterColumn(file, begin), end.line, CharacterColumn(file, end)};
}

std::string FileName(const SourceRange& range, std::string_view folder) {
  llvm::SmallString<128> path(range.file->path());
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  if (!folder.empty() && llvm::sys::path::is_absolute(path)) {
    llvm::SmallString<128> prefix(llvm::StringRef(folder.data(), folder.size()));
    llvm::sys::path::remove_dots(prefix, true);
    if (!prefix.endswith("/")) prefix += '/';
    if (path.startswith(prefix)) path.erase(path.begin(), path.begin() + prefix.size());
  }
  return std::string(path);
}

std::string FileUri(std::string_view file_name) {
  constexpr std::string_view kUnreserved = "-._~/";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = file_name.starts_with('/') ? "file://" : "";
  for (const unsigned char c : llvm::json::fixUTF8({file_name.data(), file_name.size()})) {
    const bool letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || kUnreserved.find(static_cast<char>(c)) != std::string_view::npos) {
      uri += static_cast<char>(c);
    } else {
      uri += {'%', kHex[c >> 4], kHex[c & 15]};
    }
  }
  return uri;
}

}  // namespace wcheck
