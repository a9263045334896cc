// What checks propose against a fault. Each is about the registry, whatever it is written in;
// source_edits.h finds the edits, and FixVerifier decides whether it is offered.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "wcheck/finding.h"

namespace wcheck {

// Take a transform out of its list.
Fix RemoveTransform(const TransformRef& transform, std::string description);

// Write other patterns: `replacement` differs from the transform in its patterns only.
Fix RewritePatterns(const TransformRef& transform, TransformSpec replacement,
                    std::string description);

// Let a renaming of one source and one target end where a name's part ends: `\.` behind both.
std::optional<Fix> EndAtPart(const TransformRef& transform);

// Keep the reverse of a renaming off names that are renamed already: where the source holds the
// target and text around it, the target gets a lookaround against that text. Loading is not
// touched, since the engine takes lookarounds out of targets.
std::optional<Fix> GuardTarget(const TransformRef& transform);

// The same for a renaming that takes a name off the head of what a group holds, `old.(.+)` to `\1`:
// the target is kept off what begins with that name.
std::optional<Fix> GuardHead(const TransformRef& transform);

// Keep the reverse of a renaming to names in which one of these texts follows.
std::optional<Fix> ExpectBehind(const TransformRef& transform, const std::set<std::string>& behind);

// Escape the bare dots of the targets, which a save reads as patterns.
std::optional<Fix> EscapeTargets(const TransformRef& transform);

// Anchor each target whose source is anchored.
std::optional<Fix> AnchorTargets(const TransformRef& transform);

// Put a transform of a parent at the head of another entry, where it is scoped to `path`: that is
// taken off the patterns if all of them begin with it.
std::optional<Fix> MoveUnder(const TransformRef& transform, std::string entry,
                             const std::string& path);

// Take an alias out of its table.
Fix RemoveAlias(const Alias& alias);

// Adds a fix to what a finding proposes, if there is one.
void Propose(std::optional<Fix> fix, Finding* finding);

}  // namespace wcheck
