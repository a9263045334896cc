#include "support/folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <stdio.h>  // NOLINT: renameat2 and its flag are not in <cstdio>
#include <sys/stat.h>

#include "support/file.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

Error FolderError(const std::string& path, std::string message, std::string advice) {
  return {{path, 0, 0, ""}, std::move(message), std::move(advice)};
}

Error CannotWrite(const std::string& path, int error, std::string advice = "") {
  return FolderError(path, std::string("cannot write: ") + std::strerror(error), std::move(advice));
}

}  // namespace

Result<NewFolder> NewFolder::Create(const std::string& path, std::string_view mark_file,
                                    std::string_view mark_text) {
  std::string target = path;
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  Result<std::string> resolved = ResolveOutput(target);
  if (!resolved) return resolved.error();
  target = *std::move(resolved);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) {
    if (!fs::is_directory(target, ignored)) {
      return FolderError(target, "found a file, expected a folder to write", "name another folder");
    }
    if (!fs::is_empty(target, ignored)) {
      const Result<std::string> mark = ReadFile(target + '/' + std::string(mark_file), kMaxJsonFile);
      if (!mark || mark->find(mark_text) == std::string::npos) {
        return FolderError(path, "the folder contains other files, which would be lost",
                           "name a new folder, or empty this one");
      }
    }
  }
  std::string temporary = target + ".XXXXXX";
  if (::mkdtemp(temporary.data()) == nullptr) {
    const int error = errno;
    return CannotWrite(path, error, error == ENOENT ? "create its parent folder first" : "");
  }
  // mkdtemp makes a private folder; give it the permissions that a new folder usually has. The only
  // way to read the umask is to set it.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::chmod(temporary.c_str(), 0777 & ~mask);
  return NewFolder(std::move(target), std::move(temporary));
}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, "")) {}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

Status NewFolder::Write(std::string_view name, std::string_view bytes) {
  return WriteFile(temporary_ + '/' + std::string(name), bytes);
}

Status NewFolder::Finish() {
  if (::rename(temporary_.c_str(), path_.c_str()) == 0) {
    temporary_.clear();
    return Unit{};
  }
  // A non-empty folder is exchanged with the new one atomically, and then removed.
  if (errno != ENOTEMPTY && errno != EEXIST) return CannotWrite(path_, errno);
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) != 0) {
    return CannotWrite(path_, errno);
  }
  return Unit{};
}

}  // namespace wcheck
