// Whatever the bytes, the reader of a sharded checkpoint's index ends.
#include "checkpoint/checkpoint_files.h"
#include "support/file.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const wcheck::fuzz::Folder kFolder("checkpoint_index");
  const std::string path = kFolder.File("pytorch_model.bin.index.json");
  wcheck::fuzz::Require(wcheck::WriteFile(path, wcheck::fuzz::Bytes(data, size)).ok());
  wcheck::Result<wcheck::Checkpoint> checkpoint = wcheck::ReadCheckpoint({&path, 1});
  if (checkpoint) {
    wcheck::fuzz::RequireFamilies(checkpoint->families);
  } else {
    wcheck::fuzz::RequireError(checkpoint.error());
  }
  return 0;
}
