// The tensor operations of a WeightConverter, as written. What they do to names and shapes is
// engine/operations.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

enum class OperationKind : uint8_t {
  kChunk,
  kConcatenate,
  kMergeModulelist,
  kSplitModulelist,
  kTranspose,
  kInterleave,
  kPermuteForRope,
  kConv3dToLinear,
  kLinearToConv3d,
  kErnieFuseAndSplit,
  kErnieSplitAndDecouple,
  // Of releases that are gone: a copy of a tensor that does not begin at a multiple of 16 bytes
  // (5.0), and PermuteForRope with Concatenate or Chunk in one (until 5.20).
  kForce16BytesAlignment,
  kVisionFuseAndPermuteForRope,
  kVisionUnfuseAndPermuteForRope,
};
inline constexpr size_t kOperationKinds =
    static_cast<size_t>(OperationKind::kVisionUnfuseAndPermuteForRope) + 1;

// One operation with its parameters. Only those that belong to the kind mean anything; the others
// keep their defaults. Defaults are those of the engine's constructors.
struct Operation {
  OperationKind kind = OperationKind::kChunk;
  // Chunk, Concatenate, MergeModulelist, SplitModulelist, Interleave, the two Vision operations.
  int64_t dim = 0;
  int64_t dim0 = 0;         // Transpose
  int64_t dim1 = 1;         // Transpose
  bool check_dims = false;  // Transpose
  bool inverse = false;     // Interleave, PermuteForRope, the two Vision operations
  int64_t in_channels = 0;  // Conv3dToLinear, LinearToConv3d
  std::array<int64_t, 3> kernel_size{0, 0, 0};  // Conv3dToLinear, LinearToConv3d
  int64_t stack_dim = 0;                        // the two Ernie operations
  int64_t concat_dim = 1;                       // the two Ernie operations
  // PermuteForRope: where the model's config keeps the head counts, and which layers are permuted
  // (these also for the two Vision operations).
  std::optional<std::string> subconfig_key;
  std::vector<std::string> permute_layer_names;
  // Chunk, Concatenate: the attribute of the model's config that is the number of shards under the
  // `*` of the one name on the checkpoint's side.
  std::optional<std::string> num_shards_attribute;

  friend bool operator==(const Operation&, const Operation&) = default;
};

// The class name in the library ("MergeModulelist"), and back.
std::string_view OperationName(OperationKind kind);
std::optional<OperationKind> ParseOperationName(std::string_view name);

// The operation that undoes this one (the table of SEMANTICS section 4).
Operation ReverseOperation(const Operation& operation);

}  // namespace wcheck
