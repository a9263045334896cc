// The bar on standard error that shows how far long work has come.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>

namespace wcheck::cli {

// "12 of 1,626 classes", drawn after a second and a few times per second from then on; it is
// removed at the end. Draws nothing if `terminal` is false.
class ProgressBar {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // Draws on the file descriptor `fd`.
  ProgressBar(
      size_t total, int fd, bool terminal,
      Clock clock = [] { return std::chrono::steady_clock::now(); });
  // On standard error, if that is a terminal that can move its cursor (TERM=dumb cannot).
  explicit ProgressBar(size_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Reports that `done` classes are finished. From any thread.
  void Show(size_t done);

 private:
  void Draw(size_t done);

  const size_t total_;
  const int fd_;
  const bool terminal_;
  const Clock clock_;
  const std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point drawn_;
  size_t shown_ = 0;
};

}  // namespace wcheck::cli
