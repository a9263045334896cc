// The smallest edit of lines that half work.
#pragma once

#include <optional>
#include <vector>

#include "suggest/verify.h"

namespace wcheck::suggest {

bool SameLine(const Line& a, const Line& b);

// Lines that have no fault under `engine`, made of `existing` by removing, replacing and inserting one line
// after the other, each time the one that leaves the fewest faults. What is inserted is of `fresh`. Nothing
// if no such edit leads there.
std::optional<std::vector<Line>> EditLines(const std::vector<Line>& existing, const std::vector<Line>& fresh,
                                           const Verifier& verifier, const Engine& engine);

// What is kept, removed and added between two lists of lines, in their order.
struct EditedLine {
  enum class Kind : char { kKept = ' ', kRemoved = '-', kAdded = '+' };
  Kind kind;
  Line line;
};
std::vector<EditedLine> DiffLines(const std::vector<Line>& before, const std::vector<Line>& after);

}  // namespace wcheck::suggest
