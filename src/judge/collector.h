// Where checks put their findings while a judge runs them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/judge.h"

#include "analysis/written.h"
#include "checks/check.h"
#include "engine/plan.h"

namespace wcheck {

// The checks to run: those selected, or all; without those ignored.
std::vector<const Check*> ChosenChecks(const JudgeOptions& options);

// Collects the findings of one class, or of the registry, and gives each its identity.
class Collector : public FindingSink {
 public:
  // Keeps references to both.
  Collector(const WrittenTransforms& written, const JudgeOptions& options)
      : written_(written), options_(options) {}

  // The following findings come from this check, about this class ("" is the registry).
  void Begin(const Check& check, std::string_view class_name);
  void Add(Finding finding, bool keep_severity) override;
  void Record(std::string subject, bool holds) override;

  // Joins what two findings of one identity say about one class.
  static void Merge(ClassEvidence more, const JudgeOptions& options, ClassEvidence* evidence);

  std::vector<Finding> findings;
  std::map<const Check*, std::vector<ClassRecord>> records;

 private:
  std::string IdentityOf(const Finding& finding) const;

  const WrittenTransforms& written_;
  const JudgeOptions& options_;
  const Check* check_ = nullptr;
  std::string_view class_name_;
};

}  // namespace wcheck
