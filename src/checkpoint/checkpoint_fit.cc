// Loads the checkpoint's keys into an open model, in which every number may be any number. The
// model keys that they reach show how many of each repeated part there are.
#include "checkpoint/checkpoint_fit.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "checkpoint/checkpoint_reach.h"
#include "checkpoint/ragged_parts.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

bool CountsFromZero(const IndexSet& set) { return set.ranges().size() == 1 && set.min() == 0; }

class Fitter {
 public:
  Fitter(const Layout& layout, const CompiledRegistry& registry,
         const Checkpoint& checkpoint)
      : layout_(layout),
        registry_(registry),
        engine_(registry.engine()),
        checkpoint_(checkpoint),
        ragged_(layout.families) {}

  // Compares, for each repeated part, the numbers in the layout with those that the checkpoint's
  // keys reach. The layout is only rebuilt if some count differs and can be changed in one way.
  wcheck::Fit Fit(const std::vector<LayoutFamily>& families) && {
    wcheck::Fit fit;
    const bool some_repeat =
        std::any_of(layout_.families.begin(), layout_.families.end(),
                    [](const LayoutFamily& family) { return !family.numbers.empty(); });
    if (!some_repeat) return fit;
    LoadOpen(families);
    CutLayout();
    for (const Piece& piece : pieces_) {
      Note(piece.family.pattern, piece.family.numbers, &held_);
    }
    FindPartial();
    std::map<std::string_view, std::map<std::string_view, IndexSet>> new_sets;  // part, pattern
    for (const auto& [part, ours] : held_.parts) {
      auto reached = reached_.parts.find(part);
      if (reached == reached_.parts.end()) continue;
      // Anything but a run from 0 is not a count, and a single one repeats nothing, unless its
      // neighbours do.
      if (!CountsFromZero(ours) || !CountsFromZero(reached->second)) continue;
      if (ours.size() < 2 && !ragged_parts_.contains(part)) continue;
      IndexSet theirs = WithoutPrediction(part, reached->second, &fit.behind);
      if (theirs == ours || (!InConfig(theirs) && InConfig(ours))) continue;
      std::optional<std::map<std::string_view, IndexSet>> sets = SetsOf(part, ours, theirs);
      fit.counts.push_back({std::string(part), ours, theirs, sets.has_value()});
      if (sets) new_sets[part] = *std::move(sets);
    }
    if (!new_sets.empty()) fit.layout = Build(new_sets);
    return fit;
  }

 private:
  // Numbers by part, over all patterns; and by pattern and part.
  struct Numbers {
    std::map<std::string, IndexSet, std::less<>> parts;
    std::map<std::pair<std::string, size_t>, IndexSet> holes;
  };

  // A family of the layout, or a slice of one.
  struct Piece {
    LayoutFamily family;
    std::optional<RaggedParts::Slice> slice;  // what `family` refers to
    std::string_view whole;                   // the pattern of the layout
  };

  void CutLayout() {
    for (const LayoutFamily& family : layout_.families) {
      std::vector<RaggedParts::Slice> slices = ragged_.Cut(family.pattern, family.numbers);
      if (slices.empty()) pieces_.push_back({family, std::nullopt, family.pattern});
      for (RaggedParts::Slice& slice : slices) {
        Piece& piece = pieces_.emplace_back(Piece{family, std::move(slice), family.pattern});
        piece.family.pattern = piece.slice->pattern;
        piece.family.numbers = piece.slice->numbers;
        slices_.emplace(piece.family.pattern, &piece);
        const size_t first_written = piece.slice->written.front().first;
        for (const Hole& hole : HolesOf(piece.family.pattern)) {
          if (hole.index >= first_written) ragged_parts_.emplace(hole.part);
        }
      }
    }
  }

  // A hole as one of the layout's own pattern.
  std::pair<std::string_view, size_t> WholeOf(const std::pair<std::string, size_t>& hole) const {
    auto slice = slices_.find(hole.first);
    if (slice == slices_.end()) return hole;
    size_t index = hole.second;
    for (const auto& [written, number] : slice->second->slice->written) index += written <= index;
    return {slice->second->whole, index};
  }

  // A stage with a single layer does not show what only its first layer has and what all have;
  // another stage does.
  void FindPartial() {
    for (const auto& [hole, set] : held_.holes) {
      const std::string_view part = HolesOf(hole.first)[hole.second].part;
      if (set != held_.parts.find(part)->second) partial_.insert(WholeOf(hole));
    }
  }

  static void Note(std::string_view pattern, std::span<const IndexSet> numbers, Numbers* into) {
    for (const Hole& hole : HolesOf(pattern)) {
      const IndexSet& set = numbers[hole.index];
      auto part = into->parts.find(hole.part);
      if (part == into->parts.end()) {
        into->parts.emplace(hole.part, set);
      } else if (!part->second.Contains(set)) {
        part->second = part->second.Union(set);
      }
      IndexSet& own = into->holes[{std::string(pattern), hole.index}];
      if (!own.Contains(set)) own = own.Union(set);
    }
  }

  void LoadOpen(const std::vector<LayoutFamily>& families) {
    Reach reach(layout_, registry_, Reach::Model::kOpen);
    Pass load = reach.Load(families);
    for (const Trace& trace : load.traces) {
      for (const Name& name : reach.KeysOf(load, trace)) {
        const IndexBox numbers = name.Numbers(trace.members);
        const std::vector<RaggedParts::Slice> slices = ragged_.Cut(name.pattern, numbers);
        if (slices.empty()) Note(name.pattern, numbers, &reached_);
        for (const RaggedParts::Slice& slice : slices) {
          Note(slice.pattern, slice.numbers, &reached_);
        }
      }
    }
  }

  // Whether the config has this number of something. The name of the part does not say of what, but
  // another count of a config is unlikely to be equal.
  bool InConfig(const IndexSet& counted) const {
    const std::vector<uint32_t>& known = checkpoint_.part_counts;
    return std::find(known.begin(), known.end(), counted.size()) != known.end();
  }

  // The numbers without those after the config's own, if that explains the difference.
  IndexSet WithoutPrediction(std::string_view part, const IndexSet& reached,
                             std::vector<wcheck::Fit::Behind>* behind) const {
    uint32_t extra = checkpoint_.prediction_layers;
    if (extra == 0 || reached.size() <= extra || InConfig(reached)) return reached;
    IndexSet own(0, reached.max() - extra);
    if (!InConfig(own)) return reached;
    behind->push_back({std::string(part), own.max() + 1});
    return own;
  }

  // The new numbers of every pattern that has the part. Patterns with the same numbers in the
  // layout (all layers; the expert layers; …) are one kind, and stay together. Nothing if kinds
  // without a common number in the layout have one in the checkpoint: then there are two readings.
  std::optional<std::map<std::string_view, IndexSet>> SetsOf(std::string_view part,
                                                             const IndexSet& ours,
                                                             const IndexSet& theirs) const {
    struct Kind {
      IndexSet layout;
      bool partial;  // some keys of the part do not have it
      IndexSet checkpoint;
      std::vector<std::string_view> patterns;
    };
    std::vector<Kind> kinds;
    for (const auto& [hole, set] : held_.holes) {
      const auto& [pattern, index] = hole;
      if (HolesOf(pattern)[index].part != part) continue;
      const bool partial = partial_.contains(WholeOf(hole));
      auto kind = std::find_if(kinds.begin(), kinds.end(), [&held = set, partial](const Kind& k) {
        return k.layout == held && k.partial == partial;
      });
      if (kind == kinds.end()) kind = kinds.insert(kinds.end(), Kind{set, partial, {}, {}});
      kind->patterns.push_back(pattern);
      auto reached = reached_.holes.find(hole);
      if (reached != reached_.holes.end()) {
        kind->checkpoint = kind->checkpoint.Union(reached->second.Intersect(theirs));
      }
    }
    std::map<std::string_view, IndexSet> sets;
    for (Kind& kind : kinds) {
      if (!kind.partial) {
        kind.checkpoint = theirs;
      } else if (kind.checkpoint.empty()) {
        kind.checkpoint = kind.layout.Intersect(theirs);  // its existing numbers are missing
      }
      for (std::string_view pattern : kind.patterns) sets[pattern] = kind.checkpoint;
    }
    for (size_t i = 0; i < kinds.size(); ++i) {
      for (size_t j = i + 1; j < kinds.size(); ++j) {
        if (!kinds[i].layout.Intersects(kinds[j].layout) &&
            kinds[i].checkpoint.Intersects(kinds[j].checkpoint)) {
          return std::nullopt;
        }
      }
    }
    return sets;
  }

  struct Storage {
    std::shared_ptr<const void> layout;
    std::deque<IndexBox> boxes;
  };

  // Rebuilds every family with the new numbers of its holes. Families of one pattern are changed
  // together, since a new layer belongs to the family whose shape the last layer has. Ties that
  // lose their keys are dropped.
  std::shared_ptr<const Layout> Build(
      const std::map<std::string_view, std::map<std::string_view, IndexSet>>& new_sets) const {
    auto fitted = std::make_shared<Layout>(layout_);
    auto storage = std::make_shared<Storage>();
    storage->layout = layout_.storage;
    fitted->families.clear();
    std::map<std::string_view, std::vector<const Piece*>> by_pattern;
    for (const Piece& piece : pieces_) by_pattern[piece.family.pattern].push_back(&piece);
    std::set<std::string_view> done;
    for (const Piece& first : pieces_) {
      const std::string_view pattern = first.family.pattern;
      if (!done.insert(pattern).second) continue;
      const std::vector<const Piece*>& same = by_pattern[pattern];
      std::vector<IndexBox> boxes;
      boxes.reserve(same.size());
      for (const Piece* piece : same) {
        boxes.emplace_back(piece->family.numbers.begin(), piece->family.numbers.end());
      }
      for (const Hole& hole : HolesOf(pattern)) {
        auto part = new_sets.find(hole.part);
        if (part != new_sets.end()) SetHole(hole.index, part->second.at(pattern), &boxes);
      }
      for (size_t i = 0; i < boxes.size(); ++i) {
        if (BoxSize(boxes[i]) == 0) continue;
        const Piece& piece = *same[i];
        storage->boxes.push_back(piece.slice ? RaggedParts::Whole(*piece.slice, std::move(boxes[i]))
                                             : std::move(boxes[i]));
        fitted->families.push_back(
            {piece.whole, storage->boxes.back(), piece.family.shape, piece.family.dtype});
      }
    }
    KeySet keys(fitted->families);
    std::erase_if(fitted->tied,
                  [&](const Tie& tie) { return !keys.Has(tie.target) || !keys.Has(tie.source); });
    fitted->storage = std::move(storage);
    return fitted;
  }

  // Several boxes of one pattern have several shapes: new numbers get the shape of the last one, in
  // all boxes that contain it.
  static void SetHole(size_t index, const IndexSet& numbers, std::vector<IndexBox>* boxes) {
    IndexSet held;
    for (const IndexBox& box : *boxes) held = held.Union(box[index]);
    const uint32_t last = held.max();
    const IndexSet rest = numbers.Minus(held);
    for (IndexBox& box : *boxes) {
      const bool has_last = box[index].Contains(last);
      box[index] = box[index].Intersect(numbers);
      if (has_last) box[index] = box[index].Union(rest);
    }
  }

  const Layout& layout_;
  const CompiledRegistry& registry_;
  const Engine& engine_;
  const Checkpoint& checkpoint_;
  const RaggedParts ragged_;
  std::deque<Piece> pieces_;                               // the layout
  std::map<std::string_view, const Piece*> slices_;        // one of each cut pattern
  std::set<std::pair<std::string_view, size_t>> partial_;  // holes of the layout's patterns
  std::set<std::string, std::less<>> ragged_parts_;        // of slices, after an outer number
  Numbers held_;                                           // by the layout
  Numbers reached_;                                        // by the checkpoint
};

}  // namespace

Fit FitLayout(const Layout& layout, const CompiledRegistry& registry,
              const Checkpoint& checkpoint, const std::vector<LayoutFamily>& families) {
  return Fitter(layout, registry, checkpoint).Fit(families);
}

}  // namespace wcheck
