// What `wcheck simulate` reads in addition to a registry and layouts: checkpoint keys, and cases
// that bring their own registry and layout. Both are files with one JSON object per line, .jsonl or
// .jsonl.xz.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// The checkpoint keys of one class, as families (without a dtype).
struct CheckpointKeys {
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;  // what they point into
};

// By class, the `checkpoint` (key -> shape) of every line that has one; other members are ignored,
// since reference answers have many. Errors: a duplicate class, a line without `class`, an invalid
// key or shape.
Result<std::map<std::string, CheckpointKeys, std::less<>>> ReadCheckpointKeys(
    const std::string& path);

// One line {"registry": …, "layout": …, "given": …}; other members are ignored. `given` is a checkpoint
// (key -> shape) to load, and may be absent.
struct Case {
  Registry registry;
  Layout layout;
  std::optional<CheckpointKeys> given;
};

Result<std::vector<Case>> ReadCases(const std::string& path);

}  // namespace wcheck::cli
