// A single key in detail: why each transform did or did not fire, and what the key is collected
// with.
//
// A Pass records the transforms that fired. These functions retry single keys with the same
// renaming function, so the reasons cannot disagree with the pass.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wcheck/release.h"

#include "engine/pass.h"
#include "engine/plan.h"

namespace wcheck {

enum class AttemptOutcome : uint8_t {
  kFired,         // the pattern matched (the key may be the same afterwards)
  kNoMatch,       // no source pattern matches
  kOutOfScope,    // the key is not under the transform's scope prefix
  kGuardNotSeen,  // would match, but the first source of its GroupWeightRename matched no earlier
                  // key
  kClaimed,       // would match, but another converter has claimed the key
  kError,         // the engine raises; nothing is tried after it
  kPrefixChange,  // not tried: a fresh save drops every PrefixChange
  kLoadOnly,      // not tried: `legacy` only takes part in loads
  kNotChosen,     // not tried: left out of this pass for another reason
};

struct Attempt {
  uint32_t transform = 0;            // index into Plan::transforms
  const Transform* tried = nullptr;  // forward or reversed; null if it was not tried
  AttemptOutcome outcome = AttemptOutcome::kNoMatch;
  TraceStep step;     // kFired: as in Trace. Otherwise only `before` is meaningful
  EngineError error;  // kError only
};

// A key of a pass: its trace, and its numbers.
struct KeyInPass {
  uint32_t trace;
  std::vector<uint32_t> member;
};
std::optional<KeyInPass> FindKey(const Pass& pass, std::string_view key);

// The state of a pass when it reaches `key`: for each transform of `order`, whether it is a
// GroupWeightRename whose first source has matched an earlier key. `key` need not be one of the
// pass's own.
std::vector<bool> GuardsBefore(const Plan& plan, const Pass& pass, const PassOrder& order,
                               const Engine& engine, std::string_view key);

// Tries the transforms of `order` on one key, in order, up to an error; then lists the transforms
// of the plan that are not in the order. `guards` is the result of GuardsBefore.
std::vector<Attempt> TryTransforms(const Plan& plan, const PassOrder& order, const Engine& engine,
                                   std::string_view key, std::vector<bool> guards);

// The name under which a trace's keys are collected (docs/semantics.md#save-order).
Name CollectedUnder(const Pass& pass, const Engine& engine, const Trace& trace);

// A pass reduced to what is collected under the names `pattern` with `numbers`; its Convert shows
// what happens to just these keys.
Pass CollectedPart(const Pass& pass, const Engine& engine, std::string_view pattern,
                   std::span<const IndexSet> numbers);

// A pass reduced to one trace, or to some of its members.
Pass OneTrace(const Pass& pass, uint32_t trace, IndexBox members);

}  // namespace wcheck
