// Applies edits and writes unified diffs. Hunks are built from complete lines, so the output works
// with patch(1) whatever the edits inside a line are.
#include "fix/patch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace wcheck {
namespace {

constexpr uint32_t kContext = 3;

bool SameEdit(const FixEdit& a, const FixEdit& b) {
  return a.range.file == b.range.file && a.range.begin == b.range.begin &&
         a.range.end == b.range.end && a.replacement == b.replacement;
}

// Two insertions at one place have no order, so they count as overlapping, too.
bool Overlap(const FixEdit& a, const FixEdit& b) {
  if (a.range.file != b.range.file) return false;
  if (a.range.begin == b.range.begin) return true;
  return a.range.begin < b.range.end && b.range.begin < a.range.end;
}

std::vector<Patch> ByFile(std::vector<FixEdit> edits) {
  std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) {
    return std::make_tuple(std::string_view(a.range.file->path()), a.range.begin) <
           std::make_tuple(std::string_view(b.range.file->path()), b.range.begin);
  });
  std::vector<Patch> patches;
  for (FixEdit& edit : edits) {
    if (patches.empty() || patches.back().file != edit.range.file) {
      patches.push_back({edit.range.file, {}});
    }
    patches.back().edits.push_back(std::move(edit));
  }
  return patches;
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// A part of the old text made of complete lines, and the edits in it.
struct Block {
  size_t begin = 0;
  size_t end = 0;
  std::vector<const FixEdit*> edits;
};

Block BlockOf(const std::string& text, const FixEdit& edit) {
  const size_t before =
      edit.range.begin == 0 ? std::string::npos : text.rfind('\n', edit.range.begin - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  const bool whole_lines = edit.range.begin == begin && edit.range.end > begin &&
                           text[edit.range.end - 1] == '\n' &&
                           (edit.replacement.empty() || edit.replacement.back() == '\n');
  if (whole_lines) return {begin, edit.range.end, {&edit}};
  const size_t after = text.find('\n', edit.range.end);
  return {begin, after == std::string::npos ? text.size() : after + 1, {&edit}};
}

std::vector<Block> Blocks(const Patch& patch) {
  std::vector<Block> blocks;
  for (const FixEdit& edit : patch.edits) {
    Block block = BlockOf(patch.file->text(), edit);
    if (blocks.empty() || block.begin >= blocks.back().end) {
      blocks.push_back(std::move(block));
    } else {
      blocks.back().end = std::max(blocks.back().end, block.end);
      blocks.back().edits.push_back(&edit);
    }
  }
  return blocks;
}

// The new text of [begin, end).
std::string Edited(const std::string& text, size_t begin, size_t end,
                   const std::vector<const FixEdit*>& edits) {
  std::string out;
  for (const FixEdit* edit : edits) {
    out.append(text, begin, edit->range.begin - begin);
    out += edit->replacement;
    begin = edit->range.end;
  }
  return out.append(text, begin, end - begin);
}

// Lines as a diff writes them; the last one of a file may lack its end.
void AddLines(char sign, const std::vector<std::string>& lines, std::string* out) {
  for (const std::string& line : lines) {
    *out += sign + line;
    if (!line.ends_with('\n')) *out += "\n\\ No newline at end of file\n";
  }
}

// "12,3" as in the header of a hunk: 1-based, and the line before if there are none.
std::string Range(uint32_t begin, uint32_t count) {
  const uint32_t first = count == 0 ? begin : begin + 1;
  std::string text = std::to_string(first);
  return count == 1 ? text : text + ',' + std::to_string(count);
}

}  // namespace

std::vector<Patch> PatchesOf(const Fix& fix) {
  for (size_t i = 0; i < fix.edits.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (Overlap(fix.edits[i], fix.edits[j])) return {};
    }
  }
  return ByFile(fix.edits);
}

std::string Patched(const Patch& patch) {
  std::vector<const FixEdit*> edits;
  for (const FixEdit& edit : patch.edits) edits.push_back(&edit);
  return Edited(patch.file->text(), 0, patch.file->text().size(), edits);
}

// Edits are byte ranges, a diff consists of lines: the lines around nearby edits are taken
// together, and lines that did not change are removed at both ends.
std::vector<LineChange> LineChanges(const Patch& patch) {
  std::vector<LineChange> changes;
  for (const Block& block : Blocks(patch)) {
    const std::string& old = patch.file->text();
    LineChange change;
    change.begin = static_cast<uint32_t>(
        std::count(old.begin(), old.begin() + static_cast<std::ptrdiff_t>(block.begin), '\n'));
    change.old_lines = Lines(std::string_view(old).substr(block.begin, block.end - block.begin));
    change.new_lines = Lines(Edited(old, block.begin, block.end, block.edits));
    // Unchanged lines are not part of the change.
    while (!change.old_lines.empty() && !change.new_lines.empty() &&
           change.old_lines.back() == change.new_lines.back()) {
      change.old_lines.pop_back();
      change.new_lines.pop_back();
    }
    size_t same = 0;
    while (same < change.old_lines.size() && same < change.new_lines.size() &&
           change.old_lines[same] == change.new_lines[same]) {
      ++same;
    }
    change.begin += static_cast<uint32_t>(same);
    change.old_lines.erase(change.old_lines.begin(),
                           change.old_lines.begin() + static_cast<std::ptrdiff_t>(same));
    change.new_lines.erase(change.new_lines.begin(),
                           change.new_lines.begin() + static_cast<std::ptrdiff_t>(same));
    if (!change.old_lines.empty() || !change.new_lines.empty())
      changes.push_back(std::move(change));
  }
  return changes;
}

// Changes whose contexts touch share a hunk, as in diff -u.
std::string UnifiedDiff(const Patch& patch, std::string_view file_name) {
  const std::vector<LineChange> changes = LineChanges(patch);
  if (changes.empty()) return "";
  const std::vector<std::string> old = Lines(patch.file->text());
  const auto total = static_cast<uint32_t>(old.size());
  auto behind = [](const LineChange& change) {
    return change.begin + static_cast<uint32_t>(change.old_lines.size());
  };
  std::string out = "--- " + std::string(file_name) + "\n+++ " + std::string(file_name) + "\n";
  int64_t shift = 0;  // new line numbers minus old ones
  for (size_t i = 0; i < changes.size();) {
    size_t last = i;
    while (last + 1 < changes.size() &&
           changes[last + 1].begin <= behind(changes[last]) + 2 * kContext) {
      ++last;
    }
    const uint32_t begin = changes[i].begin - std::min(changes[i].begin, kContext);
    const uint32_t end = std::min(total, behind(changes[last]) + kContext);
    std::string body;
    uint32_t at = begin;
    int64_t grown = 0;
    for (; i <= last; ++i) {
      AddLines(' ', {old.begin() + at, old.begin() + changes[i].begin}, &body);
      AddLines('-', changes[i].old_lines, &body);
      AddLines('+', changes[i].new_lines, &body);
      grown += static_cast<int64_t>(changes[i].new_lines.size()) -
               static_cast<int64_t>(changes[i].old_lines.size());
      at = behind(changes[i]);
    }
    AddLines(' ', {old.begin() + at, old.begin() + end}, &body);
    out += "@@ -" + Range(begin, end - begin) + " +" +
           Range(static_cast<uint32_t>(begin + shift), static_cast<uint32_t>(end - begin + grown)) +
           " @@\n" + body;
    shift += grown;
  }
  return out;
}

FixSelection SelectFixes(const std::vector<const Finding*>& findings, bool unsafe) {
  FixSelection selection;
  std::vector<FixEdit> edits;
  for (const Finding* finding : findings) {
    if (!finding->fix || (!finding->fix->safe && !unsafe)) continue;
    std::vector<FixEdit> fresh;
    bool overlaps = false;
    for (const FixEdit& edit : finding->fix->edits) {
      auto same = [&](const FixEdit& other) { return SameEdit(edit, other); };
      if (std::any_of(edits.begin(), edits.end(), same)) continue;
      overlaps |= std::any_of(edits.begin(), edits.end(),
                              [&](const FixEdit& other) { return Overlap(edit, other); });
      fresh.push_back(edit);
    }
    (overlaps ? selection.overlap : selection.taken).push_back(finding);
    if (!overlaps) edits.insert(edits.end(), fresh.begin(), fresh.end());
  }
  selection.patches = ByFile(std::move(edits));
  return selection;
}

}  // namespace wcheck
