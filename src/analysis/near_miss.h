// What a name that fits nothing was probably meant to be: the names of keys that differ from it by
// little.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

// What a pattern could be instead, and how many keys it would then match.
struct NearMiss {
  std::string name;
  uint64_t keys = 0;
};

// The name nearest to the one that a source or target stands for, if `families` have none like it:
// one in which a letter or two of a part differ, or a part too many or too few. Nothing for a
// pattern that is more than a name with numbers and references, and where several names are equally
// near.
std::optional<NearMiss> NearestName(std::string_view pattern,
                                    std::span<const LayoutFamily> families);

// As NearestName, for many questions about the same families: their words are read once. Keeps
// references to the families.
class NameTable {
 public:
  explicit NameTable(std::span<const LayoutFamily> families);

  std::optional<NearMiss> Nearest(std::string_view pattern) const;

 private:
  std::vector<std::string_view> words_;  // the different parts of all names
  std::vector<uint32_t> parts_;          // the parts of one name after another, by their words
  struct Entry {
    uint32_t begin = 0;  // in parts_
    uint32_t count = 0;
    uint64_t keys = 0;
  };
  std::vector<Entry> entries_;
};

// What of one name would have to be written otherwise for it to be another: its parts `from` would
// become `to`. Either may be empty, but not both.
struct PathDifference {
  std::string from;  // "text_model"
  std::string to;    // "", or "language_model"
  bool front = false;  // nothing stands before them

  friend auto operator<=>(const PathDifference&, const PathDifference&) = default;
};
struct NamedFamily {
  std::string_view pattern;
  std::span<const IndexSet> numbers;
};
// A difference, and how many keys it would make others.
struct SharedDifference {
  PathDifference difference;
  uint64_t keys = 0;
};
// The difference by which most keys of `have` are keys of `wanted`.
std::optional<SharedDifference> NearestPaths(std::span<const NamedFamily> wanted,
                                             std::span<const NamedFamily> have);

// What would make keys that are there those that are wanted: "taking `text_model.` off the front of
// their names would fill 37 keys of the model".
std::string HowToFill(const SharedDifference& shared);

// "did you mean `.mlp.gate.weight` (45 keys)?"
std::string DidYouMean(const NearMiss& near);

}  // namespace wcheck
