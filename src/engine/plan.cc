// Walks the sub-models of a layout as docs/semantics.md#entry-lookup describes, and appends placed
// copies of each entry's transforms.
#include "engine/plan.h"

#include <unordered_map>
#include <unordered_set>

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

CompiledRegistry::CompiledRegistry(const Registry& registry, const Engine& engine)
    : registry_(&registry), engine_(&engine) {
  for (const auto& [name, entry] : registry.entries) {
    CompiledEntry& compiled = entries_[name];
    for (size_t i = 0; i < entry.transforms.size(); ++i) {
      auto transform =
          std::make_shared<const CompiledTransform>(entry.transforms[i], engine, patterns_);
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

// Collects the plan of one model.
class PlanCollector {
 public:
  PlanCollector(const Layout& layout, const CompiledRegistry& registry)
      : layout_(layout), registry_(registry), rules_(registry.engine()) {}

  Plan Run() && {
    plan_.config = layout_.config;
    if (const auto* user = registry_.Find(kKeyMappingEntry)) Append(kKeyMappingEntry, *user);
    switch (rules_.collection) {
      case EngineRules::Collection::kRoot:
        CollectRoot();
        break;
      case EngineRules::Collection::kModelTypes:
        CollectModelTypes();
        break;
      case EngineRules::Collection::kAncestors:
        CollectByAncestors();
        break;
    }
    if (const auto* legacy = registry_.Find(kLegacyEntry)) {
      size_t first = plan_.transforms.size();
      Append(kLegacyEntry, *legacy);
      for (size_t i = first; i < plan_.transforms.size(); ++i) plan_.transforms[i].legacy = true;
    }
    return std::move(plan_);
  }

 private:
  void CollectRoot() {
    const SubModel& root = layout_.modules.front();
    AddHit(0, root.class_name + std::string(kClassAttribute), /*by_class=*/true);
    AddHit(0, root.model_type, /*by_class=*/false);
  }

  void CollectModelTypes() {
    std::unordered_set<std::string_view> seen;
    for (uint32_t m = 0; m < layout_.modules.size(); ++m) {
      const SubModel& module = layout_.modules[m];
      if (seen.contains(module.model_type)) continue;
      const size_t first = plan_.transforms.size();
      if (!AddHit(m, module.model_type, /*by_class=*/false)) continue;
      seen.insert(module.model_type);
      for (size_t i = first; i < plan_.transforms.size() && !module.path.empty(); ++i) {
        auto& compiled = plan_.transforms[i].compiled;
        if (plan_.transforms[i].forward().is_prefix_change()) {
          compiled = compiled->UnderPath(module.path);
        }
      }
    }
  }

  void CollectByAncestors() {
    SeenPaths seen;
    for (uint32_t m = 0; m < layout_.modules.size(); ++m) {
      const SubModel& module = layout_.modules[m];
      if (rules_.leaves_custom_code_out && module.custom_code && !UserRegistered(module)) continue;
      if (seen.AtAncestor(module.class_name, module.path)) continue;
      const size_t first = plan_.transforms.size();
      bool by_class = AddHit(m, module.class_name, /*by_class=*/true);
      if (!by_class) {
        if (module.model_type.empty() || seen.AtAncestor(module.model_type, module.path)) continue;
        if (!AddHit(m, module.model_type, /*by_class=*/false)) continue;
      }
      for (size_t i = first; i < plan_.transforms.size() && !module.path.empty(); ++i) {
        plan_.transforms[i].scope_prefix = ScopeOf(module);
        plan_.transforms[i].base_model_prefix = layout_.base_model_prefix;
      }
      seen.Add(module.class_name, module.path);
      if (!by_class) seen.Add(module.model_type, module.path);
    }
  }

  bool UserRegistered(const SubModel& module) const {
    const auto& names = registry_.registry().user_registered;
    return names.contains(module.class_name) || names.contains(module.model_type);
  }

  std::string ScopeOf(const SubModel& module) const {
    std::string_view scope = module.path;
    if (rules_.scope != EngineRules::Scope::kPathLessBase) return std::string(scope);
    // As text: of "modeling" under "model" it leaves "ing".
    if (scope.starts_with(layout_.base_model_prefix)) {
      scope.remove_prefix(layout_.base_model_prefix.size());
    }
    if (scope.starts_with('.')) scope.remove_prefix(1);
    return std::string(scope);
  }

  // Appends the transforms of an entry for a sub-model. False if there is no such entry.
  bool AddHit(uint32_t module, std::string_view name, bool by_class) {
    const CompiledRegistry::CompiledEntry* transforms = registry_.Find(name);
    if (transforms == nullptr) return false;
    const std::string_view entry = registry_.registry().Find(name)->name;
    const auto first = static_cast<uint32_t>(plan_.transforms.size());
    Append(entry, *transforms);
    plan_.hits.push_back(
        {module, entry, by_class, first, static_cast<uint32_t>(plan_.transforms.size()) - first});
    return true;
  }

  void Append(std::string_view entry, const CompiledRegistry::CompiledEntry& transforms) {
    const std::vector<TransformSpec>& written = registry_.registry().Find(entry)->transforms;
    for (const auto& compiled : transforms) {
      PlacedTransform placed;
      placed.compiled = compiled;
      placed.entry = entry;
      placed.index_in_entry = static_cast<uint32_t>(placed.forward().spec - written.data());
      plan_.transforms.push_back(std::move(placed));
    }
  }

  const Layout& layout_;
  const CompiledRegistry& registry_;
  const EngineRules& rules_;
  Plan plan_;
};

}  // namespace

Plan CollectPlan(const Layout& layout, const CompiledRegistry& registry) {
  return PlanCollector(layout, registry).Run();
}

}  // namespace wcheck
