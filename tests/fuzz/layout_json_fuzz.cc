// Whatever the bytes, the reader of a layout (one line of a .jsonl file) ends.
#include "layout/json_reader.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = wcheck::fuzz::File("fuzz.jsonl", data, size);
  wcheck::Result<wcheck::json::Value> value = wcheck::json::Parse(*file);
  if (!value) {
    wcheck::fuzz::RequireError(value.error());
    return 0;
  }
  wcheck::Result<wcheck::Layout> layout = wcheck::ReadLayout(*value);
  if (layout) {
    wcheck::fuzz::RequireFamilies(layout->families);
  } else {
    wcheck::fuzz::RequireError(layout.error());
  }
  return 0;
}
