#include "pattern/search_budget.h"

#include <atomic>
#include <string>

#include "support/limits.h"

namespace wcheck {
namespace {

std::atomic<int> slow_searches{0};

}  // namespace

void StartSearchBudget() { slow_searches.store(0, std::memory_order_relaxed); }

bool CountSlowSearch() {
  // Not counted on and on: a hostile run may have more of them than an int can hold.
  if (slow_searches.load(std::memory_order_relaxed) > kMaxSlowSearches) return false;
  return slow_searches.fetch_add(1, std::memory_order_relaxed) < kMaxSlowSearches;
}

Status CheckSearchBudget() {
  if (slow_searches.load(std::memory_order_relaxed) <= kMaxSlowSearches) return Unit{};
  return Error{{},
               "the patterns of this mapping take too long: more than " +
                   std::to_string(kMaxSlowSearches) + " searches took more than " +
                   std::to_string(kSlowSearch) + " steps each",
               "simplify repeats inside of repeats, or next to each other; docs/limits.md lists the "
               "limits"};
}

}  // namespace wcheck
