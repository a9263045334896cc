// Writes folders of pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wcheck/result.h"

#include "support/file.h"

namespace wcheck {

// A folder under construction. Its files are kept in a file without a name until Finish, so that
// nothing changes at the folder's path before, and nothing is left if the process ends.
class NewFolder {
 public:
  // The files that are written end in `suffix`, and their text contains `mark`. What is at `path`
  // must be nothing, an empty folder, or a folder that was written like this before: it has files
  // with this suffix, and each of them has the mark.
  static Result<NewFolder> Create(const std::string& path, std::string_view suffix,
                                  std::string_view mark);

  Status Write(const std::string& name, std::string_view bytes);
  // Writes each file whole, in the order in which they were given, and removes files with the
  // suffix that are not among them. What else is in the folder stays.
  Status Finish();

 private:
  struct File {
    std::string name;
    uint64_t offset = 0;
    size_t size = 0;
  };

  NewFolder(std::string path, std::vector<std::string> old, Scratch kept)
      : path_(std::move(path)), old_(std::move(old)), kept_(std::move(kept)) {}
  Status WriteFiles();

  std::string path_;
  std::vector<std::string> old_;  // names of the files that are replaced
  Scratch kept_;
  std::vector<File> files_;
  uint64_t used_ = 0;
};

}  // namespace wcheck
