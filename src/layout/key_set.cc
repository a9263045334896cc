// A hash table from key patterns to the families with that pattern. A query looks up the pattern of
// a name once, then compares number sets, so it never expands a family.
#include "layout/key_set.h"

#include <bit>

#include "layout/pattern_index.h"

namespace wcheck {

// Two passes: the first counts the families of each pattern, the second places them, so that the
// families of one pattern are adjacent and no slot needs a vector of its own.
KeySet::KeySet(std::span<const LayoutFamily> families) : families_(families) {
  size_t size = std::bit_ceil(2 * families.size() + 1);
  slots_.resize(size);
  grouped_.resize(families.size());
  // The slot of each family. At first a slot counts its families; then it holds the index of the
  // first one in `begin`.
  std::vector<uint32_t> slot_of(families.size());
  for (uint32_t f = 0; f < families.size(); ++f) {
    uint32_t hash = HashOfPattern(families[f].pattern);
    size_t i = hash & (size - 1);
    while (slots_[i].end != 0 &&
           (slots_[i].hash != hash || families[slots_[i].begin].pattern != families[f].pattern)) {
      i = (i + 1) & (size - 1);
    }
    if (slots_[i].end == 0) slots_[i] = {hash, f, 0};
    ++slots_[i].end;
    slot_of[f] = static_cast<uint32_t>(i);
  }
  uint32_t next = 0;
  for (Slot& slot : slots_) {
    uint32_t count = slot.end;
    if (count == 0) continue;
    slot.begin = slot.end = next;  // `end` advances as families are added
    next += count;
  }
  for (uint32_t f = 0; f < families.size(); ++f) grouped_[slots_[slot_of[f]].end++] = f;
}

KeySet::Part KeySet::Has(std::string_view pattern, std::span<const IndexSet> numbers) const {
  bool some = false;
  for (uint32_t f : FamiliesOf(pattern)) {
    std::span<const IndexSet> held = families_[f].numbers;
    if (held.data() == numbers.data()) return Part::kAll;  // the very same sets
    bool all = true;
    bool touches = true;
    for (size_t i = 0; i < numbers.size() && touches; ++i) {
      if (held[i].Contains(numbers[i])) continue;
      all = false;
      touches = held[i].Intersects(numbers[i]);
    }
    if (!touches) continue;
    if (all) return Part::kAll;
    some = true;
  }
  return some ? Part::kSome : Part::kNone;
}

bool KeySet::Has(std::string_view key) const { return Find(key) != nullptr; }

std::span<const uint32_t> KeySet::FamiliesOf(std::string_view pattern) const {
  uint32_t hash = HashOfPattern(pattern);
  for (size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[i];
    if (slot.begin == slot.end) return {};
    if (slot.hash == hash && families_[grouped_[slot.begin]].pattern == pattern) {
      return std::span(grouped_).subspan(slot.begin, slot.end - slot.begin);
    }
  }
}

const LayoutFamily* KeySet::Find(std::string_view key) const {
  SplitKey split = SplitNumbers(key);
  for (uint32_t f : FamiliesOf(split.pattern)) {
    const LayoutFamily& family = families_[f];
    bool in = true;
    for (size_t i = 0; i < split.numbers.size() && in; ++i) {
      in = family.numbers[i].Contains(split.numbers[i]);
    }
    if (in) return &family;
  }
  return nullptr;
}

}  // namespace wcheck
