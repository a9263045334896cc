// The fixes that checks propose. Each is about the registry, in any dialect; source_edits.h finds
// the edits, and FixVerifier decides whether it is offered.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "wcheck/finding.h"

namespace wcheck {

// Removes a transform from its list.
Fix RemoveTransform(const TransformRef& transform, std::string description);

// Changes patterns: `replacement` differs from the transform in its patterns only.
Fix RewritePatterns(const TransformRef& transform, TransformSpec replacement,
                    std::string description);

// Ends a renaming of one source and one target at the end of the name part: `\.` after both.
std::optional<Fix> EndAtPart(const TransformRef& transform);

// Keeps the reverse of a renaming away from names that are already renamed: if the source contains
// the target and text around it, the target gets a lookaround against that text. A load is not
// affected, since the engine removes lookarounds from targets.
std::optional<Fix> GuardTarget(const TransformRef& transform);

// The same for a renaming that removes a name before a group, `old.(.+)` to `\1`: the target
// excludes what begins with that name.
std::optional<Fix> GuardHead(const TransformRef& transform);

// Limits the reverse of a renaming to names in which one of these texts follows.
std::optional<Fix> ExpectBehind(const TransformRef& transform, const std::set<std::string>& behind);

// Escapes the bare dots of the targets, which a save reads as patterns.
std::optional<Fix> EscapeTargets(const TransformRef& transform);

// Anchors each target whose source is anchored.
std::optional<Fix> AnchorTargets(const TransformRef& transform);

// Moves a transform of a parent to the beginning of another entry, where it is scoped to `path`,
// which is removed from the patterns if all of them begin with it.
std::optional<Fix> MoveUnder(const TransformRef& transform, std::string entry,
                             const std::string& path);

// Removes an alias from its table.
Fix RemoveAlias(const Alias& alias);

// Adds a fix to the candidates of a finding, if there is one.
void Propose(std::optional<Fix> fix, Finding* finding);

}  // namespace wcheck
