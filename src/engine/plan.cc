#include "engine/plan.h"

#include <unordered_map>

namespace wcheck {

const std::variant<Transform, EngineError>& CompiledTransform::reverse() const {
  std::call_once(reverse_once_,
                 [this] { reverse_ = std::get<Transform>(forward_).Reverse(1, patterns_.get()); });
  return *reverse_;
}

const std::variant<Transform, EngineError>& CompiledTransform::second_reverse() const {
  std::call_once(second_once_,
                 [this] { second_ = std::get<Transform>(forward_).Reverse(2, patterns_.get()); });
  return *second_;
}

CompiledRegistry::CompiledRegistry(const Registry& registry) : registry_(&registry) {
  auto patterns = std::make_shared<PatternCache>();
  for (const auto& [name, entry] : registry.entries) {
    CompiledEntry& compiled = entries_[name];
    for (size_t i = 0; i < entry.transforms.size(); ++i) {
      auto transform = std::make_shared<const CompiledTransform>(entry.transforms[i], patterns);
      if (const auto* error = std::get_if<EngineError>(&transform->forward())) {
        rejections_.push_back({name, i, &entry.transforms[i], *error});
      } else {
        compiled.push_back(std::move(transform));
      }
    }
  }
}

const CompiledRegistry::CompiledEntry* CompiledRegistry::Find(std::string_view name) const {
  auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

namespace {

// The paths at which each class name and model_type has been seen; one table for both, as in the
// engine.
class SeenPaths {
 public:
  bool AtAncestor(std::string_view name, std::string_view path) const {
    auto found = paths_.find(name);
    if (found == paths_.end()) return false;
    for (std::string_view seen : found->second) {
      if (seen.empty()) return true;
      if (path.size() > seen.size() && path.starts_with(seen) && path[seen.size()] == '.') {
        return true;
      }
    }
    return false;
  }
  void Add(std::string_view name, std::string_view path) { paths_[name].push_back(path); }

 private:
  std::unordered_map<std::string_view, std::vector<std::string_view>> paths_;
};

}  // namespace

Plan CollectPlan(const Layout& layout, const CompiledRegistry& registry) {
  Plan plan;
  SeenPaths seen;
  auto append = [&](std::string_view entry, const CompiledRegistry::CompiledEntry& transforms) {
    const std::vector<TransformSpec>& written = registry.registry().Find(entry)->transforms;
    for (size_t i = 0; i < transforms.size(); ++i) {
      PlacedTransform placed;
      placed.compiled = transforms[i];
      placed.entry = entry;
      const TransformSpec* spec = placed.forward().spec;
      placed.index_in_entry = static_cast<uint32_t>(spec - written.data());
      plan.transforms.push_back(std::move(placed));
    }
  };
  for (uint32_t m = 0; m < layout.modules.size(); ++m) {
    const SubModel& module = layout.modules[m];
    if (seen.AtAncestor(module.class_name, module.path)) continue;
    std::string_view entry = module.class_name;
    const CompiledRegistry::CompiledEntry* transforms = registry.Find(entry);
    bool by_class = transforms != nullptr;
    if (!by_class) {
      entry = module.model_type;
      if (entry.empty() || seen.AtAncestor(entry, module.path)) continue;
      transforms = registry.Find(entry);
    }
    if (transforms == nullptr) continue;
    auto first = static_cast<uint32_t>(plan.transforms.size());
    append(entry, *transforms);
    for (size_t i = first; i < plan.transforms.size() && !module.path.empty(); ++i) {
      plan.transforms[i].scope_prefix = module.path;
      plan.transforms[i].base_model_prefix = layout.base_model_prefix;
    }
    plan.hits.push_back(
        {m, entry, by_class, first, static_cast<uint32_t>(plan.transforms.size()) - first});
    seen.Add(module.class_name, module.path);
    if (!by_class) seen.Add(module.model_type, module.path);
  }
  if (const auto* legacy = registry.Find(kLegacyEntry)) {
    size_t first = plan.transforms.size();
    append(kLegacyEntry, *legacy);
    for (size_t i = first; i < plan.transforms.size(); ++i) plan.transforms[i].legacy = true;
  }
  return plan;
}

}  // namespace wcheck
