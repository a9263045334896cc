#include "support/file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/descriptor.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

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

// The contents of a file to write. Remembers the error of who gives them.
class Contents {
 public:
  explicit Contents(const FileParts& parts) : parts_(parts) {}

  // 0, or the errno; ECANCELED if the contents could not be given.
  int WriteTo(int fd) {
    int error = 0;
    given_ = parts_([&](std::string_view bytes) {
      if (error == 0) error = WriteAll(fd, bytes);
      return error == 0;
    });
    return error == 0 && !given_ ? ECANCELED : error;
  }
  const Status& given() const { return given_; }

 private:
  const FileParts& parts_;
  Status given_ = Unit{};
};

// A device or a pipe cannot be replaced by renaming: the bytes are written into it.
int WriteInto(const std::string& path, Contents* contents) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return fd.get() < 0 ? errno : contents->WriteTo(fd.get());
}

// "a directory", "a named pipe", … for messages.
const char* KindOfFile(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something that is no file";
}

// Paths without links and "..", or the path itself as far as it does not exist.
fs::path Real(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  fs::path real = fs::weakly_canonical(absolute, error);
  return error ? absolute : real;
}

bool IsBelow(const fs::path& real, const fs::path& real_folder) {
  const fs::path inside = real.lexically_relative(real_folder);
  return !inside.empty() && *inside.begin() != "..";
}

// A relative path that stays in the working directory as far as its text goes.
bool NamesInside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return !normal.empty() && normal.is_relative() && *normal.begin() != "..";
}

Error LeadsOut(const std::string& path, const fs::path& real, const std::string& what) {
  return FileError(path,
                   "it leads out of " + what + " through a symbolic link, to " + real.string(),
                   "name the file that is meant, or remove the link");
}

mode_t NewFileMode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, uint64_t limit) {
  // Without O_NONBLOCK, opening a pipe waits for somebody who writes into it.
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    const int error = errno;
    return FileError(path, std::string("cannot read: ") + std::strerror(error),
                     error == ENOENT ? "check the file name" : "");
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return ErrnoError(path, "cannot read", errno);
  if (!S_ISREG(info.st_mode)) {
    return FileError(path, std::string("found ") + KindOfFile(info.st_mode) + ", expected a file",
                     S_ISDIR(info.st_mode) ? "name a file inside it" : "");
  }

  // A file under /proc has no size, and a file may grow while it is read: the size is only a first
  // guess.
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
  return FileError(path, "larger than the limit of " + std::to_string(limit) + " bytes",
                   "docs/limits.md lists the limits");
}

Result<std::string> ReadStandardInput(uint64_t limit) {
  std::string bytes;
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError("<standard input>", "cannot read", errno);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(n));
    if (bytes.size() > limit) {
      return FileError("<standard input>",
                       "larger than the limit of " + std::to_string(limit) + " bytes",
                       "docs/limits.md lists the limits");
    }
  }
}

Status CheckBelow(const std::string& path, const std::string& folder) {
  const fs::path real_folder = Real(folder.empty() ? "." : folder);
  const fs::path real = Real(path);
  if (IsBelow(real, real_folder)) return Unit{};
  return FileError(path,
                   "it is outside of " + real_folder.string() + ", the folder of what names it",
                   "only files below that folder are read");
}

Status CheckStaysInside(const std::string& path) {
  if (!NamesInside(path)) return Unit{};
  const fs::path real = Real(path);
  if (IsBelow(real, Real("."))) return Unit{};
  return LeadsOut(path, real, "the working directory");
}

Result<std::string> ReadProjectFile(const std::string& path, uint64_t limit) {
  if (Status inside = CheckStaysInside(path); !inside) return inside.error();
  return ReadFile(path, limit);
}

Result<std::string> ResolveOutput(const std::string& path) {
  const bool inside = NamesInside(path);
  const fs::path folder =
      Real(fs::path(path).parent_path().empty() ? fs::path(".") : fs::path(path).parent_path());
  if (inside && !IsBelow(folder, Real("."))) return LeadsOut(path, folder, "the working directory");
  std::error_code ignored;
  if (!fs::is_symlink(fs::symlink_status(path, ignored))) return path;
  // /dev/stdout and /dev/fd/3 are links, which nobody's files can replace.
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return path;
  const fs::path real = Real(path);
  if (fs::is_symlink(fs::symlink_status(real, ignored)) || !fs::exists(real, ignored)) {
    return FileError(path, "found a symbolic link to nothing, expected a file to write",
                     "remove the link");
  }
  if (IsBelow(real, inside ? Real(".") : folder)) return real.string();
  return LeadsOut(path, real, inside ? "the working directory" : "its folder");
}

namespace {

// A file without a name in the folder of `target`, of which nothing is left if the process is
// killed; -1 where the file system has none, or where there is no /proc to name it by.
int OpenUnnamed(const std::string& target) {
  if (::access("/proc/self/fd", X_OK) != 0) return -1;
  const std::string folder = fs::path(target).parent_path().string();
  return ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

// Gives a file without a name that of `target`. If there is a file of that name it gets another one
// first, and is renamed. Returns errno, or 0.
int NameFile(int fd, const std::string& target) {
  const std::string self = "/proc/self/fd/" + std::to_string(fd);
  const auto link_to = [&](const std::string& name) {
    const int linked = ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    return linked == 0 ? 0 : errno;
  };
  int error = link_to(target);
  for (int i = 0; error == EEXIST && i < 100; ++i) {
    const std::string name = target + '.' + std::to_string(::getpid()) + '-' + std::to_string(i);
    error = link_to(name);
    if (error != 0 || ::rename(name.c_str(), target.c_str()) == 0) continue;
    error = errno;
    ::unlink(name.c_str());
    break;
  }
  return error;
}

// Writes through a file with a name, which has to be removed if anything fails.
int WriteNamed(const std::string& target, Contents* contents, mode_t mode) {
  std::string temporary = target + ".XXXXXX";
  Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return errno;
  int error = contents->WriteTo(fd.get());
  if (error == 0 && ::fchmod(fd.get(), mode) != 0) error = errno;
  if (fd.Close() != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

int WriteUnnamed(int fd, const std::string& target, Contents* contents, mode_t mode) {
  const int error = contents->WriteTo(fd);
  if (error != 0) return error;
  return ::fchmod(fd, mode) != 0 ? errno : NameFile(fd, target);
}

}  // namespace

// A name is given to a file, or moved to it, at once: a reader sees the old or the new contents,
// never a part, and a crash leaves the old file.
Status WriteFileInParts(const std::string& path, const FileParts& parts) {
  const Result<std::string> resolved = ResolveOutput(path);
  if (!resolved) return resolved.error();
  const std::string& target = *resolved;
  mode_t mode = NewFileMode();
  Contents contents(parts);
  int error = 0;
  struct stat info {};
  const bool exists = ::stat(target.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    return FileError(path, "found a directory, expected a file to write", "name a file inside it");
  }
  if (exists && !S_ISREG(info.st_mode)) {
    error = WriteInto(target, &contents);
  } else {
    if (exists) mode = info.st_mode & 07777;
    Descriptor unnamed(OpenUnnamed(target));
    error = unnamed.get() >= 0 ? WriteUnnamed(unnamed.get(), target, &contents, mode)
                               : WriteNamed(target, &contents, mode);
  }
  if (error == 0) return Unit{};
  if (error == ECANCELED && !contents.given()) return contents.given();
  if (error == ENOENT) {
    return FileError(path, std::string("cannot write: ") + std::strerror(error),
                     "create the folder first");
  }
  return ErrnoError(path, "cannot write", error);
}

Status WriteFile(const std::string& path, std::string_view bytes) {
  return WriteFileInParts(path, [&](const WritePart& write) {
    write(bytes);
    return Status(Unit{});
  });
}

Result<Scratch> Scratch::Create(const std::string& beside) {
  int fd = OpenUnnamed(beside);
  if (fd < 0) {
    std::string name = beside + ".XXXXXX";
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0) return ErrnoError(beside, "cannot write", errno);
    ::unlink(name.c_str());
  }
  return Scratch(beside, fd);
}

Status Scratch::Append(std::string_view bytes) {
  if (const int error = WriteAll(fd_->get(), bytes))
    return ErrnoError(beside_, "cannot write", error);
  return Unit{};
}

Result<std::string> Scratch::Read(uint64_t offset, size_t size) const {
  std::string bytes(size, '\0');
  for (size_t used = 0; used < size;) {
    const ssize_t n =
        ::pread(fd_->get(), bytes.data() + used, size - used, static_cast<off_t>(offset + used));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return ErrnoError(beside_, "cannot read", n < 0 ? errno : EIO);
    used += static_cast<size_t>(n);
  }
  return bytes;
}

}  // namespace wcheck
