// From renamed keys to tensors: what a pass produces (docs/semantics.md#collection and the rules
// after it, and #carried-names).
//
// Keys that a converter claimed are collected under one key each ("bucket") and run through its
// operations; the others are carried by a plain renaming. On save the result is the checkpoint; on
// load it is what the model's parameters are set to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/operations.h"
#include "engine/pass.h"

namespace wcheck {

// A converter in use: all buckets that differ only in their numbers.
struct Production {
  uint32_t transform = 0;                // index into Plan::transforms
  const Transform* converter = nullptr;  // as executed: reversed, on save
  std::string pattern;                   // the keys collected under
  IndexBox numbers;

  struct Input {
    uint32_t trace;      // index into Pass::traces
    std::string source;  // the converter's source, or the key itself for a key that it did not
                         // claim
    uint64_t count;      // tensors per bucket
  };
  std::vector<Input> inputs;  // in the order of collection

  struct Output {
    std::string pattern;
    IndexBox numbers;  // those of the bucket, and the index that replaced `*`
    Shape shape;
  };
  std::vector<Output> outputs;
  // The produced names do not occur in the key collected under, so they are used without prefix and
  // suffix, and every bucket writes to the same names.
  bool bare_names = false;

  std::optional<EngineError> error;
  std::string error_key;  // a bucket for which it is raised
};

// Tensors whose name another one took: two unclaimed keys reach one name, and the first one wins.
struct Overwrite {
  std::string pattern;
  IndexBox numbers;
  std::vector<uint32_t> traces;  // those that reach it, the first one wins
};

struct Conversion {
  std::vector<Production> productions;
  std::vector<Overwrite> overwrites;
  // Every resulting tensor, once: name and shape. Views into `storage`, and into what the families
  // of the pass point into.
  std::vector<LayoutFamily> tensors;
  std::shared_ptr<const void> storage;
  // The first error of a plain renaming or, on save, of a production: nothing is loaded or saved
  // then.
  std::optional<EngineError> error;
  std::string error_key;
  std::optional<uint32_t> error_transform;
};

// `order` is the one of `pass`; `model` are the model's keys (for check_dims). On load, keys that
// are not in the model are not collected.
Conversion Convert(const Pass& pass, const Plan& plan, const PassOrder& order, const Engine& engine,
                   const KeySet& model);

// The shape that a layout gives to each key of a family.
inline Shape ShapeOf(const LayoutFamily& family) {
  return {family.shape.begin(), family.shape.end()};
}

}  // namespace wcheck
