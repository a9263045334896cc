#include "support/folder.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include <sys/stat.h>

namespace wcheck {
namespace {

namespace fs = std::filesystem;

Error FolderError(const std::string& path, std::string message, std::string advice = "") {
  return {{path, 0, 0, ""}, std::move(message), std::move(advice)};
}

// The files of a folder that was written before; an Error if it has others.
Result<std::vector<std::string>> OldFiles(const std::string& folder, std::string_view suffix,
                                          std::string_view mark) {
  std::vector<std::string> old;
  bool empty = true;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    empty = false;
    const std::string name = it->path().filename().string();
    if (!name.ends_with(suffix)) continue;
    const Result<std::string> text = ReadFile(it->path().string(), kMaxJsonFile);
    if (!text || text->find(mark) == std::string::npos) {
      old.clear();
      break;
    }
    old.push_back(name);
  }
  if (error) return FolderError(folder, "cannot read: " + error.message());
  if (empty || !old.empty()) return old;
  return FolderError(folder, "the folder contains other files, which would be lost",
                     "name a new folder, or empty this one");
}

}  // namespace

Result<NewFolder> NewFolder::Create(const std::string& path, std::string_view suffix,
                                    std::string_view mark) {
  std::string target = path;
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  Result<std::string> resolved = ResolveOutput(target);
  if (!resolved) return resolved.error();
  target = *std::move(resolved);
  std::error_code ignored;
  std::vector<std::string> old;
  if (fs::exists(fs::symlink_status(target, ignored))) {
    if (!fs::is_directory(target, ignored)) {
      return FolderError(target, "found a file, expected a folder to write", "name another folder");
    }
    Result<std::vector<std::string>> found = OldFiles(target, suffix, mark);
    if (!found) return found.error();
    old = *std::move(found);
  } else if (const fs::path parent = fs::path(target).parent_path();
             !parent.empty() && !fs::exists(parent, ignored)) {
    return FolderError(path, std::string("cannot write: ") + std::strerror(ENOENT),
                       "create its parent folder first");
  }
  Result<Scratch> kept = Scratch::Create(target);
  if (!kept) return kept.error();
  return NewFolder(std::move(target), std::move(old), *std::move(kept));
}

Status NewFolder::Write(const std::string& name, std::string_view bytes) {
  if (Status kept = kept_.Append(bytes); !kept) return kept;
  files_.push_back({name, used_, bytes.size()});
  used_ += bytes.size();
  return Unit{};
}

Status NewFolder::WriteFiles() {
  for (const File& file : files_) {
    const Result<std::string> bytes = kept_.Read(file.offset, file.size);
    if (!bytes) return bytes.error();
    if (Status written = WriteFile(path_ + '/' + file.name, *bytes); !written) return written;
  }
  return Unit{};
}

Status NewFolder::Finish() {
  const bool made = ::mkdir(path_.c_str(), 0777) == 0;
  if (!made && errno != EEXIST) {
    return FolderError(path_, std::string("cannot write: ") + std::strerror(errno));
  }
  std::error_code ignored;
  if (Status written = WriteFiles(); !written) {
    if (made) fs::remove_all(path_, ignored);
    return written;
  }
  std::set<std::string> names;
  for (const File& file : files_) names.insert(file.name);
  for (const std::string& name : old_) {
    if (!names.contains(name)) fs::remove(path_ + '/' + name, ignored);
  }
  return Unit{};
}

}  // namespace wcheck
