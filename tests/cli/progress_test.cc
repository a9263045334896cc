// The bar on standard error: on a terminal, after a second, and gone at the end.
#include "cli/progress.h"

#include <chrono>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace wcheck::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What was written to a pipe.
class Screen {
 public:
  Screen() {
    EXPECT_EQ(pipe(ends_), 0);
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Screen() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int fd() const { return ends_[1]; }
  std::string Take() const {
    char buffer[4096];
    const ssize_t got = read(ends_[0], buffer, sizeof buffer);
    return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : "";
  }

 private:
  int ends_[2] = {-1, -1};
};

class ProgressBarTest : public testing::Test {
 protected:
  ProgressBar::Clock clock() {
    return [this] { return now_; };
  }
  void Pass(int ms) { now_ += milliseconds(ms); }

  Screen screen_;
  steady_clock::time_point now_;
};

TEST_F(ProgressBarTest, ShowsNothingOfQuickWork) {
  {
    ProgressBar bar(10, screen_.fd(), true, clock());
    Pass(900);
    bar.Show(10);
  }
  EXPECT_EQ(screen_.Take(), "");
}

TEST_F(ProgressBarTest, ShowsLongWorkAndTakesItAway) {
  {
    ProgressBar bar(200, screen_.fd(), true, clock());
    Pass(1000);
    bar.Show(100);
    EXPECT_EQ(screen_.Take(), "\r\x1b[K100 of 200 classes [###############               ]");
    // Not more often than people can see, and never backwards.
    Pass(50);
    bar.Show(101);
    Pass(50);
    bar.Show(99);
    EXPECT_EQ(screen_.Take(), "");
    bar.Show(200);
    EXPECT_EQ(screen_.Take(), "\r\x1b[K200 of 200 classes [##############################]");
  }
  EXPECT_EQ(screen_.Take(), "\r\x1b[K");
}

TEST_F(ProgressBarTest, ShowsNothingElsewhere) {
  {
    ProgressBar bar(10, screen_.fd(), false, clock());
    Pass(5000);
    bar.Show(5);
  }
  EXPECT_EQ(screen_.Take(), "");
}

}  // namespace
}  // namespace wcheck::cli
