// Fixes as changes of files: which of them go together, the new text, and the difference as people
// read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"

namespace wcheck {

// Edits of one file, in its order; no two overlap.
struct Patch {
  const SourceFile* file = nullptr;
  std::vector<FixEdit> edits;
};

// The edits of one fix, one patch per file; nothing if two of them overlap.
std::vector<Patch> PatchesOf(const Fix& fix);

// The text of the file with the edits applied. Everything else stays as it is, byte for byte.
std::string Patched(const Patch& patch);

// Replaced lines: [begin, end) of the old text, 0-based, and the new lines. Each line has its line
// ending; the last of a file may have none.
struct LineChange {
  uint32_t begin = 0;
  std::vector<std::string> old_lines;
  std::vector<std::string> new_lines;
};
std::vector<LineChange> LineChanges(const Patch& patch);

// The patch in the format of `patch -p0`, with three lines of context. Empty if nothing changes.
std::string UnifiedDiff(const Patch& patch, std::string_view file_name);

// The fixes of some findings that can be applied together.
struct FixSelection {
  std::vector<Patch> patches;           // by file name
  std::vector<const Finding*> taken;    // each edit counts once, however many findings share it
  std::vector<const Finding*> overlap;  // left out: they change what another one changes
};
// In the order of the findings; of two that overlap, the first. `unsafe`: include unsafe ones.
FixSelection SelectFixes(const std::vector<const Finding*>& findings, bool unsafe);

}  // namespace wcheck
