// The table of releases: what tells one engine from another, from transformers 5.0 on.
//
// An engine is the part of a release that applies a mapping. Each rule below is one choice that
// some release made otherwise; docs/semantics.md has a sentence for each, under the name that the
// comment gives in brackets. A release is known here and in src/mapping/release.cc, and nowhere
// else: how to add one is in docs/engines.md.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wcheck {

// A version of the library. What comes before a release ("5.16.0.dev0", "5.16.0rc1") is less than
// the release.
struct Version {
  uint32_t major = 0;
  uint32_t minor = 0;
  uint32_t patch = 0;
  bool final = true;

  friend auto operator<=>(const Version&, const Version&) = default;  // NOLINT: no null pointer
};
// "5.20", "5.20.2", "5.16.0.dev0"; nothing for a text that does not start with two numbers.
std::optional<Version> ParseVersion(std::string_view text);

// The rules of an engine. The values that members start with are those of 5.0.
struct EngineRules {
  // --- How a transform is constructed from its patterns (mapping/transform.h)

  // [group-reversal] What a group `(…)` of a target becomes. kOnlyAnything: `(.+)` becomes `\1`,
  // and a `\1` of a source `(.+)`, before anything else; then as kReturns. kReturns: the first
  // group becomes `\1`, and is what a `\1` of a source stands for.
  enum class TargetGroups : uint8_t { kOnlyAnything, kReturns };
  TargetGroups target_groups = TargetGroups::kOnlyAnything;

  // [lookarounds-deleted] What is deleted from a target as a lookaround: everything from the first
  // `(?` to the last `)`, or each `(?…)` by itself.
  enum class TargetLookarounds : uint8_t { kFirstToLast, kEach };
  TargetLookarounds target_lookarounds = TargetLookarounds::kFirstToLast;

  // [dots-unescaped, group-dots-kept] Which `\.` of a target become `.`: none, all, or those
  // outside its group.
  enum class TargetDots : uint8_t { kStay, kUnescaped, kUnescapedOutsideGroup };
  TargetDots target_dots = TargetDots::kStay;

  // [anchors-carried] The `^` (and `$`, see keeps_dollar) of a target goes to the source of the
  // same index, if there are as many of both.
  bool carries_anchors = false;
  // [dollar-kept] A `$` at the end of a pattern is text like any other when a transform is
  // constructed: it is neither taken off a target nor carried to a source, and PrefixChange writes
  // none.
  bool keeps_dollar = false;

  // [wildcard] The part of a source that stands for anything: `.*.`, or any `*.`.
  enum class Wildcard : uint8_t { kDotStarDot, kStarDot };
  Wildcard wildcard = Wildcard::kDotStarDot;

  // [longest-first] Sources are tried from the longest to the shortest; otherwise as written.
  bool longest_source_first = false;
  // [name-boundary] A source that ends in an ASCII letter or digit does not match where the name
  // goes on.
  bool source_ends_name = false;

  // --- How a transform renames a key

  // [replaced-groups] `\1` alone is replaced in a target (by the first group inside the matched
  // source); otherwise every `\N` is. A GroupWeightRename replaces every `\N` in any engine.
  bool only_first_group = true;
  // [first-occurrence] Every textual occurrence of what matched is replaced; otherwise the first.
  bool replaces_every_occurrence = true;

  // --- How a transform is reversed

  // [reverse-as-written] A reverse is built from the processed patterns; otherwise from those
  // written.
  bool reverses_processed = true;
  // [reverse-edits-patterns] Building a reverse edits the patterns that it is built from, so that a
  // second reverse of the same transform starts from others.
  bool reverse_edits_patterns = false;

  // --- Which transforms apply to a model (engine/plan.h)

  // [submodels] kRoot: the root's class attribute, then the root's model_type.
  // kModelTypes: those of each model_type once, the root's and its sub-models', unscoped.
  // kAncestors: by class name, else by model_type, unless a module above has had the same.
  enum class Collection : uint8_t { kRoot, kModelTypes, kAncestors };
  Collection collection = Collection::kRoot;
  // [scope, scope-base-prefix] What scopes the transforms of a sub-model (with kAncestors): its
  // path; its path, also under the base model prefix; its path less the text of the base model
  // prefix, also under it.
  enum class Scope : uint8_t { kPath, kPathUnderBase, kPathLessBase };
  Scope scope = Scope::kPath;
  // [custom-code] Sub-models whose code is not the library's own take part only if a user
  // registered their class or model_type.
  bool leaves_custom_code_out = false;

  // --- Load

  // [load-order] The list is run as it is written, with at most one converter; otherwise all
  // renamings, then the first converter that matches.
  bool load_in_list_order = false;
  // [own-name-fallback] A key that the transforms lead to no parameter is put back if it is one
  // itself.
  bool falls_back_to_own_name = false;

  // --- Save

  // [save-order] kAsLoad: all renamings, then one converter, which collects under the result.
  // kConverterFirst: one converter, then all renamings; it collects under its own result, and what
  // it produces goes through the renamings.
  // kUnderFinalName: the same order; it collects under the final result, into which what it
  // produces is put.
  // kConvertersFirst: all keys through the converters, then the renamings of the keys that none
  // claimed, then of what they produced.
  // kListed: the list, reversed, with at most one converter.
  enum class SaveOrder : uint8_t {
    kAsLoad,
    kConverterFirst,
    kUnderFinalName,
    kConvertersFirst,
    kListed
  };
  SaveOrder save_order = SaveOrder::kAsLoad;
  bool collects_under_final_name() const {
    return save_order == SaveOrder::kAsLoad || save_order == SaveOrder::kUnderFinalName;
  }
  // [save-reverses-list] The list is reversed to save.
  bool reverses_list = false;
  // [loaded-save] Only what a load used is reversed to save the loaded model; otherwise everything,
  // `legacy` included.
  bool saves_what_was_used = false;

  // --- Order of keys

  // [natural-order] How the dotted parts of keys compare. kNumbersOrWords: numbers by value, and a
  // number against a word is an error. kNumbersFirst: numbers before words. kTrailingDigits: and
  // words by what is before their last digits, then by those.
  enum class KeyOrder : uint8_t { kNumbersOrWords, kNumbersFirst, kTrailingDigits };
  KeyOrder key_order = KeyOrder::kNumbersOrWords;

  // --- Operations (engine/operations.h)

  // [op-concatenate] Concatenate leaves out a source for which nothing was collected; otherwise
  // it raises.
  bool concatenate_skips_absent = false;
  // [op-concatenate] A source that stands twice in a Concatenate is joined once; otherwise twice.
  bool concatenate_takes_once = false;
  // [op-chunk] What Chunk raises for: a single target; that, or fewer parts than targets; or
  // neither.
  enum class ChunkRaises : uint8_t { kForOneTarget, kForOneTargetOrTooFewParts, kNever };
  ChunkRaises chunk_raises = ChunkRaises::kForOneTarget;
  // [op-merge] MergeModulelist passes a single tensor on; otherwise it raises.
  bool merge_passes_tensor = false;
  // [op-split-modulelist] SplitModulelist drops every dimension of size 1; otherwise the one that
  // it split.
  bool split_squeezes_all = true;
  // [op-permute] PermuteForRope. kNoReverse: converting raises, and it has no reverse.
  // kRaises: it has a reverse, but converting raises. kNamed: permutes the keys with one of its
  // names in them, and raises without names; keeps the names of keys.
  // kRenames: all keys if it has no names; names the result after the target if there are one
  // source and one target, and raises if there are several of both.
  enum class Permute : uint8_t { kNoReverse, kRaises, kNamed, kRenames };
  Permute permute = Permute::kNoReverse;
  // [force-cpu] The reverse of a converter is done on the CPU if the converter is.
  bool reverse_keeps_force_cpu = false;

  friend bool operator==(const EngineRules&, const EngineRules&) = default;
};

struct Engine : EngineRules {
  std::string_view name;  // "5.21": what --engine takes and reports say
  // The first release that behaves so; absent for an engine that was never released.
  std::optional<Version> since;
  // Whose classes it has; that of `since`, or else of the release that it was proposed for.
  Version classes_of;
};

// Engines with the same rules do the same with the same mapping.
inline bool SameRules(const Engine& a, const Engine& b) {
  return static_cast<const EngineRules&>(a) == static_cast<const EngineRules&>(b);
}

// All engines: those of releases from the oldest to the newest, then those never released.
std::span<const Engine> Engines();
const Engine& NewestEngine();   // of the newest release
const Engine& DefaultEngine();  // where none is named and nothing tells the release: the newest
// By name, or by the version of a release ("5.20.2") up to the newest that is known; null if there
// is none.
const Engine* FindEngine(std::string_view name);
// The engine of a version, also of one that is newer than all; null for one that is older.
const Engine* EngineOfVersion(const Version& version);

}  // namespace wcheck
