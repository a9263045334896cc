// The configuration of a project: .wcheck.json, or [tool.wcheck] in pyproject.toml
// (docs/configuration.md, docs/config.schema.json); and which checks run, and how severe they are.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/judge.h"
#include "wcheck/result.h"

namespace wcheck {

using CheckNames = std::set<std::string, std::less<>>;

// Adds the check of this name, or those of the family of this name ("round-trip"). An Error at
// `place`, with the nearest names, if there is neither.
Status AddChecks(std::string_view name, const Place& place, CheckNames* out);

// What a severity can be set to: a Severity, or "off" (nothing), which is as good as an ignored
// check. An Error at `place` for another word.
Result<std::optional<Severity>> ReadSeverity(std::string_view word, const Place& place);

// The severities from one source. A check takes precedence over its family, in any order.
class SeveritySettings {
 public:
  Status Set(std::string_view name, std::optional<Severity> severity, const Place& place);
  void ApplyTo(JudgeOptions* options) const;

 private:
  std::map<std::string, std::optional<Severity>> by_family_;
  std::map<std::string, std::optional<Severity>> by_check_;
};

// A text of the configuration, and where it stands.
struct Setting {
  std::string text;
  Place place;

  bool empty() const { return text.empty(); }
};

// What a configuration says; empty where it says nothing. Paths are as seen from the working
// directory.
struct Configuration {
  std::string path;  // of the file; "" if there is none

  Setting mapping;
  Setting layouts;
  Setting engine;
  std::vector<Setting> engines;  // releases that the mapping has to work with
  std::vector<std::string> models;  // globs
  std::string baseline;
  std::string accepted;

  CheckNames select;
  CheckNames ignore;
  SeveritySettings severity;
  std::map<std::string, CheckNames, std::less<>> ignore_in;  // by entry

  Setting fail_on;          // a severity, or "never"
  Setting fail_on_verdict;  // of comparisons
  Setting format;
  std::vector<std::string> allow_drift;  // globs
  bool allow_unjudged = false;
  std::vector<std::string> expected_keys;  // globs of keys that a checkpoint need not have

  // Adds what says which checks run.
  void ApplyTo(JudgeOptions* options) const;
};

// The nearest configuration, from `folder` upwards to the root of its git repository; a
// pyproject.toml without [tool.wcheck] is none.
// Of two files in one folder, .wcheck.json is read. Errors: a file that cannot be read (it does not
// send the search on), or is not valid; unknown keys and checks.
Result<Configuration> FindConfiguration(const std::string& folder);

// Takes out the findings of checks that `ignore_in` names for the entry that they are about.
void IgnoreInEntries(const Configuration& configuration, std::vector<Finding>* findings);

}  // namespace wcheck
