#include "support/threads.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace wcheck {

size_t ThreadCount(unsigned jobs, size_t items) {
  const size_t wanted = jobs != 0 ? jobs : std::thread::hardware_concurrency();
  return std::max<size_t>(1, std::min(wanted, items));
}

// Threads take the next item from a shared counter, so slow items do not hold up a fixed share of
// the others. After an error the items that have started still finish; of their errors, that of the
// first item is returned, so the result does not depend on timing.
Status ForEachInThreads(size_t items, size_t threads,
                        const std::function<Status(size_t item, size_t thread)>& work) {
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::optional<std::pair<size_t, Error>> first;  // by item, so that the result does not depend on
                                                  // the threads
  const auto run = [&](size_t thread) {
    for (size_t i = next++; i < items && !failed; i = next++) {
      if (Status status = work(i, thread); !status) {
        std::lock_guard lock(mutex);
        if (!first || i < first->first) first.emplace(i, status.error());
        failed = true;
      }
    }
  };
  if (threads == 1) {
    run(0);
  } else {
    std::vector<std::thread> running;
    running.reserve(threads);
    for (size_t t = 0; t < threads; ++t) running.emplace_back(run, t);
    for (std::thread& thread : running) thread.join();
  }
  if (first) return std::move(first->second);
  return Unit{};
}

}  // namespace wcheck
