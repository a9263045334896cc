// How the transforms that a class collects differ between two registries.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wcheck/compare.h"
#include "wcheck/registry.h"

#include "engine/plan.h"

namespace wcheck {

// A transform with its operations: "WeightConverter('a' -> 'b'): Chunk(dim=0)".
std::string TransformText(const TransformSpec& spec);
std::string OperationsText(const std::vector<Operation>& operations);

// Numbers for the transforms of two registries: transforms that are equal for the engine get equal
// numbers.
class TransformNumbers {
 public:
  void Add(const Registry& registry);
  uint32_t Of(const TransformSpec& spec) const { return by_spec_.at(&spec); }

 private:
  std::unordered_map<std::string, uint32_t> by_identity_;
  std::unordered_map<const TransformSpec*, uint32_t> by_spec_;
};

// The entries that only one registry has, or whose lists differ.
std::set<std::string, std::less<>> DifferentEntries(const Registry& before, const Registry& after,
                                                    const TransformNumbers& numbers);

// The same transforms in the same order with the same scopes.
bool SamePlan(const Plan& before, const Plan& after, const TransformNumbers& numbers);

// An edit, and the transforms of the two plans that it is about.
struct PlanEdit {
  TransformEdit edit;
  std::optional<uint32_t> before;
  std::optional<uint32_t> after;
};

// The edits that turn one plan into the other, in the order of the plans.
std::vector<PlanEdit> EditsBetween(const Plan& before, const Plan& after,
                                   const TransformNumbers& numbers);

// "WeightRenaming('a' -> 'b') became WeightRenaming('a' -> 'c')": without a place.
std::string EditText(const TransformEdit& edit);

}  // namespace wcheck
