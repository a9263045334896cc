// A line of a source, prepared for a report with a mark under a part of it.
#pragma once

#include <string>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/source_file.h"

namespace wcheck {

// The line in which a range begins, printable and cut to fit, with the marked part as columns of
// `text`: from `begin` (0-based) to `end`.
struct SourceExcerpt {
  std::string text;
  size_t begin = 0;
  size_t end = 0;
};
SourceExcerpt ExcerptOf(const SourceRange& range);

// What a fix changes: "- old line" and "+ new line" for each line, printable; long runs of lines
// are cut. The lines of each file are in order.
std::vector<std::string> FixLines(const Fix& fix);

}  // namespace wcheck
