// Whatever the bytes, decoding a binary registry ends; its result can be written, and points into
// its text.
#include "mapping/binary_codec.h"
#include "mapping/json/json_writer.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto kText =
      std::make_shared<wcheck::SourceFile>("registry.json", std::string(4096, ' '));
  wcheck::Result<wcheck::Registry> registry =
      wcheck::DecodeRegistry(wcheck::fuzz::Bytes(data, size), kText);
  if (registry) {
    wcheck::fuzz::Require(!wcheck::DumpRegistryJson(*registry, /*origins=*/true).empty());
  } else {
    wcheck::fuzz::RequireError(registry.error());
  }
  return 0;
}
