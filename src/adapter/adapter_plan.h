// The mapping that an adapter's keys go through: the model's own, with its converters rewritten for
// pairs of factors (build_peft_weight_mapping).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/operations.h"
#include "engine/pass.h"
#include "engine/plan.h"

namespace wcheck {

// What happens to the tensors that a rewritten converter collects.
struct FactorOperation {
  enum class Kind : uint8_t {
    kStack,          // of a list: MergeModulelist
    kConcatenate,    // of the sources
    kBlockDiagonal,  // of the sources, then flattened: lora_B of what is fused
    kFlatten,        // the first two dimensions into one
    kPermute,        // (2, 0, 1)
    kTranspose,      // (1, 0)
  };
  Kind kind;
  int64_t dim = 0;
};

struct AdapterPlan {
  // What Python raises while it rewrites the mapping.
  std::optional<std::string> raises;
  Plan plan;
  // By the index of a transform: empty for a renaming.
  std::vector<std::vector<FactorOperation>> operations;
  std::deque<TransformSpec> specs;
};

// How a release rewrites a mapping.
struct RewriteRules {
  bool strips_wrapper = false;
  bool only_mixtral = false;  // converters of exactly the two targets of Mixtral
  // New converters are given what the constructor does not take.
  bool raises_for_converters = false;
  bool leaves_empty_converters_out = false;
  std::string_view prefix;  // of the method's keys; "" for all methods
};

AdapterPlan RewriteForAdapter(const Plan& model_plan, const Engine& engine, const RewriteRules& rules);
// Two names, renamed after all others.
void AppendRenaming(AdapterPlan* plan, const Engine& engine, const std::string& from, const std::string& to);

// All renamings, then the converters.
PassOrder RenamingsFirst(const Plan& plan);

// One source of a converter: what was collected for its pattern, in the order of the keys.
using CollectedShapes = std::vector<std::optional<Shape>>;

// The shape that a converter makes; nothing where a shape is not known; an error where Python raises.
struct Converted {
  std::optional<Shape> shape;
  std::optional<std::string> raises;
};
Converted ConvertShapes(std::span<const FactorOperation> operations, const std::vector<CollectedShapes>& sources);

}  // namespace wcheck
