// Whatever the bytes, the header reader ends, every tensor that it visits is inside the data, and
// every error names an offset in the file.
//
// The file has as many bytes of data after the input as its first tensors need, so that valid
// headers occur, too; the data itself is never read.
#include "checkpoint/safetensors.h"
#include "fuzz.h"

using wcheck::fuzz::Require;

namespace {

void ReadAs(std::string_view bytes, uint64_t file_size) {
  wcheck::Status status = wcheck::ReadSafetensorsHeader(
      bytes, file_size, "fuzz.safetensors", [&](const wcheck::SafetensorsTensor& tensor) {
        Require(tensor.offset < bytes.size());
        Require(!tensor.dtype.empty());
        for (int64_t size : tensor.shape) Require(size >= 0);
      });
  if (status) return;
  wcheck::fuzz::RequireError(status.error());
  Require(status.error().place.inside.starts_with("offset "));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes = wcheck::fuzz::Bytes(data, size);
  ReadAs(bytes, size);            // a file of this alone
  ReadAs(bytes, size + 4096);     // with some data
  ReadAs(bytes, UINT64_MAX / 2);  // a size that arithmetic must survive
  return 0;
}
