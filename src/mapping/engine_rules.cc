#include "mapping/engine_rules.h"

namespace wcheck {
namespace {

template <auto kMember>
constexpr EngineRule Rule(std::string_view name, std::string_view subject) {
  return {name, subject,
          [](const EngineRules& a, const EngineRules& b) { return a.*kMember != b.*kMember; },
          [](const EngineRules& from, EngineRules* to) { to->*kMember = from.*kMember; }};
}

constexpr EngineRule kRules[] = {
    Rule<&EngineRules::target_groups>(
        "group-reversal", "what becomes of a group of a target when a save reverses it"),
    Rule<&EngineRules::target_lookarounds>("lookarounds-deleted",
                                           "what is deleted from a target as a lookaround"),
    Rule<&EngineRules::target_dots>("dots-unescaped",
                                    "which escaped dots of a target lose their backslash"),
    Rule<&EngineRules::carries_anchors>(
        "anchors-carried", "whether the `^` of a target is carried over to its source"),
    Rule<&EngineRules::keeps_dollar>(
        "dollar-kept",
        "whether a `$` at the end of a pattern is kept, and so written into saved names"),
    Rule<&EngineRules::wildcard>("wildcard", "which part of a source stands for anything"),
    Rule<&EngineRules::longest_source_first>("longest-first",
                                             "in which order the sources of a transform are tried"),
    Rule<&EngineRules::source_ends_name>(
        "name-boundary", "whether a source that ends in a letter or digit may match inside a word"),
    Rule<&EngineRules::only_first_group>("replaced-groups", "which `\\N` of a target are replaced"),
    Rule<&EngineRules::replaces_every_occurrence>(
        "first-occurrence",
        "whether every occurrence of the matched text is replaced, or the first"),
    Rule<&EngineRules::reverses_processed>(
        "reverse-as-written", "whether a reverse is built from the patterns as written"),
    Rule<&EngineRules::reverse_edits_patterns>("reverse-edits-patterns",
                                               "what a second save of the same model starts from"),
    Rule<&EngineRules::collection>("submodels", "how the transforms of sub-models are found"),
    Rule<&EngineRules::scope>("scope-base-prefix", "what scopes the transforms of a sub-model"),
    Rule<&EngineRules::leaves_custom_code_out>("custom-code",
                                               "whether sub-models of custom code take part"),
    Rule<&EngineRules::load_in_list_order>("load-order", "the order in which a load runs the list"),
    Rule<&EngineRules::falls_back_to_own_name>(
        "own-name-fallback",
        "whether a key that leads nowhere is put back if it is a parameter itself"),
    Rule<&EngineRules::save_order>("save-order",
                                   "the order in which a save runs converters and renamings"),
    Rule<&EngineRules::reverses_list>("save-reverses-list", "whether a save reverses the list"),
    Rule<&EngineRules::saves_what_was_used>(
        "loaded-save", "whether the save of a loaded model reverses only what the load used"),
    Rule<&EngineRules::key_order>("natural-order", "the order in which keys are visited"),
    Rule<&EngineRules::concatenate_skips_absent>(
        "op-concatenate", "what Concatenate does with a source for which nothing was collected"),
    Rule<&EngineRules::concatenate_takes_once>(
        "op-concatenate", "how often Concatenate joins a source that is named twice"),
    Rule<&EngineRules::chunk_raises>("op-chunk", "which numbers of parts Chunk accepts"),
    Rule<&EngineRules::merge_passes_tensor>("op-merge",
                                            "what MergeModulelist does with a single tensor"),
    Rule<&EngineRules::split_squeezes_all>("op-split-modulelist",
                                           "which dimensions SplitModulelist drops"),
    Rule<&EngineRules::permute>("op-permute", "what PermuteForRope does with names"),
    Rule<&EngineRules::reverse_keeps_force_cpu>("force-cpu",
                                                "where the reverse of a converter runs"),
};

}  // namespace

std::span<const EngineRule> AllEngineRules() { return kRules; }

const Engine& FirstEngineWith(const EngineRule& rule, const Engine& from, const Engine& to) {
  const Engine* first = &to;
  const bool upwards = from.since < to.since;
  for (const Engine& engine : Engines()) {
    if (!engine.since || rule.differs(engine, to)) continue;
    const bool between = upwards ? *engine.since > from.since && *engine.since <= to.since
                                 : *engine.since < from.since && *engine.since >= to.since;
    if (!between) continue;
    if (upwards ? *engine.since < first->since : *engine.since > first->since) first = &engine;
  }
  return *first;
}

}  // namespace wcheck
