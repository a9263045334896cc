// Writes safetensors files for tests: independent of the reader, and able to write wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wcheck::testing {

struct TestTensor {
  std::string name;
  std::vector<int64_t> shape;
};

// The header's length as the format writes it, and the header.
inline std::string WithLength(const std::string& header) {
  std::string bytes;
  for (size_t i = 0; i < 8; ++i) {
    bytes += static_cast<char>(static_cast<uint64_t>(header.size()) >> (8 * i) & 0xFF);
  }
  return bytes + header;
}

// A complete file: bfloat16 tensors one after another, all zeros.
inline std::string SafetensorsFile(const std::vector<TestTensor>& tensors) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}";
  uint64_t end = 0;
  for (const TestTensor& tensor : tensors) {
    std::string shape;
    uint64_t begin = end;
    uint64_t size = 2;
    for (int64_t n : tensor.shape) {
      shape += (shape.empty() ? "" : ",") + std::to_string(n);
      size *= static_cast<uint64_t>(n);
    }
    end += size;
    header += ",\"" + tensor.name + "\":{\"dtype\":\"BF16\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(begin) + ',' + std::to_string(end) + "]}";
  }
  return WithLength(header + "}  ") + std::string(end, '\0');
}

}  // namespace wcheck::testing
