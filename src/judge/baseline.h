// A baseline: findings that are known and do not fail the gate, by their causes (Finding::cause),
// which hold no line number and no class.
//
// The file has a first line that names the format, and then a cause a line, sorted; `\n`, `\r` and
// `\\` stand for a line break and a backslash. Empty lines and lines that begin with '#' are
// comments.
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

using Baseline = std::set<std::string, std::less<>>;  // causes

std::string WriteBaseline(const std::vector<Finding>& findings);
Result<Baseline> ReadBaseline(const SourceFile& file);

struct BaselineUse {
  size_t known = 0;                // findings that were taken out
  std::vector<std::string> fixed;  // causes that no finding has any more, sorted
};
// Takes the known findings out of `findings`.
BaselineUse ApplyBaseline(const Baseline& baseline, std::vector<Finding>* findings);

// The name of the check that a cause belongs to.
std::string_view CheckOfCause(std::string_view cause);

}  // namespace wcheck
