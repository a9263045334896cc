// Why keys of a checkpoint go nowhere, and why keys of the model stay empty, as far as names show
// it.
#pragma once

#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/checkpoint_fit.h"

namespace wcheck {

// The sources of load results that are no keys of the model, sorted by reason.
struct Excuses {
  std::vector<UnexpectedKeys> unexpected;
  // The model's keys whose quantised parts are present.
  struct Weight {
    std::string pattern;
    IndexBox numbers;
  };
  std::vector<Weight> quantised;
};

// Once it is known which quantiser loads the file, or that none does, quantised parts excuse nothing:
// the quantiser has taken what is its own.
// `unexpected` are parts of `families`, which `load` loaded into `layout`.
Excuses ExcuseUnexpected(const Layout& layout, const CompiledRegistry& registry, const std::vector<LayoutFamily>& families,
                         const Plan& plan, const Pass& load,
                         const std::vector<FamilyPart>& unexpected,
                         const std::vector<Fit::Behind>& behind, const QuantisedModel& quantiser);

// Whether a key is a constant that the model computes itself and that only some releases write.
bool IsConstantBuffer(std::string_view pattern);

}  // namespace wcheck
