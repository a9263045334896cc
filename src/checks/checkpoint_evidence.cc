#include "checks/checkpoint_evidence.h"

#include <utility>

#include "analysis/subject.h"
#include "families/boxes.h"

namespace wcheck {

std::string FileName(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string CountKeys(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " key" : " keys");
}

Finding AboutCheckpoint(const CheckpointOutcome& outcome, std::string_view cause,
                        std::string message, std::string advice) {
  Finding finding;
  finding.message = std::move(message);
  finding.advice = std::move(advice);
  finding.cause = cause;
  finding.classes.push_back({outcome.layout->class_name, {}, 0});
  return finding;
}

void NameSubject(Finding* finding) {
  if (finding->transform) return;
  std::vector<std::string> keys;
  for (const KeyEvidence& evidence : finding->classes.front().keys) keys.push_back(evidence.key);
  finding->subject = NumberlessList(keys);
}

void ShowFamilyIn(Finding* finding, std::string_view pattern, std::span<const IndexSet> numbers,
                  std::string relation, std::string other) {
  finding->classes.front().keys.push_back(
      {ShowFamily(pattern, numbers), std::move(relation), std::move(other), BoxSize(numbers)});
}

}  // namespace wcheck
