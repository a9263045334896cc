#include "layout/snapshot_format.h"

#include <cstring>

namespace wcheck::snapshot {

void Checksum::Add(std::string_view bytes) {
  Mix(bytes.size());
  while (bytes.size() >= 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    Mix(word);
    bytes.remove_prefix(8);
  }
  if (bytes.empty()) return;
  uint64_t word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  Mix(word);
}

}  // namespace wcheck::snapshot
