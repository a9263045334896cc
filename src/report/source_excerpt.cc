#include "source_excerpt.h"

#include <algorithm>
#include <map>

#include "printable.h"

namespace wcheck {
namespace {

// In characters; a line with a pattern of a usual length is shown whole.
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

struct LineEdit {
  size_t begin = 0;  // bytes of the line
  size_t end = 0;
  std::string_view replacement;
};

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
  // When the marked part is cut already, what follows it would look like its end.
  if (middle.ends_with(kCut) && !marked.ends_with(kCut)) return excerpt;
  excerpt.text += KeepBegin(ShowSource(line.substr(begin + marked.size())), kMostAfter);
  return excerpt;
}

std::vector<std::string> FixLines(const Fix& fix) {
  std::vector<std::string> lines;
  std::map<std::pair<std::string_view, uint32_t>, std::vector<LineEdit>> by_line;
  std::map<std::pair<std::string_view, uint32_t>, const SourceFile*> files;
  for (const FixEdit& edit : fix.edits) {
    if (!edit.range.known()) continue;
    const SourceFile::LineColumn begin = edit.range.file->At(edit.range.begin);
    const SourceFile::LineColumn end =
        edit.range.file->At(std::max(edit.range.begin, edit.range.end));
    if (begin.line != end.line) {
      lines.push_back("replace lines " + std::to_string(begin.line) + " to " +
                      std::to_string(end.line) + " with: " + ShowName(edit.replacement));
      continue;
    }
    const std::pair<std::string_view, uint32_t> key{edit.range.file->path(), begin.line};
    files[key] = edit.range.file;
    by_line[key].push_back({begin.column - 1, end.column - 1, edit.replacement});
  }
  for (auto& [key, edits] : by_line) {
    const std::string_view old_line = files[key]->Line(key.second);
    std::sort(edits.begin(), edits.end(),
              [](const LineEdit& a, const LineEdit& b) { return a.begin < b.begin; });
    std::string new_line;
    size_t done = 0;
    for (const LineEdit& edit : edits) {
      const size_t begin = std::clamp(edit.begin, done, old_line.size());
      new_line += old_line.substr(done, begin - done);
      new_line += edit.replacement;
      done = std::clamp(edit.end, begin, old_line.size());
    }
    new_line += old_line.substr(done);
    // Both lines lose the indentation that they share.
    const size_t indentation = std::min(old_line.find_first_not_of(" \t"),
                                        std::string_view(new_line).find_first_not_of(" \t"));
    const size_t skip = indentation == std::string_view::npos ? 0 : indentation;
    lines.push_back("- " + Elided(ShowSource(old_line.substr(skip)), kNameLimit));
    lines.push_back("+ " + Elided(ShowSource(std::string_view(new_line).substr(skip)), kNameLimit));
  }
  return lines;
}

}  // namespace wcheck
