// Writes the seeds that only the program's own writers can make: a snapshot and a binary registry.
//
// usage: write_binary_seeds REGISTRY.json LAYOUTS.jsonl SNAPSHOT BINARY
#include <iostream>

#include "layout/json_reader.h"
#include "layout/snapshot.h"
#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"

namespace {

wcheck::Status Write(char** argv) {
  wcheck::Result<std::string> json = wcheck::ReadFile(argv[1], wcheck::kMaxJsonFile);
  if (!json) return json.error();
  const std::string text = wcheck::SnapshotRegistryText(*json);
  auto registry = wcheck::ReadJsonRegistry(std::make_shared<wcheck::SourceFile>(argv[1], text));
  if (!registry) return registry.error();
  auto layouts = wcheck::OpenLayouts(argv[2]);
  if (!layouts) return layouts.error();
  const std::string binary = wcheck::EncodeRegistry(*registry);
  const wcheck::PackedRelease releases[] = {{"0", *json, binary, layouts->get(), 0},
                                            {"1", *json, "", nullptr, 0}};
  wcheck::Status done = wcheck::WriteSnapshot(argv[3], releases);
  return done ? wcheck::WriteFile(argv[4], binary) : done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  wcheck::Status done = Write(argv);
  if (!done) std::cerr << done.error().ToString() << '\n';
  return done ? 0 : 1;
}
