// Candidate fixes: a change of the registry, and the edits of its source that make it.
//
// Each function gives nothing where the source does not allow it: the place is not known, the
// transform was made by a loop or a call that makes others too, or a pattern is not written out.
#pragma once

#include <optional>
#include <string>

#include "wcheck/checks/finding.h"

namespace wcheck {

// Take a transform out of its list.
std::optional<Fix> RemoveTransform(const TransformRef& transform, std::string description);

// Write other patterns: `replacement` differs from the transform in its patterns only.
std::optional<Fix> RewritePatterns(const TransformRef& transform, TransformSpec replacement,
                                   std::string description);

// Let a renaming of one source and one target end where a name's part ends: `\.` behind both.
std::optional<Fix> EndAtPart(const TransformRef& transform);

// Take an alias out of its table.
std::optional<Fix> RemoveAlias(const Alias& alias);

}  // namespace wcheck
