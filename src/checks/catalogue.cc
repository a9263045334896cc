#include "checks/catalogue.h"

#include <algorithm>
#include <iterator>

namespace wcheck {

std::span<const Check* const> AllChecks() {
  static const Check* const kChecks[] = {
      // round trip
      &InvalidPattern(),
      &InvalidTransform(),
      &NonBijectiveRename(),
      &SaveCollision(),
      &LoadCollision(),
      &LostKey(),
      &ReverseError(),
      &OperationError(),
      &ShapeMismatch(),
      &IrreversibleOperation(),
      // stability
      &NotReloadSafe(),
      &NotResaveSafe(),
      &UnstableReversal(),
      // patterns
      &MidTokenMatch(),
      &MisplacedReplacement(),
      &MangledName(),
      &LostBackreference(),
      &UnescapedDot(),
      &GreedyCapture(),
      &WildcardRewrite(),
      &LookaroundLost(),
      &AnchorLost(),
      // order and claims
      &PatternCollision(),
      &DoubleClaim(),
      &CompanionCapture(),
      &OrderDependent(),
      &DuplicateSource(),
      &LateGuard(),
      &EngineSensitive(),
      // reach
      &UnusedTransform(),
      &ShadowedTransform(),
      &LeakedChildMapping(),
      &ConverterOverreach(),
      // registry
      &DanglingAlias(),
      &ShadowedAlias(),
      &DeadEntry(),
      &DuplicateTransform(),
      &IdentityTransform(),
      &MixedLookup(),
      &SyntaxError(),
      &UnsupportedConstruct(),
      &AssumedGuard(),
      &UnusedIgnore(),
      // sections
      &ShadowedLeaf(),
      &UncoveredInternal(),
      &UncoveredExport(),
      // tied weights
      &TiedMismatch(),
      &TiedDangling(),
      // adapters
      &StrandedAdapter(),
      &AdapterTied(),
      // checkpoint: what it is compared with comes first
      &CheckpointLayout(),
      &CheckpointMissing(),
      &CheckpointUnexpected(),
      &CheckpointShape(),
      &CheckpointDrift(),
  };
  return kChecks;
}

const Check* FindCheck(std::string_view name) {
  auto all = AllChecks();
  auto found = std::find_if(all.begin(), all.end(),
                            [name](const Check* check) { return check->info().name == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace wcheck
