// The bundled snapshot, as the benchmarks take it.
#pragma once

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "wcheck/source_file.h"

#include "layout/snapshot.h"
#include "mapping/binary_codec.h"

namespace wcheck {

// The value, or the end of the program.
template <typename T>
T Must(Result<T> result) {
  if (result) return *std::move(result);
  std::cerr << result.error().message << '\n';
  std::exit(1);
}

struct Bundled {
  std::unique_ptr<Snapshot> snapshot;
  std::unique_ptr<Registry> registry;
};

inline Bundled OpenBundled(const std::string& path = WCHECK_SOURCE_DIR "/fixtures/bundled.wcs") {
  Bundled bundled;
  bundled.snapshot = Must(Snapshot::Open(path));
  auto source = std::make_shared<const SourceFile>("registry",
                                                   std::string(bundled.snapshot->registry_json()));
  bundled.registry = std::make_unique<Registry>(
      Must(DecodeRegistry(bundled.snapshot->registry_binary(), std::move(source))));
  return bundled;
}

}  // namespace wcheck
