// The tensor operations of a WeightConverter, as written. Everything about an operation is one row
// of wcheck/operations.def.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

enum class OperationKind : uint8_t {
#define WCHECK_OPERATION(kind, ...) kind,
#include "wcheck/operations.def"
};

// One operation with its parameters. Only those that the row of its kind lists mean anything; the
// others keep the values that they have here.
struct Operation {
  OperationKind kind = OperationKind::kChunk;
  int64_t dim = 0;
  int64_t dim0 = 0;
  int64_t dim1 = 1;
  int64_t stack_dim = 0;
  int64_t concat_dim = 1;
  bool check_dims = false;
  bool inverse = false;
  int64_t in_channels = 0;
  std::array<int64_t, 3> kernel_size{0, 0, 0};
  // Where the model's config keeps the head counts, and which layers are permuted.
  std::optional<std::string> subconfig_key;
  std::vector<std::string> permute_layer_names;
  // The attribute of the model's config that is the number of shards under the `*` of the one name
  // on the checkpoint's side.
  std::optional<std::string> num_shards_attribute;

  friend bool operator==(const Operation&, const Operation&) = default;
};

// An operation with the defaults of its class's constructor.
Operation MakeOperation(OperationKind kind);

// The class name in the library ("MergeModulelist"), and back.
std::string_view OperationName(OperationKind kind);
std::optional<OperationKind> ParseOperationName(std::string_view name);

// The operation that undoes this one.
Operation ReverseOperation(const Operation& operation);

// The call that constructs it: "Transpose(dim0=0, dim1=1, check_dims=True)". Numbers are always
// written, everything else where it is not the default, so that operations which differ are written
// differently. This is the one spelling of an operation in texts.
std::string ShowOperation(const Operation& operation);
std::string ShowOperations(const std::vector<Operation>& operations, std::string_view separator);

}  // namespace wcheck
