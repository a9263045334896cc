// The header of a safetensors file: names, dtypes, shapes and offsets of its tensors. The data
// after the header is never read.
//
// A file is 8 bytes of length (little-endian), a JSON object of that length, and the data:
//   {"__metadata__": {"format": "pt"}, "norm.weight": {"dtype": "BF16", "shape": [4096],
//    "data_offsets": [0, 8192]}, …}
// Offsets count from the end of the header. The rules are those of the format's own implementation:
// tensors cover the data from its first byte to its last, without overlaps or holes, and each is as
// long as its shape and dtype require. Every error names the byte of the file where the fault is.
//
// Memory: the header (at most kMaxSafetensorsHeader), the longest name, and 24 bytes per tensor.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "wcheck/result.h"

#include "support/limits.h"

namespace wcheck {

// One tensor. The views live only while the visitor runs.
struct SafetensorsTensor {
  std::string_view name;
  std::span<const int64_t> shape;  // outermost first; empty for a scalar
  std::string_view dtype;          // torch's name without "torch.": "bfloat16"
  uint32_t offset;                 // of the name, in the file
};
using SafetensorsVisitor = std::function<void(const SafetensorsTensor&)>;

// Calls `visit` with every tensor, in the order written. An error that only shows at the end (an
// overlap, a hole) is found after tensors have been visited. Duplicate names are not checked: a
// caller that keeps the names can check them for free.
//
// A name with a control character, a quote or a backslash is an error. It is legal JSON, but no
// module can have such a name, and it would corrupt output.
Status ReadSafetensors(const std::string& path, const SafetensorsVisitor& visit);

// The same for bytes in memory: the complete header with its length, of a file of `file_size`
// bytes.
Status ReadSafetensorsHeader(std::string_view bytes, uint64_t file_size, const std::string& path,
                             const SafetensorsVisitor& visit);

}  // namespace wcheck
