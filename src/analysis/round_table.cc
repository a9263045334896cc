#include "analysis/round_table.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "families/boxes.h"

namespace wcheck {
namespace {

bool SameEnd(const MapEnd& a, const MapEnd& b) {
  return a.pattern == b.pattern && a.numbers == b.numbers;
}

// The boxes of some names, by pattern.
using Names = std::map<std::string_view, std::vector<const IndexBox*>>;

Names CheckpointNames(const std::vector<const MapRow*>& rows) {
  Names names;
  for (const MapRow* row : rows) {
    if (row->checkpoint) names[row->checkpoint->pattern].push_back(&row->checkpoint->numbers);
  }
  return names;
}

// Every name of `a` is one of `b`.
bool Within(const Names& a, const Names& b) {
  for (const auto& [pattern, boxes] : a) {
    const auto found = b.find(pattern);
    if (found == b.end()) return false;
    std::vector<std::span<const IndexSet>> others;
    for (const IndexBox* box : found->second) others.emplace_back(*box);
    for (const IndexBox* box : boxes) {
      if (!BoxMinus(*box, others).empty()) return false;
    }
  }
  return true;
}

// Joins the rows of two maps at common keys of the model.
class Joiner {
 public:
  void Add(const KeyMap& map) {
    for (const MapRow& row : map.rows) {
      const size_t index = rows_.size();
      rows_.push_back({&row, map.direction});
      leader_.push_back(index);
      if (!row.model) continue;
      // A key that the model does not have meets no other row.
      if (row.status == MapRow::Status::kUnexpected) continue;
      for (size_t other : by_pattern_[row.model->pattern]) {
        if (BoxesIntersect(rows_[other].row->model->numbers, row.model->numbers)) {
          leader_[Find(index)] = Find(other);
        }
      }
      by_pattern_[row.model->pattern].push_back(index);
    }
  }

  std::vector<RoundRow> Rows() {
    std::map<size_t, size_t> place;
    std::vector<RoundRow> out;
    for (size_t i = 0; i < rows_.size(); ++i) {
      const auto [found, is_new] = place.try_emplace(Find(i), out.size());
      if (is_new) out.emplace_back();
      Join(*rows_[i].row, rows_[i].direction, &out[found->second]);
    }
    for (RoundRow& row : out) {
      const Names loaded = CheckpointNames(row.load);
      const Names saved = CheckpointNames(row.save);
      row.same_names = !loaded.empty() && Within(loaded, saved) && Within(saved, loaded);
    }
    return out;
  }

 private:
  struct Entry {
    const MapRow* row;
    Direction direction;
  };

  size_t Find(size_t i) {
    while (leader_[i] != i) i = leader_[i] = leader_[leader_[i]];
    return i;
  }

  static void Join(const MapRow& row, Direction direction, RoundRow* out) {
    (direction == Direction::kLoad ? out->load : out->save).push_back(&row);
    out->touched |= !row.transforms.empty() || row.prefix_step != Trace::PrefixStep::kNone;
    out->faulty |= row.status != MapRow::Status::kOk;
    if (!row.model) return;
    const auto known = [&](const MapEnd& end) { return SameEnd(end, *row.model); };
    if (std::none_of(out->model.begin(), out->model.end(), known)) out->model.push_back(*row.model);
  }

  std::vector<Entry> rows_;
  std::vector<size_t> leader_;
  std::map<std::string_view, std::vector<size_t>> by_pattern_;
};

}  // namespace

RoundTable BuildRoundTable(const Simulation& simulation) {
  RoundTable table;
  const auto take = [&](Direction direction, std::optional<KeyMap>* map, std::string* error) {
    Result<KeyMap> built = BuildKeyMap(simulation, direction, Folding::kFamilies);
    if (built) {
      *map = *std::move(built);
    } else {
      *error = built.error().message;
    }
  };
  take(Direction::kSave, &table.save, &table.save_error);
  take(Direction::kLoad, &table.load, &table.load_error);
  // The save visits the model's families in their own order.
  Joiner joiner;
  if (table.save) joiner.Add(*table.save);
  if (table.load) joiner.Add(*table.load);
  table.rows = joiner.Rows();
  return table;
}

}  // namespace wcheck
