// Transforms as JSON, in the form of registry-V.json and of `mapping` in truth-V.jsonl.
#pragma once

#include <optional>
#include <string_view>

#include "wcheck/registry.h"

namespace llvm::json {
class OStream;
}

namespace wcheck {

// Writes the attributes of a transform into the current JSON object of `out`, with the parameters
// that operations have in the engine's release; null for one that is nothing.
void WriteTransformAttributes(const TransformSpec& transform, const Engine& engine,
                              llvm::json::OStream* out);

}  // namespace wcheck
