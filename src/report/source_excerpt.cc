// Cuts source lines so that the marked part stays visible, and aligns the lines of a fix.
#include "report/source_excerpt.h"

#include <algorithm>

#include "fix/patch.h"
#include "support/printable.h"

namespace wcheck {
namespace {

// In characters; a line with a pattern of usual length is shown completely.
constexpr size_t kMostBefore = 80;
constexpr size_t kMostMarked = 100;
constexpr size_t kMostAfter = 60;
constexpr std::string_view kCut = "...";

std::string ShowSource(std::string_view text) {
  std::string out;
  while (true) {
    const size_t tab = text.find('\t');
    out += Printable(text.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    out += "    ";
    text.remove_prefix(tab + 1);
  }
}

// The first or the last characters of valid UTF-8.
std::string_view Characters(std::string_view text, size_t limit, bool last) {
  auto is_start = [&](size_t byte) {
    return (static_cast<unsigned char>(text[byte]) & 0xC0) != 0x80;
  };
  if (last) {
    size_t begin = text.size();
    for (size_t count = 0; begin > 0 && count < limit;) count += is_start(--begin) ? 1 : 0;
    return text.substr(begin);
  }
  size_t end = 0;
  for (size_t count = 0; end < text.size(); ++end) {
    if (is_start(end) && count++ == limit) break;
  }
  return text.substr(0, end);
}

std::string KeepEnd(const std::string& text, size_t limit) {
  if (CountCharacters(text) <= limit) return text;
  return std::string(kCut).append(Characters(text, limit, /*last=*/true));
}

std::string KeepBegin(const std::string& text, size_t limit) {
  if (CountCharacters(text) <= limit) return text;
  return std::string(Characters(text, limit, /*last=*/false)).append(kCut);
}

// The number of removed or inserted lines of a fix that are shown.
constexpr size_t kMostLines = 8;

size_t IndentationOf(const std::vector<std::string>& lines) {
  size_t least = std::string::npos;
  for (const std::string& line : lines) least = std::min(least, line.find_first_not_of(" \t\r\n"));
  return least;
}

void AddLines(std::string_view sign, const std::vector<std::string>& lines, size_t indentation,
              std::vector<std::string>* out) {
  // Showing one more line is no longer than saying that it is left out.
  const size_t shown = lines.size() > kMostLines + 1 ? kMostLines : lines.size();
  for (size_t i = 0; i < shown; ++i) {
    std::string_view line = lines[i];
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(indentation, line.size()));
    out->push_back(std::string(sign) + Elided(ShowSource(line), kNameLimit));
  }
  if (shown == lines.size()) return;
  out->push_back(std::string(sign) + "… " + std::to_string(lines.size() - shown) + " more lines");
}

}  // namespace

SourceExcerpt ExcerptOf(const SourceRange& range) {
  const SourceFile::LineColumn at = range.file->At(range.begin);
  const std::string_view line = range.file->Line(at.line);
  const size_t begin = std::min<size_t>(at.column - 1, line.size());
  const size_t length = range.end > range.begin ? range.end - range.begin : 0;
  const std::string_view marked = line.substr(begin, length);
  SourceExcerpt excerpt;
  excerpt.text = KeepEnd(ShowSource(line.substr(0, begin)), kMostBefore);
  excerpt.begin = CountColumns(excerpt.text);
  const std::string middle = KeepBegin(ShowSource(marked), kMostMarked);
  excerpt.end = excerpt.begin + CountColumns(middle);
  excerpt.text += middle;
  // If the marked part is cut already, the text after it would look like its end.
  if (middle.ends_with(kCut) && !marked.ends_with(kCut)) return excerpt;
  excerpt.text += KeepBegin(ShowSource(line.substr(begin + marked.size())), kMostAfter);
  return excerpt;
}

std::vector<std::string> FixLines(const Fix& fix) {
  std::vector<std::string> lines;
  for (const Patch& patch : PatchesOf(fix)) {
    for (const LineChange& change : LineChanges(patch)) {
      // All lines lose their common indentation.
      const size_t indentation =
          std::min(IndentationOf(change.old_lines), IndentationOf(change.new_lines));
      const size_t skip = indentation == std::string::npos ? 0 : indentation;
      AddLines("- ", change.old_lines, skip, &lines);
      AddLines("+ ", change.new_lines, skip, &lines);
    }
  }
  return lines;
}

}  // namespace wcheck
