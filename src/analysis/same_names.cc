#include "analysis/same_names.h"

#include <cstdint>
#include <vector>

namespace wcheck {

bool SameNames(const Name& a, const Name& b, std::span<const IndexSet> members) {
  if (a == b) return true;
  // A name is text and numbers of the member: alike for the first and the last, alike for all.
  std::vector<uint32_t> first;
  std::vector<uint32_t> last;
  for (const IndexSet& set : members) {
    first.push_back(set.min());
    last.push_back(set.max());
  }
  return a.Of(first) == b.Of(first) && a.Of(last) == b.Of(last);
}

}  // namespace wcheck
