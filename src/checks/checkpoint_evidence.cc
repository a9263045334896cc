#include "checks/checkpoint_evidence.h"

#include <utility>

#include "families/boxes.h"

namespace wcheck {

std::string CountKeys(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " key" : " keys");
}

Finding AboutCheckpoint(const CheckpointOutcome& outcome, std::string message, std::string cause,
                        std::string advice) {
  Finding finding;
  finding.message = std::move(message);
  finding.advice = std::move(advice);
  finding.cause = std::move(cause);
  finding.classes.push_back({outcome.layout->class_name, {}, 0});
  return finding;
}

void ShowFamilyIn(Finding* finding, std::string_view pattern, std::span<const IndexSet> numbers,
                  std::string relation, std::string other) {
  finding->classes.front().keys.push_back(
      {ShowFamily(pattern, numbers), std::move(relation), std::move(other), BoxSize(numbers)});
}

}  // namespace wcheck
