// Whatever the bytes, the reader of JSON registries ends. What it takes, it writes; that reads back
// as the same, and so does the binary form.
#include "fuzz.h"
#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "mapping/json/json_writer.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = wcheck::fuzz::File("fuzz.json", data, size);
  wcheck::Result<wcheck::Registry> registry = wcheck::ReadJsonRegistry(file);
  if (!registry) {
    wcheck::fuzz::RequireError(registry.error());
    return 0;
  }
  const std::string dump = wcheck::DumpRegistryJson(*registry, /*origins=*/false);
  auto again = wcheck::ReadJsonRegistry(std::make_shared<wcheck::SourceFile>("dump.json", dump));
  Require(again.ok() && wcheck::DumpRegistryJson(*again, false) == dump);
  auto decoded = wcheck::DecodeRegistry(wcheck::EncodeRegistry(*registry), file);
  Require(decoded.ok() &&
          wcheck::DumpRegistryJson(*decoded, true) == wcheck::DumpRegistryJson(*registry, true));
  return 0;
}
