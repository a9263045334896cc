#include "wcheck/engine/key_set.h"

namespace wcheck {

KeySet::KeySet(std::span<const LayoutFamily> families) : families_(families) {
  by_pattern_.reserve(families.size());
  for (uint32_t i = 0; i < families.size(); ++i) {
    by_pattern_[families[i].pattern].push_back(i);
  }
}

KeySet::Part KeySet::Has(std::string_view pattern, std::span<const IndexSet> numbers) const {
  bool some = false;
  for (uint32_t f : FamiliesOf(pattern)) {
    std::span<const IndexSet> held = families_[f].numbers;
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
  auto found = by_pattern_.find(pattern);
  if (found == by_pattern_.end()) return {};
  return found->second;
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
