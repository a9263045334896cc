// Tensor operations on names and shapes (docs/semantics.md#op-chunk and the rules after it).
//
// What a converter does with what it collected under one key: a list of tensors for each source
// that took part, through its operations, to products with names and shapes. Tensor data is neither
// known nor needed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "wcheck/release.h"
#include "mapping/transform.h"

namespace wcheck {

using Shape = std::vector<int64_t>;

// "[8, 4096]".
std::string ShowShape(std::span<const int64_t> shape);

// Tensors of one shape, consecutive in a list.
struct TensorRun {
  Shape shape;
  uint64_t count = 1;
};

// What passes through a chain of operations under one name: the collected list, or the single
// tensor that an operation produced (`runs` has one tensor then), which cannot be stacked again.
struct NamedTensors {
  // The pattern or produced name. If `indexed`, one name for each i in [first, first + count): i
  // replaces every `*` of `name`, and each has one tensor of runs[0].shape.
  std::string name;
  std::vector<TensorRun> runs;
  bool single = false;
  bool indexed = false;
  uint64_t first = 0;
  uint64_t count = 0;

  uint64_t tensor_count() const;
};

// What operations ask of the model.
struct ModelFacts {
  // The model's own shape for a key; null if the model has no such key.
  std::function<const Shape*(std::string_view key)> shape;
  // Attributes of its text configuration (Layout::config).
  std::span<const std::pair<std::string, int64_t>> config;
};

// Runs `converter.operations` over `collected` (in the order of collection). `layer_name` is the
// key under which the tensors were collected. The result keeps the order of the engine's dict.
std::variant<std::vector<NamedTensors>, EngineError> RunOperations(
    const Transform& converter, const Engine& engine, std::vector<NamedTensors> collected,
    std::string_view layer_name, const ModelFacts& model);

}  // namespace wcheck
