// Repeated parts whose number differs from one outer part to the next: the layers in a ResNet's
// stages are 3, 4, 6 and 3. Such a count belongs to one outer number, not to the pattern.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "families/boxes.h"
#include "wcheck/layout.h"

namespace wcheck {

// A hole of a pattern, named by the text up to it: all patterns that share this text repeat
// together.
struct Hole {
  std::string_view part;  // the hole is its last character
  size_t index;
};
std::vector<Hole> HolesOf(std::string_view pattern);

class RaggedParts {
 public:
  // The ragged parts of a layout: numbers that run from 0, to different ends. An outer part that is
  // there more than kMaxOuter times does not count: models of that kind have a handful of stages.
  explicit RaggedParts(std::span<const LayoutFamily> families);
  static constexpr uint64_t kMaxOuter = 64;

  // Keys of a pattern with one outer number: "stages.2.layers.*.conv.weight".
  struct Slice {
    std::string pattern;                               // the outer numbers are written out
    IndexBox numbers;                                  // of the holes that are left
    std::vector<std::pair<size_t, uint32_t>> written;  // hole of the whole pattern, its number
  };
  // A family cut at the outer numbers of its ragged parts; nothing if it has none.
  std::vector<Slice> Cut(std::string_view pattern, std::span<const IndexSet> numbers) const;
  // The numbers of a slice as numbers of the whole pattern.
  static IndexBox Whole(const Slice& slice, IndexBox numbers);

 private:
  // By part ("stages.*.layers.*"), the outer holes on which its numbers depend.
  std::map<std::string, std::set<size_t>, std::less<>> outer_;
};

}  // namespace wcheck
