#include "suggest/edit.h"

#include <algorithm>

namespace wcheck::suggest {
namespace {

// With more edits than these, it is another mapping.
constexpr size_t kMostEdits = 6;
// So many edits are tried at each step.
constexpr size_t kMostTries = 600;

struct Trial {
  std::vector<Line> lines;
  size_t faults = SIZE_MAX;
};

bool Has(const std::vector<Line>& lines, const Line& line) {
  return std::ranges::any_of(lines, [&](const Line& other) { return SameLine(other, line); });
}

}  // namespace

bool SameLine(const Line& a, const Line& b) { return a.scope == b.scope && SameTransform(a.transform, b.transform); }

std::optional<std::vector<Line>> EditLines(const std::vector<Line>& existing, const std::vector<Line>& fresh,
                                           const Verifier& verifier, const Engine& engine) {
  Trial current{existing, verifier.Check(existing, engine).size()};
  for (size_t edit = 0; edit < kMostEdits && current.faults > 0; ++edit) {
    Trial best;
    size_t tries = 0;
    const auto consider = [&](std::vector<Line> lines) {
      if (++tries > kMostTries || best.faults == 0) return;
      const size_t faults = verifier.Check(lines, engine).size();
      if (faults < best.faults) best = {std::move(lines), faults};
    };
    const auto at = [](size_t i) { return static_cast<ptrdiff_t>(i); };
    std::vector<Line> missing;
    std::ranges::copy_if(fresh, std::back_inserter(missing), [&](const Line& line) { return !Has(current.lines, line); });
    for (size_t i = 0; i < current.lines.size(); ++i) {
      for (const Line& line : missing) {
        if (line.scope != current.lines[i].scope || line.transform.kind != current.lines[i].transform.kind) continue;
        std::vector<Line> lines = current.lines;
        lines[i] = line;
        consider(std::move(lines));
      }
    }
    for (const Line& line : missing) {
      for (size_t i = current.lines.size() + 1; i-- > 0;) {
        std::vector<Line> lines = current.lines;
        lines.insert(lines.begin() + at(i), line);
        consider(std::move(lines));
      }
    }
    for (size_t i = 0; i < current.lines.size(); ++i) {
      std::vector<Line> lines = current.lines;
      lines.erase(lines.begin() + at(i));
      consider(std::move(lines));
    }
    if (best.faults >= current.faults) return std::nullopt;
    current = std::move(best);
  }
  if (current.faults > 0) return std::nullopt;
  return std::move(current.lines);
}

std::vector<EditedLine> DiffLines(const std::vector<Line>& before, const std::vector<Line>& after) {
  // The longest lines in common, from the ends.
  std::vector<std::vector<size_t>> common(before.size() + 1, std::vector<size_t>(after.size() + 1));
  for (size_t i = before.size(); i-- > 0;) {
    for (size_t j = after.size(); j-- > 0;) {
      common[i][j] = SameLine(before[i], after[j]) ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<EditedLine> out;
  size_t i = 0, j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && SameLine(before[i], after[j])) {
      out.push_back({EditedLine::Kind::kKept, after[j]});
      ++i, ++j;
    } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
      out.push_back({EditedLine::Kind::kRemoved, before[i++]});
    } else {
      out.push_back({EditedLine::Kind::kAdded, after[j++]});
    }
  }
  return out;
}

}  // namespace wcheck::suggest
