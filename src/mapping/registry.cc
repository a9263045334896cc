#include "wcheck/registry.h"

#include <array>

namespace wcheck {
namespace {

// Indexed by TransformKind.
constexpr std::array<std::string_view, 4> kKindNames{"WeightRenaming", "WeightConverter",
                                                     "PrefixChange", "GroupWeightRename"};

}  // namespace

std::string_view TransformKindName(TransformKind kind) {
  return kKindNames[static_cast<size_t>(kind)];
}

std::optional<TransformKind> ParseTransformKind(std::string_view name) {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<TransformKind>(i);
  }
  return std::nullopt;
}

bool SameTransform(const TransformSpec& a, const TransformSpec& b) {
  return a.kind == b.kind && a.sources == b.sources && a.targets == b.targets &&
         a.prefix_to_add == b.prefix_to_add && a.prefix_to_remove == b.prefix_to_remove &&
         a.model_prefix == b.model_prefix && a.operations == b.operations;
}

const Entry* Registry::Find(std::string_view name) const {
  auto it = entries.find(name);
  return it == entries.end() ? nullptr : &it->second;
}

}  // namespace wcheck
