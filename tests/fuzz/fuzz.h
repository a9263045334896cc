// What the fuzz targets share.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "wcheck/layout.h"
#include "wcheck/source_file.h"

namespace wcheck::fuzz {

// Stops the run with the caller's place, which the summary of a found input does not have.
inline void Require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: a required property does not hold\n", file, line);
  std::abort();
}

inline std::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::shared_ptr<const SourceFile> File(std::string path, const uint8_t* data, size_t size) {
  return std::make_shared<SourceFile>(std::move(path), std::string(Bytes(data, size)));
}

// An empty folder of this process, removed at the end. Its path is the same in every run, as libFuzzer puts what the
// target compares into its inputs; so two runs of one target at once on a machine are refused.
class Folder {
 public:
  explicit Folder(std::string_view target)
      : path_("/tmp/wcheck-fuzz-" + std::string(target)),
        lock_(::open((path_ + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    Require(lock_ >= 0 && ::flock(lock_, LOCK_EX | LOCK_NB) == 0);
    std::filesystem::remove_all(path_);
    Require(std::filesystem::create_directory(path_));
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::filesystem::remove_all(path_);
    ::close(lock_);
  }
  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const { return path_ + '/' + std::string(name); }

 private:
  std::string path_;
  int lock_;
};

// An error has a message.
inline void RequireError(const Error& error) { Require(!error.message.empty()); }

// Looks at every byte that the families refer to.
inline void RequireFamilies(const std::vector<LayoutFamily>& families) {
  uint64_t sum = 0;
  for (const LayoutFamily& family : families) {
    Require(family.size() > 0);
    for (char c : family.pattern) sum += static_cast<unsigned char>(c);
    for (char c : family.dtype) sum += static_cast<unsigned char>(c);
    for (int64_t size : family.shape) sum += static_cast<uint64_t>(size);
  }
  [[maybe_unused]] volatile uint64_t seen = sum;
}

}  // namespace wcheck::fuzz
