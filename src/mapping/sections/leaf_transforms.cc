#include "mapping/sections/leaf_transforms.h"

#include <numeric>
#include <utility>

namespace wcheck::sections {
namespace {

std::string Anchored(std::string_view name) {
  std::string pattern = "^";
  for (char c : name) {
    if (c == '.') pattern += '\\';
    pattern += c;
  }
  return pattern + '$';
}

std::vector<std::string> Anchored(const std::vector<std::string>& names) {
  std::vector<std::string> patterns;
  patterns.reserve(names.size());
  for (const std::string& name : names) patterns.push_back(Anchored(name));
  return patterns;
}

bool Transposes(const Leaf& leaf) { return leaf.kind == LeafKind::kTransposeSplit && !leaf.vector; }

bool OneToOne(const Leaf& leaf) {
  return leaf.kind == LeafKind::kWeight || leaf.kind == LeafKind::kPatchEmbedding;
}

}  // namespace

std::vector<TransformSpec> TransformsOf(const Leaf& leaf) {
  std::vector<TransformSpec> transforms;
  bool renamed_only = OneToOne(leaf) || (leaf.exported.size() == 1 && !Transposes(leaf));
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
    join.dim = Transposes(leaf) ? 1 : 0;
    spec.operations.push_back(join);
  }
  if (Transposes(leaf)) {
    spec.operations.push_back(MakeOperation(OperationKind::kTranspose));
  }
  transforms.push_back(std::move(spec));
  return transforms;
}

std::optional<std::vector<Sizes>> ImportedShapes(const Leaf& leaf,
                                                 const std::vector<Sizes>& exported) {
  if (leaf.kind == LeafKind::kWeight) return exported;
  if (leaf.kind == LeafKind::kPatchEmbedding) {
    std::vector<Sizes> out;
    for (const Sizes& shape : exported) {
      if (shape.size() != 4) return std::nullopt;
      out.push_back({shape[0], shape[1] * shape[2] * shape[3]});
    }
    return out;
  }
  Sizes joined = exported.front();
  size_t dim = Transposes(leaf) ? 1 : 0;
  if (joined.size() <= dim || (Transposes(leaf) && joined.size() != 2)) return std::nullopt;
  for (size_t i = 1; i < exported.size(); ++i) {
    Sizes rest = exported[i];
    if (rest.size() != joined.size()) return std::nullopt;
    joined[dim] += rest[dim];
    rest[dim] = joined[dim];
    if (rest != joined) return std::nullopt;
  }
  if (Transposes(leaf)) std::swap(joined[0], joined[1]);
  return std::vector<Sizes>{joined};
}

std::vector<Sizes> StandInShapes(const Leaf& leaf) {
  Sizes shape = leaf.vector ? Sizes{2} : Sizes{2, 2};
  if (leaf.kind == LeafKind::kPatchEmbedding) shape = {2, 2, 2, 2};
  return std::vector<Sizes>(leaf.exported.size(), shape);
}

}  // namespace wcheck::sections
