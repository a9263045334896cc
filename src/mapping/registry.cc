#include "wcheck/registry.h"

#include <array>

namespace wcheck {
namespace {

// Indexed by TransformKind.
struct KindRow {
  std::string_view name;
  Version since;
};
constexpr std::array<KindRow, kTransformKinds> kKinds{{
    {"WeightRenaming", {5, 0}},
    {"WeightConverter", {5, 0}},
    {"PrefixChange", {5, 6}},
    {"GroupWeightRename", {5, 13}},
    {"Inkling2IndexOffsetWeightRename", {5, 23}},
    {"LayerPairCollapse", {5, 24}},
}};

}  // namespace

std::string_view TransformKindName(TransformKind kind) {
  return kKinds[static_cast<size_t>(kind)].name;
}

std::optional<TransformKind> ParseTransformKind(std::string_view name) {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].name == name) return static_cast<TransformKind>(i);
  }
  return std::nullopt;
}

Version TransformKindSince(TransformKind kind) { return kKinds[static_cast<size_t>(kind)].since; }

bool SameTransform(const TransformSpec& a, const TransformSpec& b) {
  return a.kind == b.kind && a.sources == b.sources && a.targets == b.targets &&
         a.prefix_to_add == b.prefix_to_add && a.prefix_to_remove == b.prefix_to_remove &&
         a.model_prefix == b.model_prefix && a.operations == b.operations &&
         a.offset == b.offset && a.force_cpu == b.force_cpu;
}

const Entry* Registry::Find(std::string_view name) const {
  auto it = entries.find(name);
  return it == entries.end() ? nullptr : &it->second;
}

}  // namespace wcheck
