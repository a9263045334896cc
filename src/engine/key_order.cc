#include "engine/key_order.h"

#include <map>
#include <vector>

#include "families/boxes.h"
#include "families/natural_order.h"

namespace wcheck {

bool KeyLess(std::string_view a, std::string_view b, const EngineRules& rules) {
  return NaturalLess(a, b,
                     rules.key_order == EngineRules::KeyOrder::kTrailingDigits
                         ? WordOrder::kTrailingDigits
                         : WordOrder::kText);
}

bool CanSort(std::span<const LayoutFamily> families, const EngineRules& rules) {
  if (rules.key_order != EngineRules::KeyOrder::kNumbersOrWords) return true;
  // Keys that are alike up to some part are neighbours in any order: if the part is a number in one
  // of them and a word in another, some number must be compared with some word. A number of a
  // family may differ between its members, but is a number in all of them.
  struct Part {
    bool number;
    IndexBox before;  // the numbers of the parts before it
  };
  std::map<std::string_view, std::vector<Part>> parts_after;
  for (const LayoutFamily& family : families) {
    const std::string_view pattern = family.pattern;
    IndexBox before;
    for (size_t begin = 0; begin <= pattern.size();) {
      const size_t dot = std::min(pattern.find('.', begin), pattern.size());
      const std::string_view part = pattern.substr(begin, dot - begin);
      const bool hole = part == std::string_view(&kHole, 1);
      const bool number = hole || IsNumberPart(part);
      std::vector<Part>& others = parts_after[pattern.substr(0, begin)];
      for (const Part& other : others) {
        if (other.number != number && BoxesIntersect(other.before, before)) return false;
      }
      others.push_back({number, before});
      if (hole) before.push_back(family.numbers[before.size()]);
      begin = dot + 1;
    }
  }
  return true;
}

}  // namespace wcheck
