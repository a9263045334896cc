#include "mapping/sections/leaf.h"

namespace wcheck {

std::string_view LeafKindName(LeafKind kind) {
  switch (kind) {
    case LeafKind::kWeight:
      return "Weight";
    case LeafKind::kSplit:
      return "Split";
    case LeafKind::kTransposeSplit:
      return "TransposeSplit";
    case LeafKind::kKeyValue:
      return "KeyValue";
    case LeafKind::kPatchEmbedding:
      return "PatchEmbedding";
  }
  return "";
}

std::string ShowLeaf(const Leaf& leaf) {
  auto list = [](const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  };
  std::string text = list(leaf.internal) + " = ";
  if (leaf.kind == LeafKind::kWeight) return text + list(leaf.exported);
  return text + std::string(LeafKindName(leaf.kind)) + '(' + list(leaf.exported) + ')';
}

}  // namespace wcheck
