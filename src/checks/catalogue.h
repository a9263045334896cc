// Every check, by name. One function a file; catalogue.cc lists them all.
#pragma once

#include "checks/check.h"

namespace wcheck {

// round trip
const Check& InvalidPattern();
const Check& InvalidTransform();
const Check& NonBijectiveRename();
const Check& SaveCollision();
const Check& LoadCollision();
const Check& LostKey();
const Check& ReverseError();
const Check& OperationError();
const Check& ShapeMismatch();
const Check& IrreversibleOperation();
// stability
const Check& NotReloadSafe();
const Check& NotResaveSafe();
const Check& UnstableReversal();
// patterns
const Check& MidTokenMatch();
const Check& MisplacedReplacement();
const Check& MangledName();
const Check& LostBackreference();
const Check& UnescapedDot();
const Check& GreedyCapture();
const Check& WildcardRewrite();
const Check& LookaroundLost();
const Check& AnchorLost();
// order and claims
const Check& PatternCollision();
const Check& DoubleClaim();
const Check& CompanionCapture();
const Check& OrderDependent();
const Check& DuplicateSource();
const Check& LateGuard();
const Check& EngineSensitive();
// reach
const Check& UnusedTransform();
const Check& ShadowedTransform();
const Check& LeakedChildMapping();
const Check& ConverterOverreach();

// registry
const Check& DanglingAlias();
const Check& ShadowedAlias();
const Check& DeadEntry();
const Check& DuplicateTransform();
const Check& IdentityTransform();
const Check& MixedLookup();
const Check& SyntaxError();
const Check& UnsupportedConstruct();
const Check& AssumedGuard();
const Check& UnusedIgnore();
// sections
const Check& ShadowedLeaf();
const Check& UncoveredInternal();
const Check& UncoveredExport();
// tied weights
const Check& TiedMismatch();
const Check& TiedDangling();
// adapters
const Check& StrandedAdapter();
const Check& AdapterTied();
// checkpoint
const Check& CheckpointLayout();
const Check& CheckpointMissing();
const Check& CheckpointUnexpected();
const Check& CheckpointShape();
const Check& CheckpointDrift();

}  // namespace wcheck
