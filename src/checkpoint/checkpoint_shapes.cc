// Shapes are compared by vote. With another config, a size of the layout is another size
// everywhere: the size that most patterns agree on is taken as the config's, and only patterns that
// deviate from it are reported as wrong.
#include "checkpoint/checkpoint_shapes.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "families/boxes.h"
#include "layout/key_set.h"

namespace wcheck {
namespace {

struct ShapedStorage {
  std::deque<IndexBox> boxes;
  std::deque<Shape> shapes;
};

using ByPattern = std::unordered_map<std::string_view, std::vector<const LayoutFamily*>>;

ByPattern GroupByPattern(const std::vector<LayoutFamily>& families) {
  ByPattern groups;
  groups.reserve(families.size());
  for (const LayoutFamily& family : families) groups[family.pattern].push_back(&family);
  return groups;
}

bool SameShape(std::span<const int64_t> a, std::span<const int64_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// A pattern's shape in the layout, and as it was loaded.
struct ComparedShape {
  Shape layout;
  Shape loaded;
};

// For each size of the layout, what most key patterns have instead.
class SizeVotes {
 public:
  void Add(std::span<const int64_t> layout, std::span<const int64_t> loaded) {
    // Usually the shapes of the pattern before.
    if (!SameShape(layout, last_layout_) || !SameShape(loaded, last_loaded_)) {
      last_layout_.assign(layout.begin(), layout.end());
      last_loaded_.assign(loaded.begin(), loaded.end());
      std::set<std::pair<int64_t, int64_t>> pairs;
      for (size_t i = 0; i < layout.size(); ++i) pairs.emplace(layout[i], loaded[i]);
      last_votes_.clear();
      for (auto [ours, theirs] : pairs) last_votes_.push_back(&votes_[ours][theirs]);
    }
    for (uint64_t* votes : last_votes_) ++*votes;
  }

  // What a size of the layout is in most patterns; the same size if there is none.
  int64_t Of(int64_t size) const {
    auto found = votes_.find(size);
    if (found == votes_.end()) return size;
    auto most = std::max_element(found->second.begin(), found->second.end(),
                                 [](const auto& a, const auto& b) { return a.second < b.second; });
    return most->first;
  }

  std::vector<SizeRelation> Relations() const {
    std::vector<SizeRelation> out;
    for (const auto& [ours, theirs] : votes_) {
      for (const auto& [size, patterns] : theirs) {
        if (size != ours) out.push_back({ours, size, patterns});
      }
    }
    std::stable_sort(out.begin(), out.end(), [](const SizeRelation& a, const SizeRelation& b) {
      return a.patterns > b.patterns;
    });
    return out;
  }

 private:
  std::map<int64_t, std::map<int64_t, uint64_t>> votes_;
  Shape last_layout_;
  Shape last_loaded_;
  std::vector<uint64_t*> last_votes_;  // the sizes that they added to
};

// One renaming of sizes for the whole model: what a size of the layout is in the checkpoint, as far as
// the tensors of one dimension and those that agree with them say. Of a tensor of one dimension no
// order can be wrong, so these begin; two sizes for one size say nothing.
class Renaming {
 public:
  explicit Renaming(const std::vector<ComparedShape>& compared) {
    for (const ComparedShape& c : compared) {
      if (c.layout.size() == 1 && c.loaded.size() == 1) Learn(c.layout[0], c.loaded[0]);
    }
    // A tensor that agrees in a size that is known, and contradicts none, says what its others are.
    for (const ComparedShape& c : compared) {
      if (c.layout.size() < 2 || c.layout.size() != c.loaded.size()) continue;
      if (Known(c.layout) > 0 && Agrees(c.layout, c.loaded)) agreeing_.push_back(&c);
    }
    for (const ComparedShape* c : agreeing_) {
      for (size_t i = 0; i < c->layout.size(); ++i) Learn(c->layout[i], c->loaded[i]);
    }
  }

  // The dimensions are those of the layout, but in another order: as they stand they contradict what a
  // known size must be, and in the other order none does. Of a tensor of two dimensions both sizes must
  // be known; of others, all but one.
  bool IsPermuted(const Shape& layout, const Shape& loaded) const {
    if (layout.size() < 2 || layout.size() != loaded.size() || Agrees(layout, loaded)) return false;
    const size_t unknown = layout.size() - Known(layout);
    if (unknown > (layout.size() == 2 ? 0U : 1U)) return false;
    std::vector<size_t> order(layout.size());
    std::iota(order.begin(), order.end(), size_t{0});
    while (std::next_permutation(order.begin(), order.end())) {
      Shape moved;
      for (const size_t i : order) moved.push_back(loaded[i]);
      if (Agrees(layout, moved)) return true;
    }
    return false;
  }

 private:
  void Learn(int64_t layout, int64_t loaded) { sizes_[layout].insert(loaded); }

  std::optional<int64_t> Of(int64_t size) const {
    auto found = sizes_.find(size);
    if (found == sizes_.end() || found->second.size() != 1) return std::nullopt;
    return *found->second.begin();
  }
  size_t Known(const Shape& layout) const {
    return static_cast<size_t>(
        std::ranges::count_if(layout, [&](int64_t size) { return Of(size).has_value(); }));
  }
  bool Agrees(const Shape& layout, const Shape& loaded) const {
    for (size_t i = 0; i < layout.size(); ++i) {
      const std::optional<int64_t> expected = Of(layout[i]);
      if (expected && *expected != loaded[i]) return false;
    }
    return true;
  }

  std::map<int64_t, std::set<int64_t>> sizes_;
  std::vector<const ComparedShape*> agreeing_;
};

// The dimensions are those of `layout` after `votes`, but in another order.
bool IsPermuted(const SizeVotes& votes, const Shape& layout, const Shape& loaded) {
  Shape expected;
  for (int64_t size : layout) expected.push_back(votes.Of(size));
  if (expected == loaded) return false;
  Shape found = loaded;
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  return expected == found;
}

}  // namespace

// Saving the layout itself gives the shapes that a checkpoint of this config would have. They are
// only used to run operations with the right counts; they are never reported.
MadeFamilies BorrowShapes(const std::vector<LayoutFamily>& checkpoint,
                          const std::vector<LayoutFamily>& saved,
                          std::string_view base_model_prefix) {
  ByPattern by_pattern = GroupByPattern(saved);
  std::string prefix = std::string(base_model_prefix) + '.';
  auto saved_as = [&](std::string_view pattern) {
    auto found = by_pattern.find(pattern);
    if (found != by_pattern.end() || base_model_prefix.empty()) return found;
    if (pattern.starts_with(prefix)) return by_pattern.find(pattern.substr(prefix.size()));
    std::string prefixed = prefix + std::string(pattern);
    return by_pattern.find(prefixed);
  };
  auto storage = std::make_shared<ShapedStorage>();
  MadeFamilies out;
  out.families.reserve(checkpoint.size());
  auto add = [&](const LayoutFamily& family, IndexBox box, const LayoutFamily& from) {
    storage->shapes.emplace_back(from.shape.begin(), from.shape.end());
    storage->boxes.push_back(std::move(box));
    out.families.push_back(
        {family.pattern, storage->boxes.back(), storage->shapes.back(), family.dtype});
  };
  for (const LayoutFamily& family : checkpoint) {
    auto same = saved_as(family.pattern);
    if (same == by_pattern.end()) {
      out.families.push_back(family);
      continue;
    }
    const std::vector<const LayoutFamily*>& from = same->second;
    bool one_shape = std::all_of(from.begin(), from.end(), [&](const LayoutFamily* f) {
      return SameShape(f->shape, from.front()->shape);
    });
    if (one_shape) {
      add(family, BoxOf(family.numbers), *from.front());
      continue;
    }
    std::vector<std::span<const IndexSet>> covered;
    for (const LayoutFamily* f : from) {
      covered.push_back(f->numbers);
      if (BoxesIntersect(family.numbers, f->numbers)) {
        add(family, IntersectBoxes(family.numbers, f->numbers), *f);
      }
    }
    for (IndexBox& rest : BoxMinus(BoxOf(family.numbers), covered)) {
      add(family, std::move(rest), *from.front());
    }
  }
  out.storage = std::move(storage);
  return out;
}

// Votes are cast once per pattern, not per key: otherwise 60 layers with one wrong shape would
// outvote all other patterns.
void CompareShapes(const Layout& layout, const std::vector<LayoutFamily>& loaded,
                   std::vector<SizeRelation>* sizes, std::vector<ShapeDifference>* shapes) {
  const KeySet held(layout.families);
  const KeySet came(loaded);
  SizeVotes votes;
  std::vector<ComparedShape> compared;
  std::set<std::pair<std::string_view, std::vector<int64_t>>> voted;
  // For each pattern and layout shape: how many keys came with which shape.
  std::map<std::pair<std::string_view, Shape>, std::map<Shape, uint64_t>> found;
  for (const LayoutFamily& tensor : loaded) {
    std::span<const uint32_t> same = held.FamiliesOf(tensor.pattern);
    const bool alone = same.size() == 1 && came.FamiliesOf(tensor.pattern).size() == 1;
    for (uint32_t f : same) {
      const LayoutFamily* family = &layout.families[f];
      if (!BoxesIntersect(tensor.numbers, family->numbers)) continue;
      if (alone && SameShape(family->shape, tensor.shape)) {
        votes.Add(family->shape, tensor.shape);
        if (compared.empty() || !SameShape(compared.back().layout, family->shape) ||
            !SameShape(compared.back().loaded, tensor.shape)) {
          compared.push_back({Shape(family->shape.begin(), family->shape.end()),
                              Shape(tensor.shape.begin(), tensor.shape.end())});
        }
        continue;
      }
      IndexBox common = IntersectBoxes(tensor.numbers, family->numbers);
      Shape ours(family->shape.begin(), family->shape.end());
      Shape theirs(tensor.shape.begin(), tensor.shape.end());
      bool first = voted.insert({tensor.pattern, theirs}).second;
      if (first && ours.size() == theirs.size()) votes.Add(ours, theirs);
      if (first) compared.push_back({ours, theirs});
      found[{family->pattern, ours}][theirs] += BoxSize(common);
      if (ours == theirs) continue;
      shapes->push_back({ShapeDifference::Kind::kSize, std::string(family->pattern),
                         std::move(common), std::move(ours), std::move(theirs)});
    }
  }
  *sizes = votes.Relations();
  const Renaming renaming(compared);
  for (ShapeDifference& difference : *shapes) {
    const auto& all = found.at({difference.pattern, difference.layout});
    uint64_t most = 0;
    for (const auto& [shape, keys] : all) most = std::max(most, keys);
    if (difference.layout.size() != difference.loaded.size()) {
      difference.kind = ShapeDifference::Kind::kRank;
    } else if (IsPermuted(votes, difference.layout, difference.loaded) ||
               renaming.IsPermuted(difference.layout, difference.loaded)) {
      difference.kind = ShapeDifference::Kind::kPermuted;
    } else if (all.at(difference.loaded) < most) {
      difference.kind = ShapeDifference::Kind::kOddOne;
    }
  }
}

MadeFamilies WithLoadedShapes(const Layout& layout, const std::vector<ShapeDifference>& shapes) {
  std::unordered_map<std::string_view, std::vector<const ShapeDifference*>> by_pattern;
  for (const ShapeDifference& d : shapes) by_pattern[d.pattern].push_back(&d);
  auto storage = std::make_shared<ShapedStorage>();
  MadeFamilies out;
  for (const LayoutFamily& family : layout.families) {
    auto changed = by_pattern.find(family.pattern);
    if (changed == by_pattern.end()) {
      out.families.push_back(family);
      continue;
    }
    std::vector<std::span<const IndexSet>> covered;
    for (const ShapeDifference* d : changed->second) {
      if (!BoxesIntersect(family.numbers, d->numbers)) continue;
      covered.emplace_back(d->numbers);
      storage->boxes.push_back(IntersectBoxes(family.numbers, d->numbers));
      storage->shapes.push_back(d->loaded);
      out.families.push_back(
          {family.pattern, storage->boxes.back(), storage->shapes.back(), family.dtype});
    }
    for (IndexBox& rest : BoxMinus(BoxOf(family.numbers), covered)) {
      storage->boxes.push_back(std::move(rest));
      out.families.push_back({family.pattern, storage->boxes.back(), family.shape, family.dtype});
    }
  }
  out.storage = std::move(storage);
  return out;
}

}  // namespace wcheck
