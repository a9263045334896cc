#include "support/file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/descriptor.h"

namespace wcheck {
namespace {

Error FileError(const std::string& path, const std::string& what, std::string advice = "") {
  return {{path, 0, 0, ""}, what, std::move(advice)};
}

Error ErrnoError(const std::string& path, const std::string& doing, int error) {
  return FileError(path, doing + ": " + std::strerror(error));
}

// Writes all of `bytes`; 0, or the errno.
int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

// A device or a pipe cannot be replaced by renaming: the bytes are written into it.
Status WriteInto(const std::string& path, std::string_view bytes) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) return ErrnoError(path, "cannot write", errno);
  if (int error = WriteAll(fd.get(), bytes)) return ErrnoError(path, "cannot write", error);
  return Unit{};
}

mode_t NewFileMode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, uint64_t limit) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    const int error = errno;
    return FileError(path, std::string("cannot read: ") + std::strerror(error),
                     error == ENOENT ? "check the file name" : "");
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return ErrnoError(path, "cannot read", errno);
  // open() succeeds for a directory, and read() would then fail with a less helpful message.
  if (S_ISDIR(info.st_mode)) {
    return FileError(path, "found a directory, expected a file", "name a file inside it");
  }

  // A pipe has no size, and a file may grow while it is read: the size is only a first guess.
  const uint64_t expected = info.st_size > 0 ? static_cast<uint64_t>(info.st_size) : 0;
  std::string bytes;
  size_t used = 0;
  // Reserve room for text that is appended later, such as the padding for a JSON reader.
  constexpr size_t kRoom = 256;
  if (expected <= limit) {
    bytes.reserve(static_cast<size_t>(expected) + kRoom);
    bytes.resize(static_cast<size_t>(expected) + 1);
  }
  while (expected <= limit) {
    if (used == bytes.size()) bytes.resize(bytes.size() * 2 + 4096);
    const ssize_t n = ::read(fd.get(), bytes.data() + used, bytes.size() - used);
    if (n < 0) {
      if (errno == EINTR) continue;
      return ErrnoError(path, "cannot read", errno);
    }
    if (n == 0) {
      bytes.resize(used);
      return bytes;
    }
    used += static_cast<size_t>(n);
    if (used > limit) break;
  }
  return FileError(path, "larger than the limit of " + std::to_string(limit) + " bytes");
}

// rename() replaces a file atomically: a reader sees the old or the new contents, never a part, and
// a crash leaves the old file.
Status WriteFile(const std::string& path, std::string_view bytes) {
  std::string target = path;
  mode_t mode = NewFileMode();
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) {
      return FileError(path, "found a directory, expected a file to write",
                       "name a file inside it");
    }
    if (!S_ISREG(info.st_mode)) return WriteInto(path, bytes);
    mode = info.st_mode & 07777;
    // Through a symbolic link, the file that it names is replaced, not the link.
    if (char* real = ::realpath(path.c_str(), nullptr)) {
      target = real;
      std::free(real);
    }
  }

  std::string temporary = target + ".XXXXXX";
  Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) {
    const int error = errno;
    return FileError(path, std::string("cannot write: ") + std::strerror(error),
                     error == ENOENT ? "create the folder first" : "");
  }
  int error = WriteAll(fd.get(), bytes);
  if (error == 0 && ::fchmod(fd.get(), mode) != 0) error = errno;
  if (fd.Close() != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return Unit{};
  ::unlink(temporary.c_str());
  return ErrnoError(path, "cannot write", error);
}

}  // namespace wcheck
