// Formats of others: checkpoints whose names the library neither reads nor writes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "checkpoint/checkpoint_files.h"
#include "wcheck/layout.h"

namespace wcheck {

struct ForeignFormat {
  std::string_view name;     // "MLX, quantised": what it is
  std::string_view because;  // what shows it: "`.scales` and `.biases` beside packed weights"
};

// The format of a checkpoint by its names and config.json, or null if it is none of those known here. A
// quantiser of the library, named in quantization_config, is none.
const ForeignFormat* ForeignFormatOf(const Checkpoint& checkpoint);

}  // namespace wcheck
