// The classes of the library that a registry file calls, as this reader knows them: the names,
// order and defaults of their constructors' parameters. The source of every row is the constructor
// in core_model_loading.py of the releases named in docs/python-registry.md.
#pragma once

#include <span>
#include <string_view>

#include "wcheck/registry.h"

namespace wcheck::python {

struct OperationParameter {
  enum class Default : uint8_t { kRequired, kInt, kBool, kNone };
  std::string_view name;
  Default kind = Default::kInt;
  int64_t value = 0;
};

struct OperationClass {
  std::string_view name;
  std::span<const OperationParameter> parameters;
};

// The number of an operation class; -1 if the name is not an operation's.
int64_t FindOperationClass(std::string_view name);
const OperationClass& OperationClassAt(int64_t number);

// The base classes are known for isinstance() only; their number is -1.
inline constexpr std::string_view kOperationBase = "ConversionOps";
inline constexpr std::string_view kTransformBase = "WeightTransform";

}  // namespace wcheck::python
