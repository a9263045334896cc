#include "cli/progress.h"

#include "cli/output.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace wcheck::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{1000};  // work that is finished earlier shows no bar
constexpr milliseconds kPause{100};      // between two updates
constexpr size_t kBarWidth = 30;

bool StandardErrorMovesItsCursor() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb" && isatty(STDERR_FILENO) == 1 &&
         !Quiet();
}

size_t TerminalWidth(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written <= 0) return;  // a bar that cannot be drawn is not an error
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// To the start of the line, which is then erased.
constexpr std::string_view kErase = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar(size_t total, int fd, bool terminal, Clock clock)
    : total_(total),
      fd_(fd),
      terminal_(terminal),
      clock_(std::move(clock)),
      start_(clock_()),
      drawn_(start_) {}

ProgressBar::ProgressBar(size_t total)
    : ProgressBar(total, STDERR_FILENO, StandardErrorMovesItsCursor()) {}

ProgressBar::~ProgressBar() {
  if (shown_ > 0) WriteAll(fd_, kErase);
}

void ProgressBar::Show(size_t done) {
  if (!terminal_) return;
  const auto now = clock_();
  if (now - start_ < kPatience) return;
  // Another thread that arrives while one draws need not wait.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || done <= shown_ || (shown_ > 0 && now - drawn_ < kPause)) return;
  drawn_ = now;
  shown_ = done;
  Draw(done);
}

void ProgressBar::Draw(size_t done) {
  const size_t filled = total_ == 0 ? kBarWidth : kBarWidth * std::min(done, total_) / total_;
  std::string bar = std::to_string(done) + " of " + std::to_string(total_) + " classes [" +
                    std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + ']';
  // A line that wraps could not be erased.
  const size_t width = TerminalWidth(fd_);
  if (bar.size() >= width) bar.resize(width - 1);
  WriteAll(fd_, std::string(kErase) + bar);
}

}  // namespace wcheck::cli
