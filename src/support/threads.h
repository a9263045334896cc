// Distributes work over threads.
#pragma once

#include <cstddef>
#include <functional>

#include "wcheck/result.h"

namespace wcheck {

// The number of threads for `items` items: `jobs`, or one per core if that is 0; never more than
// there are items, and at least one.
size_t ThreadCount(unsigned jobs, size_t items);

// Calls work(item, thread) for every item below `items`, on `threads` threads (numbered from 0);
// with one thread, on the caller's. After an error no new item is started; the error of the first
// failed item is returned. What `work` throws (no memory) is thrown here. If the system gives fewer
// threads, those do the work.
Status ForEachInThreads(size_t items, size_t threads,
                        const std::function<Status(size_t item, size_t thread)>& work);

}  // namespace wcheck
