// The table of all checks. `tools/new_check NAME FAMILY` adds a row, its function, page and test.
#include <algorithm>

#include "checks/check.h"
#include "checks/faults.h"
#include "checks/rejected.h"
#include "checks/remarks.h"
#include "checks/unreached_entries.h"

namespace wcheck {

// The functions of the checks: src/checks/<namespace>.cc. They are declared here alone, so that a
// new check recompiles this file and its own group.
// clang-format off
namespace shape_mismatch { ClassFunction Check; }
namespace irreversible_operation { ClassFunction Check; }
namespace not_resave_safe { ClassFunction Check; }
namespace unstable_reversal { ClassFunction Check; }
namespace mid_token_match { ClassFunction Check; }
namespace misplaced_replacement { ClassFunction Check; }
namespace mangled_name { ClassFunction Check; }
namespace lost_backreference { ClassFunction Check; }
namespace unescaped_dot { ClassFunction Check; }
namespace greedy_capture { ClassFunction Check; }
namespace wildcard_rewrite { ClassFunction Check; }
namespace match_limit { RegistryFunction Check; CheckpointFunction Check; }
namespace lookaround_lost { ClassFunction Check; }
namespace anchor_lost { ClassFunction Check; }
namespace pattern_collision { ClassFunction Check; }
namespace double_claim { ClassFunction Check; }
namespace companion_capture { ClassFunction Check; }
namespace order_dependent { ClassFunction Check; }
namespace duplicate_source { ClassFunction Check; }
namespace late_guard { ClassFunction Check; }
namespace engine_sensitive { ClassFunction Check; }
namespace unused_transform {
ClassFunction Check;
RegistryFunction Check;
CheckpointFunction Check;
KeepFunction Keep;
}
namespace shadowed_transform { ClassFunction Check; KeepFunction Keep; }
namespace missing_entry { ClassFunction Check; }
namespace split_module { ClassFunction Check; }
namespace leaked_child_mapping { ClassFunction Check; }
namespace converter_overreach { ClassFunction Check; }
namespace dangling_alias { RegistryFunction Check; }
namespace shadowed_alias { RegistryFunction Check; }
namespace dead_entry { RegistryFunction Check; }
namespace duplicate_transform { ClassFunction Check; RegistryFunction Check; }
namespace identity_transform { ClassFunction Check; }
namespace mixed_lookup { ClassFunction Check; RegistryFunction Check; }
namespace unused_ignore { IgnoreFunction Check; }
namespace shadowed_leaf { ClassFunction Check; }
namespace uncovered_internal { ClassFunction Check; }
namespace uncovered_export { ClassFunction Check; }
namespace tied_mismatch { ClassFunction Check; }
namespace tied_dangling { ClassFunction Check; }
namespace stranded_adapter { ClassFunction Check; }
namespace adapter_tied { ClassFunction Check; }
namespace checkpoint_layout { CheckpointFunction Check; }
namespace checkpoint_missing { CheckpointFunction Check; }
namespace checkpoint_unexpected { CheckpointFunction Check; }
namespace checkpoint_shape { CheckpointFunction Check; }
namespace checkpoint_drift { CheckpointFunction Check; }
namespace merged_names { ClassFunction Check; }
namespace repeated_part { ClassFunction Check; }
// clang-format on

namespace {

// Of checks whose findings come with JudgeOptions::made.
void MadeElsewhere(const RegistryContext&, FindingSink*) {}

constexpr Check kTable[] = {
    // round trip
    {.info = {"invalid-pattern", "round trip", Severity::kError,
              "a pattern that Python's re rejects"},
     .on_class = CheckRejected<Rejected::kPattern>,
     .on_registry = CheckRejected<Rejected::kPattern>,
     .on_checkpoint = CheckRejected<Rejected::kPattern>},
    {.info = {"invalid-transform", "round trip", Severity::kError,
              "a transform that the engine's constructor rejects"},
     .on_class = CheckRejected<Rejected::kTransform>,
     .on_registry = CheckRejected<Rejected::kTransform>,
     .on_checkpoint = CheckRejected<Rejected::kTransform>},
    {.info =
         {"non-bijective-rename", "round trip", Severity::kError,
          "one renaming gives several keys the same name, or drops text that it cannot restore"},
     .on_class = CheckFaults<Fault::Kind::kNotBijective>},
    {.info = {"save-collision", "round trip", Severity::kError,
              "different model keys are saved under one name"},
     .on_class = CheckFaults<Fault::Kind::kSaveCollision>},
    {.info = {"load-collision", "round trip", Severity::kError,
              "different checkpoint keys are loaded into one model key"},
     .on_class = CheckFaults<Fault::Kind::kLoadCollision>},
    {.info = {"lost-key", "round trip", Severity::kError, "a key is saved, but not loaded back"},
     .on_class = CheckFaults<Fault::Kind::kLostKey>},
    {.info = {"reverse-error", "round trip", Severity::kError,
              "the engine raises when it builds or applies a transform or its reverse"},
     .on_class = CheckFaults<Fault::Kind::kReverse>,
     .on_registry = CheckUnreachedReverses},
    {.info = {"operation-error", "round trip", Severity::kError,
              "an operation of a converter raises"},
     .on_class = CheckFaults<Fault::Kind::kOperation>},
    {.info = {"shape-mismatch", "round trip", Severity::kError,
              "save then load gives a tensor another shape"},
     .on_class = shape_mismatch::Check},
    {.info = {"irreversible-operation", "round trip", Severity::kWarning,
              "an operation has no inverse on these shapes"},
     .on_class = irreversible_operation::Check},
    {.info = {"merged-names", "round trip", Severity::kError,
              "several parameters' names are renamed to one"},
     .on_class = merged_names::Check},
    // stability
    {.info = {"not-reload-safe", "stability", Severity::kError,
              "the model's own keys are renamed away on load"},
     .on_class = CheckFaults<Fault::Kind::kReload>},
    {.info = {"not-resave-safe", "stability", Severity::kWarning,
              "a save renames a key that is already in checkpoint format"},
     .on_class = not_resave_safe::Check},
    {.info = {"unstable-reversal", "stability", Severity::kWarning,
              "a second save of a loaded model gives other names"},
     .on_class = unstable_reversal::Check},
    // patterns
    {.info = {"mid-token-match", "patterns", Severity::kWarning,
              "a pattern that matches whole parts of names also matches inside a longer part"},
     .on_class = mid_token_match::Check},
    {.info = {"misplaced-replacement", "patterns", Severity::kError,
              "the replaced text is not where the pattern matched"},
     .on_class = misplaced_replacement::Check},
    {.info = {"mangled-name", "patterns", Severity::kError,
              "a saved name has an empty part, a backslash or leftover pattern syntax"},
     .on_class = mangled_name::Check},
    {.info = {"lost-backreference", "patterns", Severity::kError,
              "a reference such as \\2 stays in a name as text"},
     .on_class = lost_backreference::Check,
     .on_registry = CheckUnreachedReferences},
    {.info = {"unescaped-dot", "patterns", Severity::kWarning,
              "an unescaped dot matches a character that is not a dot"},
     .on_class = unescaped_dot::Check},
    {.info = {"greedy-capture", "patterns", Severity::kWarning,
              "a group captures a layer's index and the parts after it"},
     .on_class = greedy_capture::Check},
    {.info =
         {"wildcard-rewrite", "patterns", Severity::kWarning,
          "the engine reads `.*.` as `\\..*\\.`, so a key that `re` would match is not matched"},
     .on_class = wildcard_rewrite::Check},
    {.info = {"match-limit", "patterns", Severity::kError,
              "a search of a pattern takes too many steps, so what it matches is not known"},
     .on_registry = match_limit::Check,
     .on_checkpoint = match_limit::Check},
    {.info = {"lookaround-lost", "patterns", Severity::kWarning,
              "saving deletes a lookaround, and then renames a key to a name that it excludes"},
     .on_class = lookaround_lost::Check},
    {.info = {"anchor-lost", "patterns", Severity::kWarning,
              "saving drops an anchor, and then renames in the middle of a key"},
     .on_class = anchor_lost::Check},
    {.info = {"repeated-part", "patterns", Severity::kWarning, "names get a part twice in a row"},
     .on_class = repeated_part::Check},
    // order and claims
    {.info = {"pattern-collision", "order and claims", Severity::kWarning,
              "a shorter pattern comes first and takes text that a longer one was written for"},
     .on_class = pattern_collision::Check},
    {.info = {"double-claim", "order and claims", Severity::kWarning,
              "two converters match one key; the first one takes it"},
     .on_class = double_claim::Check},
    {.info = {"companion-capture", "order and claims", Severity::kWarning,
              "a reversed converter also claims a quantised parameter's scales"},
     .on_class = companion_capture::Check},
    {.info = {"order-dependent", "order and claims", Severity::kNote,
              "two neighbours of an entry cannot be swapped without changing a name"},
     .on_class = order_dependent::Check},
    {.info =
         {"duplicate-source", "order and claims", Severity::kWarning,
          "keys that one converter matches are collected for another with the same source text"},
     .on_class = duplicate_source::Check,
     .on_registry = CheckUnreachedSources},
    {.info = {"late-guard", "order and claims", Severity::kWarning,
              "a GroupWeightRename skips keys that come before the first match of its guard"},
     .on_class = late_guard::Check},
    {.info = {"engine-sensitive", "order and claims", Severity::kNote,
              "an engine that runs renamings and converters in another order gives other names"},
     .on_class = engine_sensitive::Check},
    // reach
    {.info = {"unused-transform", "reach", Severity::kWarning, "a transform that matches no key"},
     .on_class = unused_transform::Check,
     .on_registry = unused_transform::Check,
     .on_checkpoint = unused_transform::Check,
     .keep = unused_transform::Keep},
    {.info = {"shadowed-transform", "reach", Severity::kWarning,
              "an earlier transform always takes the text of this one first"},
     .on_class = shadowed_transform::Check,
     .on_registry = CheckUnreachedTargets,
     .keep = shadowed_transform::Keep},
    {.info = {"leaked-child-mapping", "reach", Severity::kError,
              "a transform meant for one sub-model renames keys of another"},
     .on_class = leaked_child_mapping::Check},
    {.info = {"missing-entry", "reach", Severity::kNote,
              "no entry applies to a class alone, though the model that it is a part of has one"},
     .on_class = missing_entry::Check},
    {.info = {"split-module", "reach", Severity::kWarning,
              "some keys of a sub-model are saved under another parent than the others"},
     .on_class = split_module::Check},
    {.info = {"converter-overreach", "reach", Severity::kWarning,
              "one converter claims tensors of different rank, and its operations treat them "
              "differently"},
     .on_class = converter_overreach::Check},
    // registry
    {.info = {"dangling-alias", "registry", Severity::kError,
              "an alias names an entry that does not exist"},
     .on_registry = dangling_alias::Check},
    {.info = {"shadowed-alias", "registry", Severity::kWarning,
              "an alias is ignored, because its name has an entry"},
     .on_registry = shadowed_alias::Check},
    {.info = {"dead-entry", "registry", Severity::kNote,
              "no class of the layouts looks this entry up"},
     .on_registry = dead_entry::Check},
    {.info = {"duplicate-transform", "registry", Severity::kWarning,
              "an entry contains the same transform twice"},
     .on_class = duplicate_transform::Check,
     .on_registry = duplicate_transform::Check},
    {.info = {"identity-transform", "registry", Severity::kWarning,
              "a renaming gives every key that it matches its own name"},
     .on_class = identity_transform::Check},
    {.info = {"mixed-lookup", "registry", Severity::kNote,
              "an entry found by model_type works for some classes and breaks others"},
     .on_class = mixed_lookup::Check,
     .on_registry = mixed_lookup::Check},
    {.info = {"syntax-error", "registry", Severity::kError,
              "the registry's source is not valid Python"},
     .on_registry = CheckRemarks<ReaderRemark::Kind::kSyntaxError>},
    {.info = {"import-error", "registry", Severity::kError,
              "Python raises an exception when it evaluates the registry's source"},
     .on_registry = CheckRemarks<ReaderRemark::Kind::kRaises>},
    {.info = {"unsupported-construct", "registry", Severity::kWarning,
              "a construct that the Python reader does not evaluate"},
     .on_registry = CheckRemarks<ReaderRemark::Kind::kUnsupportedConstruct>},
    {.info = {"assumed-guard", "registry", Severity::kNote,
              "a condition on what is installed is assumed to be true"},
     .on_registry = CheckRemarks<ReaderRemark::Kind::kAssumption>},
    {.info = {"unused-ignore", "registry", Severity::kWarning,
              "an ignore comment that silences nothing"},
     .on_ignores = unused_ignore::Check},
    // sections
    {.info = {"shadowed-leaf", "sections", Severity::kError,
              "two leaves have the same first name, and a lookup finds only the later one"},
     .on_class = shadowed_leaf::Check},
    {.info = {"uncovered-internal", "sections", Severity::kError,
              "an internal parameter of a model is not exported, or not filled by an import"},
     .on_class = uncovered_internal::Check},
    {.info = {"uncovered-export", "sections", Severity::kError,
              "an exported key is not imported, or not written by an export"},
     .on_class = uncovered_export::Check},
    // tied weights
    {.info = {"tied-mismatch", "tied weights", Severity::kWarning,
              "a tied key is converted differently from its source"},
     .on_class = tied_mismatch::Check},
    {.info = {"tied-dangling", "tied weights", Severity::kError,
              "a declared tie names a key that the model does not have"},
     .on_class = tied_dangling::Check},
    // adapters
    {.info = {"stranded-adapter", "adapters", Severity::kError,
              "keys of an adapter are not loaded to where their weight is"},
     .on_class = stranded_adapter::Check},
    {.info = {"adapter-tied", "adapters", Severity::kWarning,
              "an adapter changes a tied weight without its partner"},
     .on_class = adapter_tied::Check},
    // checkpoint: what it is compared with comes first
    {.info = {"checkpoint-layout", "checkpoint", Severity::kNote,
              "a checkpoint has other numbers or sizes than the layout"},
     .on_checkpoint = checkpoint_layout::Check},
    {.info = {"checkpoint-missing", "checkpoint", Severity::kError,
              "a checkpoint leaves a key of the model uninitialised"},
     .on_checkpoint = checkpoint_missing::Check},
    {.info = {"checkpoint-unexpected", "checkpoint", Severity::kWarning,
              "a key of a checkpoint goes nowhere"},
     .on_checkpoint = checkpoint_unexpected::Check},
    {.info = {"checkpoint-shape", "checkpoint", Severity::kError,
              "a tensor of a checkpoint is loaded with a wrong shape"},
     .on_checkpoint = checkpoint_shape::Check},
    {.info = {"checkpoint-drift", "checkpoint", Severity::kError,
              "saving a loaded checkpoint does not give the same names back"},
     .on_checkpoint = checkpoint_drift::Check},
    // published: findings that are made elsewhere (judge/judge_published.h)
    {.info = {"published-drift", "published", Severity::kError,
              "a published checkpoint is not loaded completely, or is saved under other names"},
     .on_registry = MadeElsewhere},
    {.info = {"published-gap", "published", Severity::kNote,
              "no published checkpoint of a class is known"},
     .on_registry = MadeElsewhere},
};

}  // namespace

std::span<const Check> AllChecks() { return kTable; }

const Check* FindCheck(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTable), std::end(kTable),
                                   [name](const Check& check) { return check.info.name == name; });
  return found == std::end(kTable) ? nullptr : found;
}

}  // namespace wcheck
