#include "mapping/sections/leaf_transforms.h"

#include <utility>

namespace wcheck::sections {
namespace {

// A pattern of exactly this name, as a source and as a target. Its end is a lookahead, which every
// engine takes out of a target; since 5.21 a `$` stays in the names that are saved.
std::string Anchored(std::string_view name) {
  std::string pattern = "^";
  for (char c : name) {
    if (c == '.') pattern += '\\';
    pattern += c;
  }
  return pattern + "(?!.)";
}

std::vector<std::string> Anchored(const std::vector<std::string>& names) {
  std::vector<std::string> patterns;
  patterns.reserve(names.size());
  for (const std::string& name : names) patterns.push_back(Anchored(name));
  return patterns;
}

bool OneToOne(const Leaf& leaf) {
  return leaf.kind == LeafKind::kWeight || leaf.kind == LeafKind::kPatchEmbedding;
}

}  // namespace

std::vector<TransformSpec> TransformsOf(const Leaf& leaf) {
  std::vector<TransformSpec> transforms;
  bool renamed_only = OneToOne(leaf) || (leaf.exported.size() == 1 && !leaf.transposes());
  if (renamed_only) {
    for (size_t i = 0; i < leaf.internal.size(); ++i) {
      if (leaf.internal[i] == leaf.exported[i]) continue;
      TransformSpec spec;
      spec.sources = {Anchored(leaf.exported[i])};
      spec.targets = {Anchored(leaf.internal[i])};
      auto origin = std::make_shared<Origin>(*leaf.origin);
      origin->sources = {origin->sources[i]};
      origin->targets = {origin->targets[i]};
      spec.origin = std::move(origin);
      transforms.push_back(std::move(spec));
    }
    return transforms;
  }
  TransformSpec spec;
  spec.kind = TransformKind::kWeightConverter;
  spec.sources = Anchored(leaf.exported);
  spec.targets = Anchored(leaf.internal);
  spec.origin = leaf.origin;
  if (leaf.exported.size() > 1) {
    Operation join = MakeOperation(OperationKind::kConcatenate);
    join.dim = leaf.transposes() ? 1 : 0;
    spec.operations.push_back(join);
  }
  if (leaf.transposes()) {
    spec.operations.push_back(MakeOperation(OperationKind::kTranspose));
  }
  transforms.push_back(std::move(spec));
  return transforms;
}

}  // namespace wcheck::sections
