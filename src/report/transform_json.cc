#include "report/transform_json.h"

#include <llvm/Support/JSON.h>

#include "report/json_text.h"

namespace wcheck {
namespace {

void WriteStrings(std::string_view name, const std::vector<std::string>& strings,
                  llvm::json::OStream* out) {
  out->attributeArray(JsonName(name), [&] {
    for (const std::string& s : strings) out->value(s);
  });
}

void WriteOperation(const Operation& operation, llvm::json::OStream* out) {
  out->attribute("op", JsonName(OperationName(operation.kind)));
  switch (operation.kind) {
    case OperationKind::kChunk:
    case OperationKind::kConcatenate:
    case OperationKind::kMergeModulelist:
    case OperationKind::kSplitModulelist:
      out->attribute("dim", operation.dim);
      if (operation.num_shards_attribute) {
        out->attribute("num_shards_attribute", *operation.num_shards_attribute);
      }
      break;
    case OperationKind::kTranspose:
      out->attribute("dim0", operation.dim0);
      out->attribute("dim1", operation.dim1);
      out->attribute("check_dims", operation.check_dims);
      break;
    case OperationKind::kInterleave:
      out->attribute("dim", operation.dim);
      out->attribute("inverse", operation.inverse);
      break;
    case OperationKind::kVisionFuseAndPermuteForRope:
    case OperationKind::kVisionUnfuseAndPermuteForRope:
      out->attribute("dim", operation.dim);
      [[fallthrough]];
    case OperationKind::kPermuteForRope:
      if (operation.subconfig_key) out->attribute("subconfig_key", *operation.subconfig_key);
      out->attribute("inverse", operation.inverse);
      WriteStrings("permute_layer_names", operation.permute_layer_names, out);
      break;
    case OperationKind::kConv3dToLinear:
    case OperationKind::kLinearToConv3d:
      out->attribute("in_channels", operation.in_channels);
      out->attributeArray("kernel_size", [&] {
        for (int64_t size : operation.kernel_size) out->value(size);
      });
      break;
    case OperationKind::kErnieFuseAndSplit:
    case OperationKind::kErnieSplitAndDecouple:
      out->attribute("stack_dim", operation.stack_dim);
      out->attribute("concat_dim", operation.concat_dim);
      break;
    case OperationKind::kForce16BytesAlignment:
      break;
  }
}

}  // namespace

void WriteTransformAttributes(const TransformSpec& transform, llvm::json::OStream* out) {
  out->attribute("type", JsonName(TransformKindName(transform.kind)));
  if (transform.kind == TransformKind::kPrefixChange) {
    auto prefix = [&](llvm::StringRef name, const std::optional<std::string>& value) {
      if (value && !value->empty()) out->attribute(name, *value);
    };
    prefix("prefix_to_add", transform.prefix_to_add);
    prefix("prefix_to_remove", transform.prefix_to_remove);
    prefix("model_prefix", transform.model_prefix);
    return;
  }
  WriteStrings("source", transform.sources, out);
  WriteStrings("target", transform.targets, out);
  if (transform.kind != TransformKind::kWeightConverter) return;
  out->attributeArray("operations", [&] {
    for (const Operation& operation : transform.operations) {
      out->object([&] { WriteOperation(operation, out); });
    }
  });
}

}  // namespace wcheck
