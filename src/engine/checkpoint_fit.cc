// The checkpoint's keys are loaded into an open model, in which every number may be any number.
// What they reach there tells how many of each repeated part there are.
#include "checkpoint_fit.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "wcheck/engine/boxes.h"

#include "checkpoint_reach.h"

namespace wcheck {
namespace {

// A hole of a pattern, named by the text up to it: all patterns that share this text repeat
// together.
struct Hole {
  std::string_view part;
  size_t index;
};
std::vector<Hole> HolesOf(std::string_view pattern) {
  std::vector<Hole> holes;
  for (size_t at = 0; (at = pattern.find(kHole, at)) != std::string_view::npos; ++at) {
    holes.push_back({pattern.substr(0, at + 1), holes.size()});
  }
  return holes;
}

bool CountsFromZero(const IndexSet& set) { return set.ranges().size() == 1 && set.min() == 0; }

class Fitter {
 public:
  Fitter(const Layout& layout, const CompiledRegistry& registry, const Profile& profile,
         const Checkpoint& checkpoint)
      : layout_(layout), registry_(registry), profile_(profile), checkpoint_(checkpoint) {}

  wcheck::Fit Fit(const std::vector<LayoutFamily>& families) && {
    LoadOpen(families);
    for (const LayoutFamily& family : layout_.families) {
      Note(family.pattern, family.numbers, &held_);
    }
    wcheck::Fit fit;
    std::map<std::string_view, std::map<std::string_view, IndexSet>> new_sets;  // part, pattern
    for (const auto& [part, ours] : held_.parts) {
      auto reached = reached_.parts.find(part);
      if (reached == reached_.parts.end()) continue;
      // Anything else than a run from 0 is not a count, and one alone repeats nothing.
      if (!CountsFromZero(ours) || !CountsFromZero(reached->second) || ours.size() < 2) continue;
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
    Reach reach(layout_, registry_, profile_, Reach::Model::kOpen);
    Pass load = reach.Load(families);
    for (const Trace& trace : load.traces) {
      for (const Name& name : reach.KeysOf(load, trace)) {
        Note(name.pattern, name.Numbers(trace.members), &reached_);
      }
    }
  }

  // Whether the config has this number of something. The name of the part does not tell of what,
  // but no other count of a config is likely to be the same.
  bool InConfig(const IndexSet& counted) const {
    const std::vector<uint32_t>& known = checkpoint_.part_counts;
    return std::find(known.begin(), known.end(), counted.size()) != known.end();
  }

  // The numbers without those behind the config's own, if that is what the difference is.
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
  // that have no number in common in the layout have one in the checkpoint: then there are two
  // readings.
  std::optional<std::map<std::string_view, IndexSet>> SetsOf(std::string_view part,
                                                             const IndexSet& ours,
                                                             const IndexSet& theirs) const {
    struct Kind {
      IndexSet layout;
      IndexSet checkpoint;
      std::vector<std::string_view> patterns;
    };
    std::vector<Kind> kinds;
    for (const auto& [hole, set] : held_.holes) {
      const auto& [pattern, index] = hole;
      if (HolesOf(pattern)[index].part != part) continue;
      auto kind = std::find_if(kinds.begin(), kinds.end(),
                               [&held = set](const Kind& k) { return k.layout == held; });
      if (kind == kinds.end()) kind = kinds.insert(kinds.end(), Kind{set, {}, {}});
      kind->patterns.push_back(pattern);
      auto reached = reached_.holes.find(hole);
      if (reached != reached_.holes.end()) {
        kind->checkpoint = kind->checkpoint.Union(reached->second.Intersect(theirs));
      }
    }
    std::map<std::string_view, IndexSet> sets;
    for (Kind& kind : kinds) {
      if (kind.layout == ours) {
        kind.checkpoint = theirs;
      } else if (kind.checkpoint.empty()) {
        kind.checkpoint = kind.layout.Intersect(theirs);  // what there is of it is missing
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

  std::shared_ptr<const Layout> Build(
      const std::map<std::string_view, std::map<std::string_view, IndexSet>>& new_sets) const {
    auto fitted = std::make_shared<Layout>(layout_);
    auto storage = std::make_shared<Storage>();
    storage->layout = layout_.storage;
    fitted->families.clear();
    std::map<std::string_view, std::vector<LayoutFamily>> by_pattern;
    for (const LayoutFamily& family : layout_.families) {
      by_pattern[family.pattern].push_back(family);
    }
    std::set<std::string_view> done;
    for (const LayoutFamily& family : layout_.families) {
      if (!done.insert(family.pattern).second) continue;
      const std::vector<LayoutFamily>& same = by_pattern[family.pattern];
      std::vector<IndexBox> boxes;
      for (const LayoutFamily& f : same) boxes.emplace_back(f.numbers.begin(), f.numbers.end());
      for (const Hole& hole : HolesOf(family.pattern)) {
        auto part = new_sets.find(hole.part);
        if (part != new_sets.end()) {
          SetHole(hole.index, part->second.at(family.pattern), &boxes);
        }
      }
      for (size_t i = 0; i < boxes.size(); ++i) {
        if (BoxSize(boxes[i]) == 0) continue;
        storage->boxes.push_back(std::move(boxes[i]));
        fitted->families.push_back(
            {family.pattern, storage->boxes.back(), same[i].shape, same[i].dtype});
      }
    }
    KeySet keys(fitted->families);
    std::erase_if(fitted->tied,
                  [&](const Tie& tie) { return !keys.Has(tie.target) || !keys.Has(tie.source); });
    fitted->storage = std::move(storage);
    return fitted;
  }

  // Several boxes of one pattern have several shapes: those of new numbers are taken from the last.
  static void SetHole(size_t index, const IndexSet& numbers, std::vector<IndexBox>* boxes) {
    IndexSet rest = numbers;
    for (IndexBox& box : *boxes) {
      rest = rest.Minus(box[index]);
      box[index] = box[index].Intersect(numbers);
    }
    if (!rest.empty()) boxes->back()[index] = boxes->back()[index].Union(rest);
  }

  const Layout& layout_;
  const CompiledRegistry& registry_;
  const Profile& profile_;
  const Checkpoint& checkpoint_;
  Numbers held_;     // by the layout
  Numbers reached_;  // by the checkpoint
};

}  // namespace

Fit FitLayout(const Layout& layout, const CompiledRegistry& registry, const Profile& profile,
              const Checkpoint& checkpoint, const std::vector<LayoutFamily>& families) {
  return Fitter(layout, registry, profile, checkpoint).Fit(families);
}

}  // namespace wcheck
