// How much time the patterns of one run may take. A single search that takes too long is given up; this
// bounds their number, since a hostile mapping has thousands of keys to search.
#pragma once

#include "wcheck/result.h"

namespace wcheck {

// Begins a run: what earlier runs of this process took does not count.
void StartSearchBudget();

// Counts a search that takes more than kSlowSearch steps. False once there are more of them than
// kMaxSlowSearches: the search is to be given up.
bool CountSlowSearch();

// An Error if searches of this run were given up for that reason. Which ones depends on the threads,
// so that the run must not have another result.
Status CheckSearchBudget();

}  // namespace wcheck
