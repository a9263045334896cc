// Repeated parts whose number differs from one outer part to the next: the stages of a ResNet have
// 3, 4, 6 and 3 layers. Such a count belongs to one outer number, not to the pattern.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wcheck/layout.h"

#include "families/boxes.h"

namespace wcheck {

// A hole of a pattern, identified by the text up to it: all patterns that share this text repeat
// together.
struct Hole {
  std::string_view part;  // the hole is its last character
  size_t index;
};
std::vector<Hole> HolesOf(std::string_view pattern);

class RaggedParts {
 public:
  // The ragged parts of a layout: numbers that run from 0, to different ends. An outer part with
  // more than kMaxOuter instances does not count: models of that kind have a handful of stages.
  explicit RaggedParts(std::span<const LayoutFamily> families);
  static constexpr uint64_t kMaxOuter = 64;

  // Keys of a pattern with one outer number: "stages.2.layers.*.conv.weight".
  struct Slice {
    std::string pattern;                               // the outer numbers are filled in
    IndexBox numbers;                                  // of the remaining holes
    std::vector<std::pair<size_t, uint32_t>> written;  // hole of the whole pattern, its number
  };
  // A family cut at the outer numbers of its ragged parts; nothing if it has none.
  std::vector<Slice> Cut(std::string_view pattern, std::span<const IndexSet> numbers) const;
  // The numbers of a slice as numbers of the complete pattern.
  static IndexBox Whole(const Slice& slice, IndexBox numbers);

 private:
  // By part ("stages.*.layers.*"), the outer holes on which its numbers depend.
  std::map<std::string, std::set<size_t>, std::less<>> outer_;
};

}  // namespace wcheck
