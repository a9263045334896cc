#include "engine/match.h"

#include "engine/rename.h"

namespace wcheck {
namespace {

thread_local Match groups;  // spares an allocation a search

}  // namespace

std::optional<uint32_t> ScopeLength(const PlacedTransform& placed, const Profile& profile,
                                    std::string_view key) {
  if (!placed.scope_prefix) return 0;
  std::string_view scope = *placed.scope_prefix;
  std::string_view base = placed.base_model_prefix;
  auto starts_with_part = [](std::string_view text, std::string_view part) {
    return text.size() > part.size() && text.starts_with(part) && text[part.size()] == '.';
  };
  if (profile.scope_knows_base_prefix) {
    std::string_view rest = key;
    size_t base_length = 0;
    if (!base.empty() && starts_with_part(key, base)) base_length = base.size() + 1;
    if (base.empty() || base_length != 0) {
      rest.remove_prefix(base_length);
      if (starts_with_part(rest, scope))
        return static_cast<uint32_t>(base_length + scope.size() + 1);
    }
  }
  if (starts_with_part(key, scope)) return static_cast<uint32_t>(scope.size() + 1);
  return std::nullopt;
}

std::optional<KeyMatch> SearchInScope(const Transform& transform, const PlacedTransform& placed,
                                      const Profile& profile, std::string_view key, Match* match) {
  std::optional<uint32_t> scope = ScopeLength(placed, profile, key);
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
                                  const Profile& profile, std::string_view key) {
  return SearchInScope(transform, placed, profile, key, &groups);
}

}  // namespace wcheck
