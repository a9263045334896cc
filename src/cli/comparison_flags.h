// How a comparison is reported, and when it fails the run: the options that `wcheck diff` and
// `wcheck upgrade` share.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/compare.h"
#include "wcheck/result.h"

#include "cli/command.h"
#include "cli/output.h"
#include "project/configuration.h"
#include "report/comparison_report.h"

namespace wcheck::cli {

// The formats of comparisons, by name.
std::vector<std::pair<std::string_view, const ComparisonFormat*>> ComparisonFormatsByName();

class ComparisonFlags {
 public:
  ComparisonFlags();

  // Checks the values: to be called before any work is done.
  Status Parse(const Configuration& configuration);
  // Writes the report, and gives the status that the run ends with. `before` and `after` say what
  // was compared; `hints` adds how verdicts are accepted.
  Result<ExitStatus> Report(const Comparison& comparison, const Scope& before, const Scope& after,
                            bool hints) const;

 private:
  Outcome OutcomeOf(const Comparison& comparison) const;

  llvm::cl::opt<std::string> format_name_;
  llvm::cl::opt<std::string> fail_on_name_;
  llvm::cl::opt<bool> all_;
  llvm::cl::opt<bool> allow_unjudged_;
  llvm::cl::opt<std::string> out_;
  const ComparisonFormat* format_ = nullptr;
  bool accepts_unjudged_ = false;
  std::optional<Compatibility> fail_on_;  // from which verdict on the run fails; absent: never
};

}  // namespace wcheck::cli
