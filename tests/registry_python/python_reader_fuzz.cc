// libFuzzer target: whatever the bytes, the reader ends, and every place it names is in the file.
//
//   cmake -DWCHECK_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_C_COMPILER=clang-14 …
//   bin/python_reader_fuzz -max_total_time=60 CORPUS testdata/python
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "wcheck/registry/json_writer.h"
#include "wcheck/registry/python_reader.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto file = std::make_shared<wcheck::SourceFile>(
      "fuzz.py", std::string(reinterpret_cast<const char*>(data), size));
  wcheck::Result<wcheck::Registry> registry = wcheck::ReadPythonRegistry(file);
  if (!registry) {
    Require(!registry.error().message.empty());
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
