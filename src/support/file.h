// Reads and writes complete files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "wcheck/result.h"

#include "support/descriptor.h"
#include "support/limits.h"

namespace wcheck {

// The bytes of a regular file. Errors: missing, not readable, not a regular file (a directory, a
// pipe, a device: nothing is read from those, and nothing waits for them), larger than `limit`
// bytes.
Result<std::string> ReadFile(const std::string& path, uint64_t limit);

// The bytes of standard input, up to its end. An Error if there are more than `limit`.
Result<std::string> ReadStandardInput(uint64_t limit);

// As ReadFile; unpacks the file if its name ends in ".xz", to at most `unpacked_limit` bytes.
Result<std::string> ReadMaybeCompressed(const std::string& path, uint64_t limit,
                                        uint64_t unpacked_limit = kMaxUnpacked);

// The same for bytes at hand. `path` names them in errors.
Result<std::string> UnpackXz(const std::string& path, std::string_view packed, uint64_t limit);
// `text` as an .xz stream. The same text gives the same bytes.
std::string PackXz(std::string_view text);

// An Error if `path`, which an input named, leads out of `folder` once symbolic links are followed:
// a stranger's file must not choose what else is read. A missing file is no error here.
Status CheckBelow(const std::string& path, const std::string& folder);

// As ReadFile, for a file of a project, which its name alone makes an input: a relative path must
// not lead out of the working directory through a symbolic link.
Result<std::string> ReadProjectFile(const std::string& path, uint64_t limit);
Status CheckStaysInside(const std::string& path);

// Writes to a file without a name in the folder of `path`, and then names it, so that no incomplete
// file is left, whatever ends the process. (Where the file system has no files without a name, a
// process that is killed leaves one with the name of `path` and six letters.) A
// symbolic link is followed only to a file below the folder of the link; one that leads elsewhere
// is an Error, and so is a relative path that leads out of the working directory through a link.
Status WriteFile(const std::string& path, std::string_view bytes);

// Takes a part of a file. False once the file cannot be written: more parts are not needed.
using WritePart = std::function<bool(std::string_view)>;
// Gives the parts of a file to its argument, one after the other. An Error if it cannot.
using FileParts = std::function<Status(const WritePart&)>;
// As WriteFile, for bytes that should not be in memory all at once. An Error of `parts` is
// returned, and then nothing is written.
Status WriteFileInParts(const std::string& path, const FileParts& parts);

// A file without a name, to keep what is to be written later. It ends with the process.
class Scratch {
 public:
  // In the folder of the path `beside`, which errors name.
  static Result<Scratch> Create(const std::string& beside);
  Status Append(std::string_view bytes);
  // `size` bytes from `offset`, which were appended.
  Result<std::string> Read(uint64_t offset, size_t size) const;

 private:
  Scratch(std::string beside, int fd)
      : beside_(std::move(beside)), fd_(std::make_unique<Descriptor>(fd)) {}

  std::string beside_;
  std::unique_ptr<Descriptor> fd_;
};

// Where WriteFile writes: `path` with links resolved, or the Error.
Result<std::string> ResolveOutput(const std::string& path);

}  // namespace wcheck
