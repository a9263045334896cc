#include "engine/match.h"

#include "engine/rename.h"

namespace wcheck {
namespace {

thread_local Match groups;  // saves an allocation per search

// The length of `prefix` and a dot, if the key starts with them. An empty prefix has no dot.
std::optional<uint32_t> PrefixLength(std::string_view key, std::string_view prefix) {
  if (prefix.empty()) return 0;
  if (key.size() <= prefix.size() || !key.starts_with(prefix) || key[prefix.size()] != '.') {
    return std::nullopt;
  }
  return static_cast<uint32_t>(prefix.size() + 1);
}

}  // namespace

std::optional<uint32_t> ScopeLength(const PlacedTransform& placed, const Engine& engine,
                                    std::string_view key) {
  // A LayerPairCollapse looks at no scope.
  if (!placed.scope_prefix || placed.forward().is_layer_pair()) return 0;
  const auto scope = PrefixLength(key, *placed.scope_prefix);
  if (engine.scope == EngineRules::Scope::kPath) return scope;
  const auto base = PrefixLength(key, placed.base_model_prefix);
  if (base) {
    const auto under_base = PrefixLength(key.substr(*base), *placed.scope_prefix);
    if (under_base) return *base + *under_base;
  }
  return scope;
}

std::optional<KeyMatch> SearchInScope(const Transform& transform, const PlacedTransform& placed,
                                      const Engine& engine, std::string_view key, Match* match) {
  std::optional<uint32_t> scope = ScopeLength(placed, engine, key);
  if (!scope || !transform.pattern.Search(key.substr(*scope), match)) return std::nullopt;
  KeyMatch found;
  found.scope_length = *scope;
  found.span = {(*match)[0].begin + *scope, (*match)[0].end + *scope};
  while (found.source + 1 < transform.sources.size() &&
         !(*match)[static_cast<size_t>(transform.source_group[found.source])].matched()) {
    ++found.source;
  }
  return found;
}

std::optional<KeyMatch> FindMatch(const Transform& transform, const PlacedTransform& placed,
                                  const Engine& engine, std::string_view key) {
  return SearchInScope(transform, placed, engine, key, &groups);
}

}  // namespace wcheck
