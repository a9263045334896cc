// Whatever the bytes, the reader of .wcheck.json (or, if they do not begin with a brace, of
// pyproject.toml) ends, and names no file outside of its folder.
#include <filesystem>

#include "project/configuration.h"
#include "support/file.h"

#include "fuzz.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const wcheck::fuzz::Folder kFolder("configuration");
  const std::string_view bytes = wcheck::fuzz::Bytes(data, size);
  const std::string json = kFolder.File(".wcheck.json");
  const std::string toml = kFolder.File("pyproject.toml");
  std::filesystem::remove(bytes.starts_with('{') ? toml : json);
  Require(wcheck::WriteFile(bytes.starts_with('{') ? json : toml, bytes).ok());
  const wcheck::Result<wcheck::Configuration> read = wcheck::FindConfiguration(kFolder.path());
  if (!read) {
    wcheck::fuzz::RequireError(read.error());
    return 0;
  }
  for (const std::string& path : {read->mapping.text, read->layouts.text, read->accepted}) {
    Require(path.empty() || wcheck::CheckBelow(path, kFolder.path()).ok());
  }
  return 0;
}
