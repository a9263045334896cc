#include "cli/rule_flags.h"

#include <vector>

#include "cli/command_line.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

Status AddNames(const cl::list<std::string>& words, CheckNames* out) {
  for (const std::string& name : words) {
    if (Status added = AddChecks(name, {}, out); !added) return added;
  }
  return Unit{};
}

}  // namespace

RuleFlags::RuleFlags()
    : select_("select", cl::value_desc("check"), cl::CommaSeparated,
              cl::desc("Run only these checks or families of checks (repeatable, or with commas)"),
              cl::cat(OutputOptions())),
      ignore_("ignore", cl::value_desc("check"), cl::CommaSeparated,
              cl::desc("Do not run these checks or families (repeatable, or with commas)"),
              cl::cat(OutputOptions())),
      severity_("severity", cl::value_desc("check=level"), cl::CommaSeparated,
                cl::desc("Report a check or family as note, warning or error, or not at all: off "
                         "(repeatable)"),
                cl::cat(OutputOptions())) {}

Status RuleFlags::ApplyTo(const Configuration& configuration, JudgeOptions* options) const {
  configuration.ApplyTo(options);
  if (!select_.empty()) options->select.clear();
  if (Status added = AddNames(select_, &options->select); !added) return added;
  if (Status added = AddNames(ignore_, &options->ignore); !added) return added;
  SeveritySettings severities;
  for (const std::string& setting : severity_) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{{}, "--severity '" + setting + "' has no '='", "write NAME=LEVEL"};
    }
    const std::string name = setting.substr(0, equals);
    const auto severity = ReadSeverity(setting.substr(equals + 1), {});
    if (!severity) return severity.error();
    if (Status set = severities.Set(name, *severity, {}); !set) return set;
  }
  severities.ApplyTo(options);
  return Unit{};
}

}  // namespace wcheck::cli
