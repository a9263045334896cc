#include "layout/family_limits.h"

#include <algorithm>
#include <unordered_map>

#include "support/limits.h"

namespace wcheck {

Status CheckFamilyCount(std::span<const LayoutFamily> families, const Place& place) {
  if (families.size() <= kMaxFamiliesOfPattern) return Unit{};
  std::unordered_map<const char*, size_t> counts;
  for (const LayoutFamily& family : families) {
    if (++counts[family.pattern.data()] <= kMaxFamiliesOfPattern) continue;
    std::string pattern(family.pattern);
    std::replace(pattern.begin(), pattern.end(), kHole, '*');
    return Error{place,
                 "the numbers of the keys " + pattern + " have no order: they come to more than " +
                     std::to_string(kMaxFamiliesOfPattern) + " families",
                 "docs/limits.md lists the limits"};
  }
  return Unit{};
}

}  // namespace wcheck
