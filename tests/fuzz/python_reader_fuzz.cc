// Whatever the bytes, the reader of Python source ends, and every place it names is in the file.
#include "fuzz.h"
#include "mapping/json/json_writer.h"
#include "mapping/python/python_reader.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wcheck::Result<wcheck::Registry> registry =
      wcheck::ReadPythonRegistry(wcheck::fuzz::File("fuzz.py", data, size));
  if (!registry) {
    wcheck::fuzz::RequireError(registry.error());
    return 0;
  }
  auto inside = [&](const wcheck::SourceRange& range) {
    Require(range.file == nullptr || (range.begin <= range.end && range.end <= size));
  };
  for (const auto& [name, entry] : registry->entries) {
    inside(entry.where);
    for (const wcheck::TransformSpec& spec : entry.transforms) {
      inside(spec.origin->call);
      for (const auto& range : spec.origin->sources) inside(range);
      for (const auto& range : spec.origin->targets) inside(range);
      for (const auto& step : spec.origin->provenance) inside(step.where);
    }
  }
  for (const wcheck::ReaderRemark& remark : registry->remarks) {
    inside(remark.where);
    Require(!remark.message.empty());
  }
  wcheck::DumpRegistryJson(*registry, true);
  return 0;
}
