// Work on many items by several threads.
#pragma once

#include <cstddef>
#include <functional>

#include "wcheck/result.h"

namespace wcheck {

// How many threads to use for `items` things: `jobs`, or one a core if that is 0; never more than
// there are things, and at least one.
size_t ThreadCount(unsigned jobs, size_t items);

// Calls work(item, thread) for every item below `items`, by `threads` threads (numbered from 0);
// with one, by the caller. After an error no new item is begun; the error of the first item that
// failed is returned.
Status ForEachInThreads(size_t items, size_t threads,
                        const std::function<Status(size_t item, size_t thread)>& work);

}  // namespace wcheck
