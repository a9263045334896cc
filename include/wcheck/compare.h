// Compares two mappings over the models that they are for.
//
// A class of which both registries collect the same transforms, in the same order and scopes, for
// the same model and engine is the same without a simulation; all others are simulated with both,
// and the checkpoint that the old registry saves is loaded with the new one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "wcheck/comparison.h"
#include "wcheck/profile.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck {

// A mapping, the models it is used with and the engine that runs it.
struct CompareSide {
  const Registry* registry = nullptr;
  const LayoutSource* layouts = nullptr;
  const Profile* profile = &DefaultProfile();
};

struct CompareOptions {
  // Which checks look for new and fixed findings, how many threads run, and who is told of
  // progress; the profile is the side's.
  JudgeOptions judge;
  // Whether a class that is compatible may be so (--allow-drift).
  std::function<bool(const std::string& class_name)> allow_drift;
};

// Compares the classes of these names; each is in one of the two sides' layouts at least. The sides
// must outlive the result, which refers to their registries.
Result<Comparison> Compare(const CompareSide& before, const CompareSide& after,
                           const std::vector<std::string>& classes, const CompareOptions& options);

}  // namespace wcheck
