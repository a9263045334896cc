#include "mapping/python/operation_class.h"

#include <iterator>

namespace wcheck::python {
namespace {

using Default = OperationParameter::Default;

constexpr OperationParameter kDim[] = {{"dim", Default::kInt, 0}};
// chunks: the number of parts, in the first releases. num_shards_attribute: since 5.17.
constexpr OperationParameter kChunk[] = {{"dim", Default::kInt, 0},
                                         {"chunks", Default::kNone, 0},
                                         {"num_shards_attribute", Default::kNone, 0}};
constexpr OperationParameter kConcatenate[] = {{"dim", Default::kInt, 0},
                                               {"num_shards_attribute", Default::kNone, 0}};
constexpr OperationParameter kInterleave[] = {{"dim", Default::kInt, 0},
                                              {"inverse", Default::kBool, 0}};
constexpr OperationParameter kTranspose[] = {
    {"dim0", Default::kInt, 0}, {"dim1", Default::kInt, 1}, {"check_dims", Default::kBool, 0}};
constexpr OperationParameter kConv[] = {{"in_channels", Default::kRequired, 0},
                                        {"kernel_size", Default::kRequired, 0}};
constexpr OperationParameter kPermute[] = {{"subconfig_key", Default::kNone, 0},
                                           {"permute_layer_names", Default::kNone, 0},
                                           {"inverse", Default::kBool, 0}};
constexpr OperationParameter kFuse[] = {{"dim", Default::kInt, 0},
                                        {"permute_layer_names", Default::kNone, 0},
                                        {"inverse", Default::kBool, 1}};
constexpr OperationParameter kUnfuse[] = {{"dim", Default::kInt, 0},
                                          {"permute_layer_names", Default::kNone, 0},
                                          {"inverse", Default::kBool, 0}};
constexpr OperationParameter kErnie[] = {{"stack_dim", Default::kInt, 0},
                                         {"concat_dim", Default::kInt, 1}};

constexpr OperationClass kClasses[] = {
    {"Chunk", kChunk},
    {"Concatenate", kConcatenate},
    {"MergeModulelist", kDim},
    {"SplitModulelist", kDim},
    {"Transpose", kTranspose},
    {"Interleave", kInterleave},
    {"PermuteForRope", kPermute},
    {"Conv3dToLinear", kConv},
    {"LinearToConv3d", kConv},
    {"ErnieFuseAndSplitTextVisionExperts", kErnie},
    {"ErnieSplitAndDecoupleTextVisionExperts", kErnie},
    {"Force16BytesAlignment", {}},
    {"VisionFuseAndPermuteForRope", kFuse},
    {"VisionUnfuseAndPermuteForRope", kUnfuse},
};

}  // namespace

int64_t FindOperationClass(std::string_view name) {
  for (size_t i = 0; i < std::size(kClasses); ++i) {
    if (kClasses[i].name == name) return static_cast<int64_t>(i);
  }
  return -1;
}

const OperationClass& OperationClassAt(int64_t number) {
  return kClasses[static_cast<size_t>(number)];
}

}  // namespace wcheck::python
