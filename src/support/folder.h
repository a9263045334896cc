// Writes folders completely or not at all.
#pragma once

#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck {

// A folder under construction. Files are written to a temporary folder beside the target, which
// Finish moves there. Until then nothing changes at `path`.
class NewFolder {
 public:
  // `path` must not exist, or be an empty folder, or be a folder of the same kind, whose file
  // `mark_file` contains `mark_text`; that one is replaced.
  static Result<NewFolder> Create(const std::string& path, std::string_view mark_file,
                                  std::string_view mark_text);
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;
  // Removes everything written, unless Finish succeeded.
  ~NewFolder();

  Status Write(std::string_view name, std::string_view bytes);
  Status Finish();

 private:
  NewFolder(std::string path, std::string temporary)
      : path_(std::move(path)), temporary_(std::move(temporary)) {}

  std::string path_;
  std::string temporary_;  // empty if nothing is left to remove
};

}  // namespace wcheck
