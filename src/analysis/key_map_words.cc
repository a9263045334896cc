#include "analysis/key_map_words.h"

namespace wcheck {
namespace {

std::string Number(std::string_view name, int64_t value) {
  return std::string(name) + "=" + std::to_string(value);
}

std::string Parameters(const Operation& o) {
  switch (o.kind) {
    case OperationKind::kChunk:
    case OperationKind::kConcatenate:
    case OperationKind::kMergeModulelist:
    case OperationKind::kSplitModulelist:
      return Number("dim", o.dim) +
             (o.num_shards_attribute ? ", num_shards_attribute=" + *o.num_shards_attribute : "");
    case OperationKind::kTranspose:
      return Number("dim0", o.dim0) + ", " + Number("dim1", o.dim1) +
             (o.check_dims ? ", check_dims" : "");
    case OperationKind::kInterleave:
    case OperationKind::kVisionFuseAndPermuteForRope:
    case OperationKind::kVisionUnfuseAndPermuteForRope:
      return Number("dim", o.dim) + (o.inverse ? ", inverse" : "");
    case OperationKind::kPermuteForRope:
      return o.inverse ? "inverse" : "";
    case OperationKind::kConv3dToLinear:
    case OperationKind::kLinearToConv3d:
      return Number("in_channels", o.in_channels) + ", kernel_size=" + ShowShape(o.kernel_size);
    case OperationKind::kErnieFuseAndSplit:
    case OperationKind::kErnieSplitAndDecouple:
      return Number("stack_dim", o.stack_dim) + ", " + Number("concat_dim", o.concat_dim);
    case OperationKind::kForce16BytesAlignment:
      return "";
  }
  return "";
}

}  // namespace

std::string ShowPlaced(const Plan& plan, uint32_t transform) {
  const PlacedTransform& placed = plan.transforms[transform];
  return std::string(placed.entry) + '[' + std::to_string(placed.index_in_entry) + ']';
}

std::string ShowOperation(const Operation& operation) {
  return std::string(OperationName(operation.kind)) + '(' + Parameters(operation) + ')';
}

std::string ShowOperations(const Transform& converter) {
  std::string out;
  for (const Operation& operation : converter.operations) {
    out += (out.empty() ? "" : " > ") + ShowOperation(operation);
  }
  return out;
}

}  // namespace wcheck
