#include "analysis/incomplete.h"

namespace wcheck {

const Entry* FirstIncompleteEntry(const Plan& plan, const Registry& registry) {
  for (const Plan::Hit& hit : plan.hits) {
    const Entry* entry = registry.Find(hit.entry);
    if (entry != nullptr && entry->incomplete) return entry;
  }
  return nullptr;
}

}  // namespace wcheck
