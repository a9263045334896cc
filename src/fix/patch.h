// Fixes as changes of files: which of them go together, what the text becomes, and the difference
// as people read it.
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

// The edits of one fix, a patch a file; nothing if two of them overlap.
std::vector<Patch> PatchesOf(const Fix& fix);

// The text of the file with the edits made. Everything else stays as it is, byte for byte.
std::string Patched(const Patch& patch);

// Lines that become others: [begin, end) of the old text, 0-based, and what stands in their place.
// Each line has its line ending; the last of a file may have none.
struct LineChange {
  uint32_t begin = 0;
  std::vector<std::string> old_lines;
  std::vector<std::string> new_lines;
};
std::vector<LineChange> LineChanges(const Patch& patch);

// The patch as `patch -p0` and people know it: three lines of context. Empty if nothing changes.
std::string UnifiedDiff(const Patch& patch, std::string_view file_name);

// The fixes of some findings that can be made at once.
struct FixSelection {
  std::vector<Patch> patches;           // by file name
  std::vector<const Finding*> taken;    // each edit counts once, however many findings share it
  std::vector<const Finding*> overlap;  // left out: they change what another one changes
};
// In the order of the findings, the first of two that overlap. `unsafe`: those too that are not
// safe.
FixSelection SelectFixes(const std::vector<const Finding*>& findings, bool unsafe);

}  // namespace wcheck
