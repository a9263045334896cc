#include "mapping/python/ignore_comments.h"

#include <optional>

namespace wcheck::python {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view Trim(std::string_view text) {
  size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Removes `word` from the front of `text`; false if it is not there.
bool Take(std::string_view* text, std::string_view word) {
  *text = Trim(*text);
  if (!text->starts_with(word)) return false;
  text->remove_prefix(word.size());
  return true;
}

// Whether `text` is what may follow the names: nothing, or "-- reason".
bool TakeReason(std::string_view text, IgnoreComment* comment) {
  if (Trim(text).empty()) return true;
  if (!Take(&text, "--")) return false;
  comment->reason = std::string(Trim(text));
  return true;
}

// Nullopt for comments that do not begin with "wcheck:". One that begins so and is no ignore comment
// ("ignore lost-key", "igonre[lost-key]") names its own text, which no check has: it silences
// nothing, and is reported.
std::optional<IgnoreComment> Parse(std::string_view text) {
  IgnoreComment comment;
  if (!Take(&text, "#") || !Take(&text, "wcheck:")) return std::nullopt;
  const std::string_view directive = Trim(text);
  const auto malformed = [&] {
    comment.checks = {std::string(directive)};
    return comment;
  };
  if (!Take(&text, "ignore")) return malformed();
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return malformed();
    std::string_view names = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    while (!names.empty()) {
      size_t comma = names.find(',');
      std::string_view name = Trim(names.substr(0, comma));
      if (!name.empty()) comment.checks.emplace_back(name);
      names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
    }
    if (comment.checks.empty()) return malformed();
  }
  if (!TakeReason(text, &comment)) return malformed();
  return comment;
}

// True if the line has more than space and a comment.
bool HasCode(std::string_view line) {
  line = Trim(line);
  return !line.empty() && line[0] != '#';
}

}  // namespace

std::vector<IgnoreComment> FindIgnoreComments(const SyntaxTree& tree) {
  std::vector<IgnoreComment> found;
  for (const SourceRange& where : tree.comments) {
    std::string_view text =
        std::string_view(tree.file->text()).substr(where.begin, where.end - where.begin);
    std::optional<IgnoreComment> comment = Parse(text);
    if (!comment) continue;
    comment->where = where;
    SourceFile::LineColumn at = tree.file->At(where.begin);
    comment->line = at.line;
    bool alone = Trim(tree.file->Line(at.line).substr(0, at.column - 1)).empty();
    if (alone) {
      uint32_t last = tree.file->At(static_cast<uint32_t>(tree.file->text().size())).line;
      uint32_t line = at.line + 1;
      while (line <= last && !HasCode(tree.file->Line(line))) ++line;
      if (line <= last) comment->line = line;
    }
    found.push_back(std::move(*comment));
  }
  return found;
}

}  // namespace wcheck::python
