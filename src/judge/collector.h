// Where checks put their findings while a judge runs them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wcheck/judge.h"

namespace wcheck {

// The checks that run: those selected, or all; without those ignored.
std::vector<const Check*> ChosenChecks(const JudgeOptions& options);

// An entry that the plan came from could not be read as a whole: what it lacks is not known.
bool ReachesIncompleteEntry(const Plan& plan, const Registry& registry);

// Collects the findings of one class, or of the registry, and gives each its cause.
class Collector : public FindingSink {
 public:
  // Keeps references to both.
  Collector(const WrittenTransforms& written, const JudgeOptions& options)
      : written_(written), options_(options) {}

  // What follows comes from this check, about this class ("" is the registry).
  void Begin(const Check& check, std::string_view class_name);
  void Add(Finding finding, bool keep_severity) override;

  std::vector<Finding> findings;

 private:
  std::string CauseOf(const Finding& finding) const;

  const WrittenTransforms& written_;
  const JudgeOptions& options_;
  const CheckInfo* info_ = nullptr;
  std::string_view class_name_;
};

}  // namespace wcheck
