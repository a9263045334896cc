#include "analysis/graph_groups.h"

#include <algorithm>
#include <tuple>

#include "families/boxes.h"
#include "support/printable.h"

#include "analysis/key_map_words.h"

namespace wcheck {
namespace {

constexpr size_t kNamesShown = 3;
constexpr size_t kTooltipNames = 12;

// The parts of a pattern between dots.
std::vector<std::string_view> Parts(std::string_view pattern) {
  std::vector<std::string_view> parts;
  while (true) {
    size_t dot = pattern.find('.');
    parts.push_back(pattern.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    pattern.remove_prefix(dot + 1);
  }
}

bool IsHole(std::string_view part) { return part.size() == 1 && part[0] == kHole; }

}  // namespace

uint32_t ModuleOf(const Layout& layout, const MapEnd& end) {
  std::string key = JoinNumbers(end.pattern, SmallestMember(end.numbers));
  uint32_t best = 0;
  for (uint32_t m = 0; m < layout.modules.size(); ++m) {
    const std::string& path = layout.modules[m].path;
    bool inside = key.size() > path.size() && key.starts_with(path) && key[path.size()] == '.';
    if (inside && path.size() > layout.modules[best].path.size()) best = m;
  }
  return best;
}

// Transforms are listed from the checkpoint's side to the model's in both directions, so that a
// load and a save of the same keys are grouped alike.
std::vector<RowGroup> GroupRows(const KeyMap& map, const std::vector<const MapRow*>& rows) {
  using Way = std::tuple<uint32_t, std::vector<uint32_t>, MapRow::Status, Trace::PrefixStep>;
  std::map<Way, size_t> index;
  std::vector<RowGroup> groups;
  std::vector<EndSet> ins;
  bool saving = map.direction == Direction::kSave;
  for (const MapRow* row : rows) {
    uint32_t module = RowGroup::kNoModule;
    if (row->model && row->status != MapRow::Status::kUnexpected) {
      module = ModuleOf(*map.simulation->layout, *row->model);
    }
    std::vector<uint32_t> transforms = row->transforms;
    if (saving) std::reverse(transforms.begin(), transforms.end());
    auto [found, is_new] =
        index.try_emplace({module, transforms, row->status, row->prefix_step}, groups.size());
    if (is_new) {
      groups.push_back({module, std::move(transforms), row->status, row->prefix_step, {}, 0});
      ins.emplace_back();
    }
    groups[found->second].rows.push_back(row);
    const std::optional<MapEnd>& in = saving ? row->model : row->checkpoint;
    if (in) ins[found->second].Add(*in);
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i].keys = ins[i].keys();
  return groups;
}

void EndSet::Add(const MapEnd& end) {
  auto [begin, stop] = by_pattern_.equal_range(end.pattern);
  for (auto it = begin; it != stop; ++it) {
    if (ends_[it->second].numbers == end.numbers) return;
  }
  by_pattern_.emplace(end.pattern, ends_.size());
  ends_.push_back(end);
  keys_ += end.size();
}

bool EndSet::SharesWith(const EndSet& other) const {
  for (const MapEnd& end : ends_) {
    auto [begin, stop] = other.by_pattern_.equal_range(end.pattern);
    for (auto it = begin; it != stop; ++it) {
      if (BoxesIntersect(other.ends_[it->second].numbers, end.numbers)) return true;
    }
  }
  return false;
}

void EndSet::Merge(const EndSet& other) {
  for (const MapEnd& end : other.ends_) Add(end);
}

std::vector<std::string> EndSet::Lines() const {
  std::vector<std::string> lines;
  std::string count = ShowCount(keys_, "key", "keys");
  if (ends_.size() > kNamesShown) {
    return {CommonName(), ShowCount(ends_.size(), "family", "families") + ", " + count};
  }
  std::string common = ends_.size() > 1 ? CommonName() : "";
  if (common.find('*') == std::string::npos && !common.empty()) {
    lines.push_back(std::move(common));
  } else {
    for (const MapEnd& end : ends_) lines.push_back(end.ToString());
  }
  const std::optional<Shape>& shape = ends_.front().shape;
  if (ends_.size() == 1 && shape) count += " of " + ShowShape(*shape);
  lines.push_back(std::move(count));
  return lines;
}

std::vector<std::string> EndSet::Names() const {
  std::vector<std::string> names;
  names.reserve(ends_.size());
  for (const MapEnd& end : ends_) names.push_back(end.ToString());
  return names;
}

std::string EndSet::Tooltip() const {
  std::string text;
  for (size_t i = 0; i < ends_.size() && i < kTooltipNames; ++i) {
    text += (i > 0 ? "\n" : "") + ends_[i].ToString();
  }
  if (ends_.size() > kTooltipNames) {
    text += "\n… and " + ShowCount(ends_.size() - kTooltipNames, "more family", "more families");
  }
  return text;
}

// The part between a common beginning and a common end: a star, or for a few names that differ in
// one part, "{weight,bias}".
std::string EndSet::Middle(const std::vector<std::vector<std::string_view>>& names, size_t head,
                           size_t tail) {
  std::string few;
  for (const auto& name : names) {
    if (names.size() > kNamesShown || name.size() != head + 1 + tail || IsHole(name[head])) {
      return "*";
    }
    few += (few.empty() ? "" : ",") + std::string(name[head]);
  }
  return '{' + few + '}';
}

// What all names begin and end with, part by part.
std::string EndSet::CommonName() const {
  std::vector<std::vector<std::string_view>> names;
  for (const MapEnd& end : ends_) names.push_back(Parts(end.pattern));
  size_t shortest = names[0].size();
  for (const auto& name : names) shortest = std::min(shortest, name.size());
  auto common = [&](size_t count, auto part_of) {
    size_t n = 0;
    auto alike = [&](const auto& name) { return part_of(name, n) == part_of(names[0], n); };
    while (n < count && std::all_of(names.begin(), names.end(), alike)) ++n;
    return n;
  };
  // The star replaces at least one part of every name, if names differ at all.
  size_t head = common(shortest, [](const auto& name, size_t i) { return name[i]; });
  bool same = head == shortest && std::all_of(names.begin(), names.end(), [&](const auto& name) {
                return name.size() == shortest;
              });
  size_t tail = 0;
  if (!same && head < shortest) {
    tail = common(shortest - head - 1,
                  [](const auto& name, size_t i) { return name[name.size() - 1 - i]; });
  }
  std::string pattern;
  IndexBox numbers;
  size_t holes = 0;
  auto append = [&](std::string_view part) {
    pattern += (pattern.empty() ? "" : ".") + std::string(part);
  };
  for (size_t i = 0; i < head; ++i) {
    append(names[0][i]);
    if (!IsHole(names[0][i])) continue;
    IndexSet all;
    for (const MapEnd& end : ends_) all = all.Union(end.numbers[holes]);
    ++holes;
    numbers.push_back(std::move(all));
  }
  if (!same) append(Middle(names, head, tail));
  size_t tail_holes = 0;
  for (size_t i = 0; i < tail; ++i) {
    if (IsHole(names[0][names[0].size() - tail + i])) ++tail_holes;
  }
  for (size_t i = 0; i < tail; ++i) {
    std::string_view part = names[0][names[0].size() - tail + i];
    append(part);
    if (!IsHole(part)) continue;
    IndexSet all;
    for (const MapEnd& end : ends_) all = all.Union(end.numbers[end.numbers.size() - tail_holes]);
    --tail_holes;
    numbers.push_back(std::move(all));
  }
  return ShowFamily(pattern, numbers);
}

}  // namespace wcheck
