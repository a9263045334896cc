// Whether a fix may be offered: simulating the repaired registry removes the finding, and changes
// no name and no shape of any class.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "wcheck/checks/judge.h"

namespace wcheck {

// The registry as it is after a repair. Copies of a transform change with the one that was written.
Registry Repaired(const Registry& registry, const Repair& repair);

struct FixVerdict {
  bool finding_gone = false;  // and no other finding of its check has come up
  bool keys_kept = false;     // what is saved, what is loaded, under the same names
  std::string first_change;   // a class for which that is not so
  bool ok() const { return finding_gone && keys_kept; }
};

class FixVerifier {
 public:
  // Judges with these options, over these classes: those of the run that made the findings. Keeps
  // references to `registry` and `layouts`.
  FixVerifier(const Registry& registry, const LayoutSource& layouts, std::vector<size_t> classes,
              bool all_classes, JudgeOptions options);

  // Requires finding.fix.
  Result<FixVerdict> Verify(const Finding& finding);
  // The names of every class are as they were with another registry, such as one with many repairs.
  // `changed` are the entries in which the two differ; a class that reaches none is not simulated.
  Result<std::string> FirstChange(const Registry& other,
                                  const std::set<std::string>& changed) const;

 private:
  Result<std::set<std::string>> CausesOf(const Registry& registry, std::string_view check) const;

  const Registry& registry_;
  const LayoutSource& layouts_;
  std::vector<size_t> classes_;
  bool all_classes_;
  JudgeOptions options_;
  std::map<std::string, std::set<std::string>, std::less<>> causes_;  // by check, before any repair
};

// The entries whose transforms differ.
std::set<std::string> ChangedEntries(const Registry& a, const Registry& b);

}  // namespace wcheck
