// Whatever the bytes, the reader of .wcheck.json ends, and names no file outside of its folder.
#include <filesystem>

#include "project/configuration.h"
#include "support/file.h"

#include "fuzz.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const wcheck::fuzz::Folder kFolder;
  const std::string path = kFolder.File(".wcheck.json");
  Require(wcheck::WriteFile(path, wcheck::fuzz::Bytes(data, size)).ok());
  wcheck::JudgeOptions options;
  std::string baseline;
  const wcheck::Status read = wcheck::ReadConfiguration(path, &options, &baseline);
  if (!read) {
    wcheck::fuzz::RequireError(read.error());
  } else if (!baseline.empty()) {
    Require(wcheck::CheckBelow(baseline, kFolder.path()).ok());
  }
  return 0;
}
