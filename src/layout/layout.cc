#include "wcheck/layout.h"

namespace wcheck {

uint64_t Layout::key_count() const {
  uint64_t n = 0;
  for (const LayoutFamily& family : families) n += family.size();
  return n;
}

std::optional<size_t> LayoutSource::Find(std::string_view name) const {
  for (size_t i = 0; i < size(); ++i) {
    if (class_name(i) == name) return i;
  }
  return std::nullopt;
}

}  // namespace wcheck
