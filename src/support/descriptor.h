// A file descriptor that is closed by its destructor.
#pragma once

#include <utility>

#include <unistd.h>

namespace wcheck {

class Descriptor {
 public:
  // Takes the result of ::open; a negative number means no file, and get() returns it.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // Closes now and returns 0 on success: a full disk may only show up here.
  int Close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

}  // namespace wcheck
