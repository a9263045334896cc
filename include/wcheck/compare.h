// Compares two mappings over the models that they are for.
//
// A class of which both registries collect the same transforms, in the same order and scopes, for
// the same model and engine is the same without a simulation; all others are simulated with both,
// and the checkpoint that the old registry saves is loaded with the new one.
//
// "Old" is what there was before the change, "new" is what is proposed. An old checkpoint is what
// the old mapping saves. docs/diff.md states every rule by which a class is judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/release.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck {

// The worse, the larger.
enum class Compatibility : uint8_t {
  kSame,        // no name, shape or load differs
  kCompatible,  // old checkpoints still load whole, but the new mapping saves other names or shapes
  kBreaking,    // old checkpoints no longer load whole, or new ones cannot be written or read back
};
// "same", "compatible", "breaking".
std::string_view CompatibilityName(Compatibility compatibility);

// Something that is different for some keys of one class. Everything in braces is a family
// ("model.layers.{0...31}.x").
struct KeyChange {
  enum class Kind : uint8_t {
    // Breaking.
    kError,         // the engine raises where it did not: `message`
    kNoSource,      // model keys (`before`) that old checkpoints no longer fill
    kNotLoaded,     // checkpoint keys (`subject`) that went to model keys (`before`) and go nowhere
    kOtherTarget,   // checkpoint keys that go to other model keys
    kOtherContent,  // checkpoint keys of which the same model key is made in another way
    kLoadedShape,   // model keys that get a tensor of the wrong shape
    kCollision,     // checkpoint keys that are loaded into a model key that another one fills
    kOwnNames,      // the model's own names, read as a checkpoint, go elsewhere
    kNotReloaded,   // model keys that do not come back from a new save and load
    // Compatible.
    kSavedAs,     // model keys that are saved under other names
    kSavedShape,  // names that are saved with another shape
    // What is no fault of the mapping.
    kRepaired,      // what failed and works now: keys that went nowhere, a save that raised
    kModelAdded,    // keys that only the new model has
    kModelRemoved,  // keys that only the old model has
    kModelShape,    // keys of which the new model has another shape
  };
  Kind kind = Kind::kSavedAs;
  std::string subject;              // the keys it is about, as a family
  uint64_t count = 1;               // how many those are
  std::vector<std::string> before;  // what became of them with the old mapping
  std::vector<std::string> after;   // and with the new one
  std::string message;              // kError: what the engine raises; kOtherContent: what differs
};

// The verdict that a change of this kind calls for.
Compatibility CompatibilityOf(KeyChange::Kind kind);
// "saved under other names", "no longer loaded", …: for headings.
std::string_view KeyChangeName(KeyChange::Kind kind);

// A transform of a class's plan that is not what it was. References are into the two registries.
struct TransformEdit {
  enum class Kind : uint8_t { kAdded, kRemoved, kMoved, kChanged };
  Kind kind = Kind::kAdded;
  std::optional<TransformRef> before;  // absent for kAdded
  std::optional<TransformRef> after;   // absent for kRemoved
};
std::string_view TransformEditName(TransformEdit::Kind kind);  // "added", "removed", …

// An alias that copies another entry than it did; "" is no alias.
struct AliasEdit {
  std::string name;
  std::string before;
  std::string after;
};

struct ClassComparison {
  std::string class_name;
  Compatibility verdict = Compatibility::kSame;
  std::vector<KeyChange> changes;  // the worst kind first
  bool allowed = false;            // compatible, and named by --allow-drift
};

// The classes that change for one reason.
struct ChangeGroup {
  Compatibility verdict = Compatibility::kSame;  // the worst of its classes
  std::string summary;                           // one line; names transforms, not classes
  // What groups classes: the edits' text, without a place or a class.
  std::string cause;
  std::vector<TransformEdit> edits;
  std::vector<AliasEdit> aliases;
  std::vector<ClassComparison> classes;  // the worst first, then by name
};

struct Comparison {
  std::vector<ChangeGroup> groups;  // the worst first, then those with the most classes
  // Classes compared, by verdict; their sum is all of them.
  size_t same = 0;
  size_t compatible = 0;
  size_t breaking = 0;
  size_t allowed = 0;    // of the compatible ones
  size_t untouched = 0;  // of the same ones: not even a transform changed
  size_t total() const { return same + compatible + breaking; }

  std::vector<std::string> added;       // classes that only the new layouts have
  std::vector<std::string> removed;     // classes that only the old layouts have
  std::vector<std::string> not_judged;  // reach an entry that could not be read whole
  // Entries that differ and that no compared class reaches.
  std::vector<std::string> unreached;

  // By cause, of the classes of which a transform or the model changed and of the registry itself.
  std::vector<Finding> new_findings;    // places are in the new registry
  std::vector<Finding> fixed_findings;  // places are in the old registry
  size_t old_findings = 0;              // there before and after
};

// A mapping, the models it is used with and the engine that runs it.
struct CompareSide {
  const Registry* registry = nullptr;
  const LayoutSource* layouts = nullptr;
  const Engine* engine = &DefaultEngine();
};

struct CompareOptions {
  // Which checks look for new and fixed findings, how many threads run, and who is told of
  // progress; the engine is the side's.
  JudgeOptions judge;
  // Whether a class that is compatible may be so (--allow-drift).
  std::function<bool(const std::string& class_name)> allow_drift;
};

// Compares the classes of these names; each is in one of the two sides' layouts at least. The sides
// must outlive the result, which refers to their registries.
Result<Comparison> Compare(const CompareSide& before, const CompareSide& after,
                           const std::vector<std::string>& classes, const CompareOptions& options);

}  // namespace wcheck
