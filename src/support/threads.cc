#include "support/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
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
  std::exception_ptr thrown;
  const auto run = [&](size_t thread) {
    try {
      for (size_t i = next++; i < items && !failed; i = next++) {
        if (Status status = work(i, thread); !status) {
          std::lock_guard lock(mutex);
          if (!first || i < first->first) first.emplace(i, status.error());
          failed = true;
        }
      }
    } catch (...) {
      std::lock_guard lock(mutex);
      thrown = std::current_exception();
      failed = true;
    }
  };
  if (threads == 1) {
    run(0);
  } else {
    std::vector<std::thread> running;
    running.reserve(threads);
    try {
      for (size_t t = 1; t < threads; ++t) running.emplace_back(run, t);
    } catch (const std::system_error&) {
      // There are no more threads to have.
    }
    run(0);
    for (std::thread& thread : running) thread.join();
  }
  if (thrown) std::rethrow_exception(thrown);
  if (first) return std::move(first->second);
  return Unit{};
}

}  // namespace wcheck
