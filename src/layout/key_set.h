// The set of a model's (or a checkpoint's) keys, queried by families.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

class KeySet {
 public:
  // Keeps views into `families`, which must outlive it.
  explicit KeySet(std::span<const LayoutFamily> families);

  enum class Part : uint8_t { kNone, kAll, kSome };
  // Whether none, all or some of the names `pattern` with `numbers` (one set per hole) are in the
  // set. May return kSome instead of kAll; never returns kAll or kNone wrongly. Exact if every set
  // has one value.
  Part Has(std::string_view pattern, std::span<const IndexSet> numbers) const;
  bool Has(std::string_view key) const;

  // The families with this pattern, as indices.
  std::span<const uint32_t> FamiliesOf(std::string_view pattern) const;
  // The family that contains this one key, or null.
  const LayoutFamily* Find(std::string_view key) const;

  std::span<const LayoutFamily> families() const { return families_; }

 private:
  // A slot of an open-addressing hash table: the families of one pattern, as a range of grouped_.
  struct Slot {
    uint32_t hash = 0;
    uint32_t begin = 0;
    uint32_t end = 0;  // == begin for a free slot
  };

  std::span<const LayoutFamily> families_;
  std::vector<Slot> slots_;        // a power of two; at most half of them are used
  std::vector<uint32_t> grouped_;  // family indices, those of one pattern together, ascending
};

}  // namespace wcheck
