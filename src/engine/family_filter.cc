// Compares the literals of a transform (pattern/prefilter.h) and its scope prefix with the family's
// pattern.
#include "engine/family_filter.h"

#include <algorithm>

#include "wcheck/key_family.h"

namespace wcheck {

StartsWith FamilyStartsWith(std::string_view key_pattern, std::string_view text) {
  size_t common = std::min(key_pattern.size(), text.size());
  size_t at = 0;
  while (at < common && key_pattern[at] == text[at]) ++at;
  if (at == text.size()) return StartsWith::kAll;
  // A number may supply the required digits.
  bool number = at < key_pattern.size() && key_pattern[at] == kHole;
  return number && text[at] >= '0' && text[at] <= '9' ? StartsWith::kSome : StartsWith::kNone;
}

namespace {

// The scope is entered directly, or behind the base model prefix where the engine knows of that.
bool MayEnterScope(const PlacedTransform& placed, std::string_view key_pattern) {
  auto may_start = [](std::string_view pattern, std::string_view text) {
    return FamilyStartsWith(pattern, text) != StartsWith::kNone;
  };
  std::string_view scope = *placed.scope_prefix;
  std::string_view base = placed.base_model_prefix;
  if (may_start(key_pattern, scope)) return true;
  if (base.empty()) return false;
  switch (FamilyStartsWith(key_pattern, base)) {
    case StartsWith::kNone:
      return false;
    case StartsWith::kSome:
      return true;
    case StartsWith::kAll:
      return key_pattern.size() > base.size() &&
             may_start(key_pattern.substr(base.size() + 1), scope);
  }
  return true;
}

}  // namespace

bool MayTouch(const Transform& transform, const PlacedTransform& placed,
              std::string_view key_pattern) {
  bool scoped = placed.scope_prefix.has_value() && !transform.is_layer_pair();
  if (scoped && !MayEnterScope(placed, key_pattern)) return false;
  return transform.pattern.MayMatchFamily(key_pattern, /*cut=*/scoped);
}

}  // namespace wcheck
