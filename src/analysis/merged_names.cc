// Takes the renamings of an entry that have the same target, and compares it with their sources:
// without what all have in common, the target must be made up of what is left of each.
#include "analysis/merged_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "analysis/pattern_name.h"

namespace wcheck {
namespace {

size_t CommonStart(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

size_t CommonEnd(std::string_view a, std::string_view b) {
  size_t n = 0;
  while (n < std::min(a.size(), b.size()) && a[a.size() - 1 - n] == b[b.size() - 1 - n]) ++n;
  return n;
}

// "qkv" and "gate_up" are made up of "q", "k", "v" and of "gate", "up".
bool MadeUpOf(std::string_view text, std::vector<std::string_view> stems) {
  if (stems.empty()) return text.empty();
  for (size_t i = 0; i < stems.size(); ++i) {
    if (!text.starts_with(stems[i])) continue;
    std::vector<std::string_view> others = stems;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    std::string_view rest = text.substr(stems[i].size());
    if (!others.empty() && rest.starts_with('_')) rest.remove_prefix(1);
    if (MadeUpOf(rest, std::move(others))) return true;
  }
  return false;
}

bool ListsAll(std::string_view target, const std::vector<std::string>& names) {
  // More are no names of the parts of one tensor.
  constexpr size_t kMost = 4;
  if (names.size() < 2 || names.size() > kMost) return false;
  size_t start = names.front().size();
  size_t end = names.front().size();
  for (const std::string& name : names) {
    start = std::min(start, CommonStart(names.front(), name));
    end = std::min(end, CommonEnd(names.front(), name));
  }
  const std::string_view head = std::string_view(names.front()).substr(0, start);
  const std::string_view tail = std::string_view(names.front()).substr(names.front().size() - end);
  std::vector<std::string_view> stems;
  for (std::string_view name : names) {
    if (name.size() <= start + end) return false;
    stems.push_back(name.substr(start, name.size() - start - end));
    if (stems.back().find('.') != std::string_view::npos) return false;
  }
  if (target.starts_with(head)) target.remove_prefix(head.size());
  if (target.ends_with(tail)) target.remove_suffix(tail.size());
  return MadeUpOf(target, stems);
}

}  // namespace

std::vector<MergedNames> MergedNamesOf(const Simulation& simulation) {
  const std::vector<PlacedTransform>& transforms = simulation.plan.transforms;
  std::map<std::tuple<std::string_view, std::optional<std::string>, std::string>, MergedNames>
      groups;
  for (uint32_t i = 0; i < transforms.size(); ++i) {
    const PlacedTransform& placed = transforms[i];
    const TransformSpec& spec = *placed.forward().spec;
    if (placed.legacy || spec.kind != TransformKind::kWeightRenaming || spec.targets.size() != 1) {
      continue;
    }
    const std::string target = NameOf(spec.targets.front());
    if (target.empty()) continue;
    MergedNames& group = groups[{placed.entry, placed.scope_prefix, target}];
    group.target = target;
    for (const std::string& source : spec.sources) {
      std::string name = NameOf(source);
      if (name.empty() || std::ranges::find(group.names, name) != group.names.end()) continue;
      group.names.push_back(std::move(name));
      if (group.transforms.empty() || group.transforms.back() != i) group.transforms.push_back(i);
    }
  }
  std::vector<MergedNames> out;
  for (auto& entry : groups) {
    auto& group = entry.second;
    if (!ListsAll(group.target, group.names)) continue;
    for (uint32_t t = 0; t < simulation.save_fresh.traces.size(); ++t) {
      const bool renamed =
          std::ranges::any_of(simulation.save_fresh.traces[t].steps, [&](const TraceStep& step) {
            return step.changed() && std::ranges::binary_search(group.transforms, step.transform);
          });
      if (renamed) group.traces.push_back(t);
    }
    if (!group.traces.empty()) out.push_back(std::move(group));
  }
  return out;
}

}  // namespace wcheck
