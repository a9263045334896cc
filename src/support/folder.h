// Folders: written whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck {

// A folder in the making. Files are written to a temporary folder beside its place, which Finish
// moves there; until then nothing is to be seen under `path`, and whatever was there stays.
class NewFolder {
 public:
  // `path` may not be there, or is an empty folder, or one whose file `mark_file` contains
  // `mark_text`: a folder of the same kind, which is replaced.
  static Result<NewFolder> Create(const std::string& path, std::string_view mark_file,
                                  std::string_view mark_text);
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;
  // Takes away what has been written, unless Finish succeeded.
  ~NewFolder();

  Status Write(std::string_view name, std::string_view bytes);
  Status Finish();

 private:
  NewFolder(std::string path, std::string temporary)
      : path_(std::move(path)), temporary_(std::move(temporary)) {}

  std::string path_;
  std::string temporary_;  // empty when there is nothing left to take away
};

}  // namespace wcheck
