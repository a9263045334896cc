// Transforms as JSON, in the form of registry-V.json and of `mapping` in truth-V.jsonl.
#pragma once

#include <optional>
#include <string_view>

#include "wcheck/registry.h"

namespace llvm::json {
class OStream;
}

namespace wcheck {

// Writes the attributes of a transform into the current JSON object of `out`.
void WriteTransformAttributes(const TransformSpec& transform, llvm::json::OStream* out);

}  // namespace wcheck
