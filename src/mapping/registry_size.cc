#include "mapping/registry_size.h"

#include <string>

#include "support/limits.h"

namespace wcheck {

Status CheckRegistrySize(const Registry& registry) {
  const auto beyond = [](const Entry& entry, std::string what) {
    return Error{entry.where.place(), std::move(what), "docs/limits.md lists the limits"};
  };
  size_t transforms = 0;
  size_t names = registry.aliases.size();
  for (const auto& [name, entry] : registry.entries) {
    if (entry.transforms.size() > kMaxEntryTransforms) {
      return beyond(entry,
                    "an entry of more than " + std::to_string(kMaxEntryTransforms) + " transforms");
    }
    transforms += entry.transforms.size();
    if (transforms > kMaxTransforms) {
      return beyond(entry,
                    "a registry of more than " + std::to_string(kMaxTransforms) + " transforms");
    }
    if (++names > kMaxEntries) {
      return beyond(
          entry, "a registry of more than " + std::to_string(kMaxEntries) + " entries and aliases");
    }
  }
  return Unit{};
}

}  // namespace wcheck
