// Which checks run and how severe they are: names of checks and families, and .wcheck.json, the
// configuration of a project (docs/config.schema.json).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "wcheck/judge.h"
#include "wcheck/result.h"

namespace wcheck {

using CheckNames = std::set<std::string, std::less<>>;

// Adds the check of this name, or those of the family of this name ("round-trip"). An Error at
// `place`, with the nearest names, if there is neither.
Status AddChecks(std::string_view name, const Place& place, CheckNames* out);

// An Error at `place` for a word that is no severity.
Result<Severity> ReadSeverity(std::string_view word, const Place& place);

// The severities from one source. A check takes precedence over its family, in any order.
class SeveritySettings {
 public:
  Status Set(std::string_view name, Severity severity, const Place& place);
  void ApplyTo(JudgeOptions* options) const;

 private:
  std::map<std::string, Severity> by_family_;
  std::map<std::string, Severity> by_check_;
};

// The nearest .wcheck.json, from the working directory upwards; "" if there is none.
std::string FindConfiguration();

// Fills in `select`, `ignore` and `severity`, and sets `baseline`, unless it is null, to the path
// of the one that the file names, as seen from the working directory. Unknown keys and checks are
// errors.
Status ReadConfiguration(const std::string& path, JudgeOptions* options, std::string* baseline);

}  // namespace wcheck
