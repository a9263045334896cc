// What a load leaves wrong after its operations have run on tensors: what they raised, and which
// parameters got no tensor, or one of another shape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

struct LoadRemains {
  // A converter that raised: the keys that it collected under. The load goes on without it.
  struct Failure {
    std::string pattern;
    IndexBox numbers;
    const EngineError* error;
  };
  std::vector<Failure> failures;
  std::vector<FamilyPart> unset;         // of the layout's families: no tensor came
  std::vector<LayoutFamily> stray;       // produced, and no key of the model
  std::vector<LayoutFamily> mismatched;  // with the shape that came, which is not the model's
  std::vector<IndexBox> storage;         // what `stray` and `mismatched` point into
};

// Requires that the checkpoint was loaded without an error. Refers to `simulation`.
LoadRemains RemainsOf(const Simulation& simulation);

}  // namespace wcheck
