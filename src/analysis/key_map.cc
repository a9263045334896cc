// Reads rows from the traces of a pass and the productions of its conversion. Members of a trace
// that a converter claimed, and members that were carried by name, become separate rows.
#include "analysis/key_map.h"

#include <algorithm>

#include "analysis/attempts.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

IndexBox Box(std::span<const IndexSet> sets) { return {sets.begin(), sets.end()}; }

// A name's numbers, each with its single value in one key.
class MapBuilder {
 public:
  MapBuilder(const Simulation& simulation, Direction direction, Folding folding)
      : s_(simulation),
        saving_(direction == Direction::kSave),
        members_(folding == Folding::kMembers),
        pass_(saving_ ? simulation.save_fresh : simulation.load),
        order_(saving_ ? simulation.save_order : simulation.load_order),
        covered_(pass_.traces.size()) {
    map_.simulation = &simulation;
    map_.direction = direction;
  }

  Result<KeyMap> Run() && {
    if (s_.saved.error) return Failed("saving", *s_.saved.error, s_.saved.error_key);
    if (pass_.error) return Failed("loading", *pass_.error, pass_.error_key);
    for (const Production& p : (saving_ ? s_.saved : s_.loaded).productions) AddProduction(p);
    for (uint32_t t = 0; t < pass_.traces.size(); ++t) AddRest(t);
    Sort();
    if (!saving_) AddMissing();
    return std::move(map_);
  }

 private:
  Error Failed(std::string_view what, const EngineError& error, const std::string& key) const {
    std::string message = std::string(what) + ' ' + s_.layout->class_name + " fails";
    if (!key.empty()) message += " at '" + key + "'";
    return Error{
        {}, message + ": " + error.ToString(), "`wcheck check` shows which transform is to blame"};
  }

  Conversion Converted(const Pass& part) const {
    return Convert(part, s_.plan, order_, *s_.engine, *s_.model);
  }

  // --- rows of a converter
  // -------------------------------------------------------------------------

  void AddProduction(const Production& production) {
    if (!members_) {
      AddBuckets(production, production.numbers);
      return;
    }
    ForEachMember(production.numbers, [&](std::span<const uint32_t> member) {
      AddBuckets(production, SingleMember(member));
    });
  }

  // Each family that goes into some buckets, paired with each that comes out of them.
  void AddBuckets(const Production& production, const IndexBox& numbers) {
    Pass part = CollectedPart(pass_, *s_.engine, production.pattern, numbers);
    Conversion conversion = Converted(part);
    std::vector<LayoutFamily> outputs = conversion.tensors;
    std::string error = production.error ? production.error->ToString() : "";
    const LayoutFamily* own =
        s_.model->Find(JoinNumbers(production.pattern, SmallestMember(numbers)));
    if (production.error && own != nullptr) {
      outputs = {{production.pattern, numbers, own->shape, own->dtype}};
    }
    for (const Trace& trace : part.traces) {
      auto original = TraceOf(trace);
      covered_[original].push_back(Box(trace.members));
      for (const LayoutFamily& output : outputs) {
        MapRow row = RowOf(trace);
        row.converter = production.converter;
        if (production.error) {
          row.status = MapRow::Status::kError;
          row.remark = error;
        }
        Add(std::move(row), trace, output, original);
      }
    }
  }

  // The trace of the pass from which a trace of a part was cut: they are copies with fewer members.
  uint32_t TraceOf(const Trace& cut) const {
    for (uint32_t t = 0; t < pass_.traces.size(); ++t) {
      const Trace& trace = pass_.traces[t];
      if (trace.family == cut.family && BoxContains(trace.members, cut.members)) return t;
    }
    return 0;  // not reached
  }

  // --- rows of plain renamings
  // ---------------------------------------------------------------------

  // The members of a trace that no converter got.
  void AddRest(uint32_t t) {
    const Trace& trace = pass_.traces[t];
    std::vector<std::span<const IndexSet>> covered(covered_[t].begin(), covered_[t].end());
    for (IndexBox& rest : BoxMinus(Box(trace.members), covered)) {
      if (!members_) {
        AddPlain(t, std::move(rest));
        continue;
      }
      ForEachMember(rest,
                    [&](std::span<const uint32_t> member) { AddPlain(t, SingleMember(member)); });
    }
  }

  void AddPlain(uint32_t t, IndexBox members) {
    Pass part = OneTrace(pass_, t, std::move(members));
    const Trace& trace = part.traces[0];
    bool arrives = trace.claim < 0 && (saving_ || trace.in_model);
    if (arrives) {
      for (const LayoutFamily& tensor : Converted(part).tensors)
        Add(RowOf(trace), trace, tensor, t);
      return;
    }
    // Not in the model; or claimed, but another key was first and is carried alone.
    MapRow row = RowOf(trace);
    Name name = pass_.NameOf(trace);
    IndexBox numbers = name.Numbers(trace.members);
    row.status =
        saving_ || trace.in_model ? MapRow::Status::kCollides : MapRow::Status::kUnexpected;
    row.remark = row.status == MapRow::Status::kUnexpected
                     ? "the model has no key of this name"
                     : "another key comes first and takes the name";
    Add(std::move(row), trace, {name.pattern, numbers, {}, {}}, t);
  }

  // --- all rows
  // --------------------------------------------------------------------------------------

  MapRow RowOf(const Trace& trace) const {
    MapRow row;
    row.prefix_step = trace.prefix_step;
    if (trace.set_aside) return row;
    for (size_t i = 0; i < trace.steps.size(); ++i) {
      if (trace.steps[i].changed() || trace.claim == static_cast<int32_t>(i)) {
        row.transforms.push_back(trace.steps[i].transform);
      }
    }
    return row;
  }

  // The trace is about keys that went in; which side of the table that is depends on the direction.
  void Add(MapRow row, const Trace& trace, const LayoutFamily& output, uint32_t original) {
    const LayoutFamily& family = pass_.families[trace.family];
    MapEnd from{std::string(family.pattern), Box(trace.members), ShapeOf(family)};
    MapEnd to{std::string(output.pattern), Box(output.numbers), std::nullopt};
    bool known = row.status == MapRow::Status::kOk || row.status == MapRow::Status::kError;
    if (known) to.shape = ShapeOf(output);
    if (row.status == MapRow::Status::kOk) NoteFaults(to, original, &row);
    row.trace = original;
    row.checkpoint = saving_ ? to : from;
    row.model = saving_ ? std::move(from) : std::move(to);
    if (!members_) {
      Keep(std::move(row), original);
      return;
    }
    // One row per key: the input is a single key already, unless several came into one bucket.
    MapEnd* in = saving_ ? &*row.model : &*row.checkpoint;
    MapEnd* out = saving_ ? &*row.checkpoint : &*row.model;
    IndexBox ins = in->numbers;
    IndexBox outs = out->numbers;
    ForEachMember(ins, [&](std::span<const uint32_t> i) {
      in->numbers = SingleMember(i);
      ForEachMember(outs, [&](std::span<const uint32_t> o) {
        out->numbers = SingleMember(o);
        Keep(row, original);
      });
    });
  }

  void NoteFaults(const MapEnd& to, uint32_t trace, MapRow* row) const {
    for (const Collision& c : saving_ ? s_.save_collisions : s_.load_collisions) {
      bool reaches = std::find(c.traces.begin(), c.traces.end(), trace) != c.traces.end();
      if (!reaches || c.pattern != to.pattern || !BoxesIntersect(c.numbers, to.numbers)) continue;
      row->status = MapRow::Status::kCollides;
      row->remark = "several keys reach " + ShowFamily(c.pattern, c.numbers);
      return;
    }
    if (saving_) return;
    for (uint32_t f : s_.model->FamiliesOf(to.pattern)) {
      const LayoutFamily& family = s_.model->families()[f];
      if (!BoxesIntersect(family.numbers, to.numbers) || ShapeOf(family) == to.shape) continue;
      row->status = MapRow::Status::kShape;
      row->remark = "the model's own shape differs";
    }
  }

  void Keep(MapRow row, uint32_t trace) { rows_.emplace_back(trace, std::move(row)); }

  void Sort() {
    auto in = [this](const MapRow& row) { return (saving_ ? *row.model : *row.checkpoint); };
    if (members_) {
      for (auto& [trace, row] : rows_) {
        MapEnd end = in(row);
        keys_.emplace_back(JoinNumbers(end.pattern, SmallestMember(end.numbers)), keys_.size());
      }
      std::stable_sort(keys_.begin(), keys_.end(),
                       [](const auto& a, const auto& b) { return NaturalLess(a.first, b.first); });
      for (const auto& [key, at] : keys_) map_.rows.push_back(std::move(rows_[at].second));
      return;
    }
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [trace, row] : rows_) map_.rows.push_back(std::move(row));
  }

  void AddMissing() {
    for (const FamilyPart& part : s_.missing) {
      const LayoutFamily& family = s_.layout->families[part.family];
      MapRow row;
      row.status = MapRow::Status::kMissing;
      row.remark = "no checkpoint key reaches it";
      row.model = MapEnd{std::string(family.pattern), part.numbers, ShapeOf(family)};
      if (!members_) {
        map_.rows.push_back(std::move(row));
        continue;
      }
      ForEachMember(part.numbers, [&](std::span<const uint32_t> member) {
        row.model->numbers = SingleMember(member);
        map_.rows.push_back(row);
      });
    }
  }

  const Simulation& s_;
  const bool saving_;
  const bool members_;
  const Pass& pass_;
  const PassOrder& order_;
  std::vector<std::vector<IndexBox>> covered_;  // by trace: the members that a converter got
  std::vector<std::pair<uint32_t, MapRow>> rows_;
  std::vector<std::pair<std::string, size_t>> keys_;
  KeyMap map_;
};

}  // namespace

uint64_t MapEnd::size() const { return BoxSize(numbers); }

Result<KeyMap> BuildKeyMap(const Simulation& simulation, Direction direction, Folding folding) {
  return MapBuilder(simulation, direction, folding).Run();
}

std::string_view StatusName(MapRow::Status status) {
  switch (status) {
    case MapRow::Status::kOk:
      return "ok";
    case MapRow::Status::kCollides:
      return "collides";
    case MapRow::Status::kUnexpected:
      return "unexpected";
    case MapRow::Status::kMissing:
      return "missing";
    case MapRow::Status::kShape:
      return "shape";
    case MapRow::Status::kError:
      return "error";
  }
  return "";
}

}  // namespace wcheck
