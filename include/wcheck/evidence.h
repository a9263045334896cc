// What findings and analyses point at: keys, transforms of a registry, and parts of them.
#pragma once

#include <cstdint>
#include <string>

#include "wcheck/registry.h"

namespace wcheck {

// Some keys, as a family, and what happens to them.
struct KeyEvidence {
  std::string key;       // "model.layers.{0...31}.mlp.w1.weight"
  std::string relation;  // "is saved as", "is loaded into", "goes nowhere: …"
  std::string other;     // another family or name; may be empty
  uint64_t count = 1;    // how many keys the family has

  friend bool operator==(const KeyEvidence&, const KeyEvidence&) = default;
};

// A transform of a registry, as messages name it.
struct TransformRef {
  const TransformSpec* spec = nullptr;  // lives in the Registry
  std::string entry;                    // "mixtral"
  uint32_t index = 0;                   // in the entry, from 0

  friend bool operator==(const TransformRef&, const TransformRef&) = default;
};

// The part of a transform that is to blame.
struct Blame {
  enum class Part : uint8_t { kCall, kSource, kTarget };
  Part part = Part::kCall;
  uint32_t index = 0;  // of the pattern, for kSource and kTarget
};

// Where a part of a transform was written; unknown if the reader did not record it.
SourceRange PlaceOf(const TransformSpec& spec, Blame blame = {});
// How messages write a transform: WeightRenaming('^vision_tower' -> 'model.vision_tower').
std::string ShowTransform(const TransformSpec& spec);

}  // namespace wcheck
