#include "wcheck/operation.h"

#include <utility>

namespace wcheck {
namespace {

// Indexed by OperationKind.
struct Row {
  std::string_view name;
  OperationKind reverse;
};
constexpr std::array<Row, kOperationKinds> kOperations{{
    {"Chunk", OperationKind::kConcatenate},
    {"Concatenate", OperationKind::kChunk},
    {"MergeModulelist", OperationKind::kSplitModulelist},
    {"SplitModulelist", OperationKind::kMergeModulelist},
    {"Transpose", OperationKind::kTranspose},
    {"Interleave", OperationKind::kInterleave},
    {"PermuteForRope", OperationKind::kPermuteForRope},
    {"Conv3dToLinear", OperationKind::kLinearToConv3d},
    {"LinearToConv3d", OperationKind::kConv3dToLinear},
    {"ErnieFuseAndSplitTextVisionExperts", OperationKind::kErnieSplitAndDecouple},
    {"ErnieSplitAndDecoupleTextVisionExperts", OperationKind::kErnieFuseAndSplit},
    {"Force16BytesAlignment", OperationKind::kForce16BytesAlignment},
    {"VisionFuseAndPermuteForRope", OperationKind::kVisionUnfuseAndPermuteForRope},
    {"VisionUnfuseAndPermuteForRope", OperationKind::kVisionFuseAndPermuteForRope},
}};

}  // namespace

std::string_view OperationName(OperationKind kind) {
  return kOperations[static_cast<size_t>(kind)].name;
}

std::optional<OperationKind> ParseOperationName(std::string_view name) {
  for (size_t i = 0; i < kOperations.size(); ++i) {
    if (kOperations[i].name == name) return static_cast<OperationKind>(i);
  }
  return std::nullopt;
}

Operation ReverseOperation(const Operation& operation) {
  Operation reverse = operation;
  reverse.kind = kOperations[static_cast<size_t>(operation.kind)].reverse;
  switch (operation.kind) {
    case OperationKind::kTranspose:
      std::swap(reverse.dim0, reverse.dim1);
      break;
    case OperationKind::kInterleave:
    case OperationKind::kPermuteForRope:
    case OperationKind::kVisionFuseAndPermuteForRope:
    case OperationKind::kVisionUnfuseAndPermuteForRope:
      reverse.inverse = !operation.inverse;
      break;
    default:
      break;
  }
  return reverse;
}

}  // namespace wcheck
