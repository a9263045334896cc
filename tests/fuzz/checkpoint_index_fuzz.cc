// Whatever the bytes, the reader of a sharded checkpoint's index ends.
#include <filesystem>

#include "checkpoint/checkpoint_files.h"
#include "support/file.h"

#include "fuzz.h"

namespace {

// A folder of this process with only the index; removed at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "checkpoint-XXXXXX").string();
    wcheck::fuzz::Require(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string index() const { return path_ + "/pytorch_model.bin.index.json"; }

 private:
  std::string path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Folder kFolder;
  const std::string path = kFolder.index();
  wcheck::fuzz::Require(wcheck::WriteFile(path, wcheck::fuzz::Bytes(data, size)).ok());
  wcheck::Result<wcheck::Checkpoint> checkpoint = wcheck::ReadCheckpoint({&path, 1});
  if (checkpoint) {
    wcheck::fuzz::RequireFamilies(checkpoint->families);
  } else {
    wcheck::fuzz::RequireError(checkpoint.error());
  }
  return 0;
}
