#include "analysis/written.h"

namespace wcheck {

TransformRef RefIn(const Entry& entry, const TransformSpec& spec) {
  return {&spec, entry.name, static_cast<uint32_t>(&spec - entry.transforms.data())};
}

WrittenTransforms::WrittenTransforms(const Registry& registry) : registry_(registry) {
  for (const Alias& alias : registry.aliases) alias_of_[alias.name] = alias.entry;
  for (const auto& [name, entry] : registry.entries) {
    // A transform was never written in the copy that an alias made.
    if (alias_of_.contains(name)) continue;
    for (uint32_t i = 0; i < entry.transforms.size(); ++i) {
      const TransformSpec& spec = entry.transforms[i];
      if (spec.origin) by_origin_.try_emplace(spec.origin.get(), TransformRef{&spec, name, i});
    }
  }
}

TransformRef WrittenTransforms::Written(const TransformRef& copy) const {
  if (copy.spec->origin) {
    auto found = by_origin_.find(copy.spec->origin.get());
    if (found != by_origin_.end()) return found->second;
  }
  auto alias = alias_of_.find(copy.entry);
  if (alias == alias_of_.end()) return copy;
  const Entry* source = registry_.Find(alias->second);
  if (source == nullptr || copy.index >= source->transforms.size()) return copy;
  const TransformSpec& spec = source->transforms[copy.index];
  if (!SameTransform(spec, *copy.spec)) return copy;
  return {&spec, std::string(alias->second), copy.index};
}

}  // namespace wcheck
