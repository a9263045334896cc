// A baseline: findings that are known and do not fail the gate, by their identities
// (Finding::identity), which hold no prose, no line number and no class.
//
// The file has a first line that names the format and its version, and then an identity a line,
// sorted; `\n`, `\r` and `\\` stand for a line break and a backslash. Empty lines and lines that
// begin with '#' are comments.
//
// Version 1 had "check|entry|transform|message", or "check|class|message" for a finding without a
// transform. It is still read: its lines are matched by what they share with an identity.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck {

// The name, instead of a path, of the findings that a release's own mapping has.
inline constexpr std::string_view kBundledBaseline = "bundled";

inline constexpr int kBaselineVersion = 2;  // that is written

struct Baseline {
  int version = kBaselineVersion;
  std::set<std::string, std::less<>> lines;  // identities; of version 1, what it had instead
};

// The identities of `findings` and of `others`, as a file of the newest version.
std::string WriteBaseline(const std::vector<Finding>& findings,
                          const std::set<std::string>& others = {});
Result<Baseline> ReadBaseline(const SourceFile& file);

struct BaselineUse {
  size_t known = 0;                  // findings that were removed
  std::set<std::string> identities;  // theirs
  size_t matched = 0;                // lines that know one of them
  std::vector<std::string> fixed;    // lines that no finding has any more, sorted
};
// Takes the known findings out of `findings`. A line of version 1 knows the findings of its check
// and transform (or class) whose subject it holds, or the only one that there is.
BaselineUse ApplyBaseline(const Baseline& baseline, std::vector<Finding>* findings);

// The name of the check that a line is about.
std::string_view CheckOfLine(std::string_view line);

}  // namespace wcheck
