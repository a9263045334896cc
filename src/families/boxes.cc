// Set arithmetic on boxes, set by set. A difference is a list of boxes: each cut removes one slab
// per dimension, so the pieces are disjoint by construction. Overlay works dimension by dimension:
// it cuts the first sets of all boxes into atoms, and continues for each atom with the boxes that
// cover it.
#include "families/boxes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include "families/family_cells.h"

namespace wcheck {

std::vector<uint32_t> SmallestMember(std::span<const IndexSet> box) {
  std::vector<uint32_t> out;
  out.reserve(box.size());
  for (const IndexSet& set : box) out.push_back(set.min());
  return out;
}

IndexBox SingleMember(std::span<const uint32_t> member) {
  IndexBox box;
  for (uint32_t value : member) box.emplace_back(value, value);
  return box;
}

IndexBox BoxOf(std::span<const IndexSet> numbers) { return {numbers.begin(), numbers.end()}; }

uint64_t BoxSize(std::span<const IndexSet> box) {
  return std::accumulate(box.begin(), box.end(), uint64_t{1},
                         [](uint64_t n, const IndexSet& set) { return n * set.size(); });
}

bool BoxContains(std::span<const IndexSet> outer, std::span<const IndexSet> inner) {
  for (size_t i = 0; i < outer.size(); ++i) {
    if (!outer[i].Contains(inner[i])) return false;
  }
  return true;
}

bool BoxesIntersect(std::span<const IndexSet> a, std::span<const IndexSet> b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!a[i].Intersects(b[i])) return false;
  }
  return true;
}

IndexBox IntersectBoxes(std::span<const IndexSet> a, std::span<const IndexSet> b) {
  IndexBox out;
  out.reserve(a.size());
  for (size_t i = 0; i < a.size(); ++i) out.push_back(a[i].Intersect(b[i]));
  return out;
}

std::vector<IndexBox> BoxMinus(const IndexBox& box,
                               std::span<const std::span<const IndexSet>> without) {
  // Many single keys are few boxes, each of which is then cut out at once.
  constexpr size_t kMany = 64;
  if (without.size() > kMany) {
    std::vector<IndexBox> joined;
    joined.reserve(without.size());
    for (const std::span<const IndexSet> cut : without) joined.push_back(BoxOf(cut));
    JoinBoxes(&joined);
    if (joined.size() < without.size()) {
      const std::vector<std::span<const IndexSet>> fewer(joined.begin(), joined.end());
      return BoxMinus(box, fewer);
    }
  }
  std::vector<IndexBox> left{box};
  for (std::span<const IndexSet> cut : without) {
    std::vector<IndexBox> next;
    for (IndexBox& piece : left) {
      if (!BoxesIntersect(piece, cut)) {
        next.push_back(std::move(piece));
        continue;
      }
      // Peel off, set by set, what is outside the cut; what remains is inside in every set.
      for (size_t d = 0; d < piece.size(); ++d) {
        IndexSet outside = piece[d].Minus(cut[d]);
        if (!outside.empty()) {
          next.push_back(piece);
          next.back()[d] = std::move(outside);
        }
        piece[d] = piece[d].Intersect(cut[d]);
      }
    }
    left = std::move(next);
  }
  return left;
}

namespace {

// A piece of the sets of one dimension that every box either contains or does not touch.
struct Atom {
  IndexSet set;
  std::vector<uint32_t> covering;
};

// The usual case, for which no set has to be cut: each set is one range, and two of them are equal or
// apart. In the order of their first boxes. False if it is not the case.
bool SeparateAtoms(size_t d, std::span<const IndexBox> boxes, const std::vector<uint32_t>& covering,
                   std::vector<Atom>* atoms) {
  std::map<uint32_t, size_t> by_first;  // the first number of a range to its atom
  for (const uint32_t i : covering) {
    const IndexSet& set = boxes[i][d];
    if (set.ranges().size() != 1) return false;
    const auto [found, is_new] = by_first.try_emplace(set.min(), atoms->size());
    if (!is_new) {
      Atom& atom = (*atoms)[found->second];
      if (atom.set.max() != set.max()) return false;
      atom.covering.push_back(i);
      continue;
    }
    const auto next = std::next(found);
    if (next != by_first.end() && next->first <= set.max()) return false;
    if (found != by_first.begin() && (*atoms)[std::prev(found)->second].set.max() >= set.min()) {
      return false;
    }
    atoms->push_back({set, {i}});
  }
  return true;
}

void CutAtoms(size_t d, std::span<const IndexBox> boxes, const std::vector<uint32_t>& covering,
              std::vector<Atom>* out) {
  std::vector<Atom>& atoms = *out;
  for (uint32_t i : covering) {
    IndexSet rest = boxes[i][d];
    size_t count = atoms.size();
    for (size_t a = 0; a < count && !rest.empty(); ++a) {
      IndexSet common = atoms[a].set.Intersect(rest);
      if (common.empty()) continue;
      IndexSet only_atom = atoms[a].set.Minus(common);
      if (!only_atom.empty()) atoms.push_back({std::move(only_atom), atoms[a].covering});
      rest = rest.Minus(common);
      atoms[a].set = std::move(common);
      atoms[a].covering.push_back(i);
    }
    if (!rest.empty()) atoms.push_back({std::move(rest), {i}});
  }
}

// Cuts the remaining dimensions, from `d` on, of the boxes `covering`, which all contain `prefix`.
// If they agree from here on, they need no further cuts.
void OverlayFrom(size_t d, std::span<const IndexBox> boxes, std::vector<uint32_t> covering,
                 IndexBox* prefix, std::vector<OverlayCell>* out) {
  const IndexBox& first = boxes[covering.front()];
  bool same = std::all_of(covering.begin(), covering.end(), [&](uint32_t i) {
    return std::equal(boxes[i].begin() + static_cast<std::ptrdiff_t>(d), boxes[i].end(),
                      first.begin() + static_cast<std::ptrdiff_t>(d));
  });
  if (same) {
    OverlayCell cell{*prefix, std::move(covering)};
    cell.box.insert(cell.box.end(), first.begin() + static_cast<std::ptrdiff_t>(d), first.end());
    out->push_back(std::move(cell));
    return;
  }
  std::vector<Atom> atoms;
  if (!SeparateAtoms(d, boxes, covering, &atoms)) {
    atoms.clear();
    CutAtoms(d, boxes, covering, &atoms);
  }
  for (Atom& atom : atoms) {
    prefix->push_back(std::move(atom.set));
    OverlayFrom(d + 1, boxes, std::move(atom.covering), prefix, out);
    prefix->pop_back();
  }
}

}  // namespace

std::vector<OverlayCell> Overlay(std::span<const IndexBox> boxes) {
  std::vector<OverlayCell> out;
  if (boxes.empty()) return out;
  std::vector<uint32_t> all(boxes.size());
  std::iota(all.begin(), all.end(), 0U);
  IndexBox prefix;
  OverlayFrom(0, boxes, std::move(all), &prefix, &out);
  return out;
}

}  // namespace wcheck
