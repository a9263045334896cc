// One pass of a layout's (or checkpoint's) keys through a plan: load or save.
//
// Load and save are the same function over two orders of two lists of transforms. A pass renames
// families, not keys: the result for each family is one Trace, or a few if some pattern tells the
// members apart. Checks, explanations, graphs and reports read traces; none of them renames
// anything again.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layout/key_set.h"
#include "engine/plan.h"
#include "wcheck/release.h"
#include "families/symbolic_key.h"

namespace wcheck {

// One transform that matched a key.
struct TraceStep {
  uint32_t transform = 0;  // index into Plan::transforms
  uint32_t source = 0;     // which of the (possibly reversed) transform's sources matched
  uint32_t target = 0;     // which of its targets was inserted
  Span scope;              // the scope prefix in `before`; empty without one
  Span match;              // where the regex matched in `before`
  Span replaced;           // the replaced text: its first occurrence, possibly elsewhere
  SymbolicKey before;
  SymbolicKey after;

  bool changed() const { return before.text != after.text; }
};

// What happened to the members of (a part of) one family.
struct Trace {
  uint32_t family = 0;                // index into the input families
  std::span<const IndexSet> members;  // the part of it; points into the families or the Pass
  std::vector<TraceStep> steps;       // in order; empty if nothing matched
  // The converter that claimed the keys, as the index of its step; -1 if there is none.
  int32_t claim = -1;

  enum class PrefixStep : uint8_t { kNone, kRemoved, kAdded };
  PrefixStep prefix_step = PrefixStep::kNone;  // load only
  // Load only: the result was not a key of the model but the key itself is, so the transforms were
  // set aside (docs/semantics.md#own-name-fallback). The steps are kept (they did match), the claim
  // is not.
  bool set_aside = false;
  // Load only: the result is a key of the model.
  bool in_model = false;

  // The new names. Unset if nothing changed them: then it is the family's own pattern.
  std::optional<Name> renamed;

  bool changed() const { return renamed.has_value(); }
};

// The name that the keys of a trace have at one of its steps (TraceStep::before, after). Nothing if it
// is not one name with their numbers in it.
std::optional<Name> NameAt(const Trace& trace, const SymbolicKey& key);

// The transform of the last step that renamed the keys; nothing if there is none.
std::optional<uint32_t> LastRenamer(const Trace& trace);

enum class Direction : uint8_t { kLoad, kSave };

// A transform in the order of a pass, and its index in the plan.
struct PassTransform {
  const Transform* transform;  // forward, or reversed
  uint32_t index;              // into Plan::transforms
};

// The transforms of a pass in the order in which they are tried. At most one converter fires per
// key.
struct PassOrder {
  std::vector<PassTransform> transforms;
  // Building a reverse failed: the save fails before any key is looked at.
  std::optional<EngineError> error;
  uint32_t error_transform = 0;
};

// All transforms, for loading.
PassOrder LoadOrder(const Plan& plan, const Engine& engine);
// The reverses of chosen transforms, for saving; `second` takes the second reversals. `chosen[i]`
// says whether transform i of the plan takes part.
PassOrder SaveOrder(const Plan& plan, const Engine& engine, const std::vector<bool>& chosen,
                    bool second = false);

// The choices of the engine: a fresh save drops PrefixChange and legacy; a loaded one drops only
// legacy if nothing is known about the load (truth's `save_loaded`).
std::vector<bool> FreshChoice(const Plan& plan);
std::vector<bool> LoadedChoice(const Plan& plan);

// How families are renamed. kMembers takes every key by itself: slow, for tests of the other.
enum class Folding : uint8_t { kFamilies, kMembers };

struct Pass {
  Direction direction = Direction::kLoad;
  std::span<const LayoutFamily> families;  // the input families
  std::vector<Trace> traces;               // covers every family exactly once, in family order
  std::vector<bool> used;                  // one per transform of the plan: it matched some key
  std::optional<EngineError> error;        // what the engine raised; the traces stop there
  uint32_t error_transform = 0;
  std::string error_key;  // the key at which it was raised

  // Where a trace's keys go, changed or not.
  Name NameOf(const Trace& trace) const;
  uint64_t size(const Trace& trace) const;

  // How the families were renamed; what RunRenamings does after the pass goes the same way.
  Folding folding = Folding::kFamilies;
  // If this is a part of a pass, the whole: its keys, too, open the guards of a GroupWeightRename.
  const Pass* whole = nullptr;
  // Owns the boxes of traces that cover a part of a family.
  std::shared_ptr<std::deque<IndexBox>> boxes = std::make_shared<std::deque<IndexBox>>();
};

// The choice that saves a model which `load` has loaded: the transforms that it used; or all, by
// the rule loaded-save.
std::vector<bool> ChoiceAfter(const Pass& load, const Engine& engine);

// What a load needs to know about the model.
struct LoadTarget {
  std::string_view base_model_prefix;
  const KeySet* keys;
};

// Runs a pass. `target` is null on save.
Pass RunPass(const Plan& plan, const PassOrder& order, const Engine& engine, Direction direction,
             std::span<const LayoutFamily> families, const LoadTarget* target,
             Folding folding = Folding::kFamilies);

// A pass of save of some more names through the renamings of `order`, after `pass` has gone through
// all of it: the guards of a GroupWeightRename that it has seen stay seen. The names are visited in
// the order of `families`.
Pass RunRenamings(const Plan& plan, const PassOrder& order, const Engine& engine, const Pass& pass,
                  std::span<const LayoutFamily> families);

}  // namespace wcheck
