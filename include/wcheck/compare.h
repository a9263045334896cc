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
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/outcome.h"
#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

namespace wcheck {

// Ordered: a larger value is worse.
enum class Compatibility : uint8_t {
  kSame,      // no name, shape or load differs
  kRepaired,  // what did not load or raised works now, and nothing else differs; or the names of a
              // published checkpoint load that did not load (MarkRepaired)
  kCompatible,  // old checkpoints still load completely, but the new mapping saves other names or
                // shapes
  kBreaking,    // old checkpoints no longer load completely, or new ones cannot be written or read
                // back
};
// "same", "repaired", "compatible", "breaking".
std::string_view CompatibilityName(Compatibility compatibility);

// A difference for some keys of one class. Everything in braces is a family
// ("model.layers.{0...31}.x").
struct KeyChange {
  enum class Kind : uint8_t {
    // Breaking.
    kError,         // the engine raises where it did not: `message`
    kNoSource,      // model keys (`before`) that old checkpoints no longer fill
    kNotLoaded,     // checkpoint keys (`subject`) that went to model keys (`before`) and now go
                    // nowhere
    kOtherTarget,   // checkpoint keys that go to other model keys
    kOtherContent,  // checkpoint keys from which the same model key is built differently
    kLoadedShape,   // model keys that get a tensor of the wrong shape
    kCollision,     // checkpoint keys that are loaded into a model key that another key fills
    kOwnNames,      // the model's own names, read as a checkpoint, go elsewhere
    kNotReloaded,   // model keys that do not come back from a new save and load
    // Compatible.
    kSavedAs,     // model keys that are saved under other names
    kSavedShape,  // names that are saved with another shape
    kRepaired,    // what failed before and works now: keys that went nowhere, a save that raised
    // Not faults of the mapping.
    kModelAdded,    // keys that only the new model has
    kModelRemoved,  // keys that only the old model has
    kModelShape,    // keys that have another shape in the new model
  };
  Kind kind = Kind::kSavedAs;
  std::string subject;              // the keys it is about, as a family
  uint64_t count = 1;               // how many keys those are
  std::vector<std::string> before;  // their result with the old mapping
  std::vector<std::string> after;   // and with the new one
  std::string message;              // kError: what the engine raises; kOtherContent: what differs
  // The checkpoint, if it is not the class's own: "with `model.` in front".
  std::string form{};
};

// The verdict that a change of this kind implies.
Compatibility CompatibilityOf(KeyChange::Kind kind);
// "saved under other names", "no longer loaded", …: for headings.
std::string_view KeyChangeName(KeyChange::Kind kind);

// A transform of a class's plan that changed. References point into the two registries.
struct TransformEdit {
  enum class Kind : uint8_t { kAdded, kRemoved, kMoved, kChanged };
  Kind kind = Kind::kAdded;
  std::optional<TransformRef> before;  // absent for kAdded
  std::optional<TransformRef> after;   // absent for kRemoved
};
std::string_view TransformEditName(TransformEdit::Kind kind);  // "added", "removed", …

// An alias whose target changed; "" means that there is no alias.
struct AliasEdit {
  std::string name;
  std::string before;
  std::string after;
};

struct ClassComparison {
  std::string class_name;
  Compatibility verdict = Compatibility::kSame;
  std::vector<KeyChange> changes;  // the worst kind first
  bool allowed = false;            // compatible and named by --allow-drift, or accepted
};

// The classes that change for the same reason.
struct ChangeGroup {
  Compatibility verdict = Compatibility::kSame;  // the worst of its classes
  std::string summary;                           // one line; names transforms, not classes
  // Groups classes: the texts of the edits, without places and classes.
  std::string cause;
  std::vector<TransformEdit> edits;
  std::vector<AliasEdit> aliases;
  std::vector<ClassComparison> classes;  // the worst first, then by name
};

struct Comparison {
  std::vector<ChangeGroup> groups;  // the worst first, then those with the most classes
  // Classes compared, by verdict; their sum is all of them.
  size_t same = 0;
  size_t repaired = 0;
  size_t compatible = 0;
  size_t breaking = 0;
  size_t allowed = 0;    // of the compatible ones
  size_t accepted = 0;   // of the breaking ones
  size_t untouched = 0;  // of the same ones: not even a transform changed
  size_t total() const { return same + repaired + compatible + breaking; }

  // Classes that only the new side has. They are judged: what is wrong is a new finding.
  std::vector<std::string> added;
  std::vector<std::string> removed;  // classes that only the old layouts have
  // Classes that reach an entry that could not be read completely, and entries that differ and that
  // no compared class reaches.
  std::vector<NotJudged> not_judged;

  // By cause, for the classes in which a transform or the model changed, and for the registry
  // itself.
  std::vector<Finding> new_findings;    // places are in the new registry
  std::vector<Finding> fixed_findings;  // places are in the old registry
  size_t old_findings = 0;              // present before and after
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
  // The classes are all that are in question: changed entries that they do not reach are not
  // judged.
  bool all_classes = true;
  // The layouts of both sides are those of a whole release: the names in changed entries that no
  // class reaches are looked for among their keys.
  bool whole_release = false;
  // Whether a class of the old layouts was not there before the change: the layouts may be newer
  // than the old side. Null: none.
  std::function<bool(const Layout& layout)> is_new;
  // Whether a compatible class is accepted (--allow-drift).
  std::function<bool(const std::string& class_name)> allow_drift;
};

// Compares the classes of these names; each must be in at least one side's layouts. The sides must
// outlive the result, which refers to their registries.
Result<Comparison> Compare(const CompareSide& before, const CompareSide& after,
                           const std::vector<std::string>& classes, const CompareOptions& options);

// The checkpoint that a class was published as loads better with the new mapping than with the old:
// a change of what the old one saved is no fault. Nothing, if the class did not change.
void MarkRepaired(std::string_view class_name, Comparison* comparison);

// It loads worse, or is no longer saved under its names: that breaks it, whatever the old mapping saved.
void MarkBreaking(std::string_view class_name, Comparison* comparison);

// What `wcheck diff --accept` writes down: a line for each class that changes for the worse and for
// each new error. A line names the verdict, the class and the cause, or is the identity of the
// finding.
std::set<std::string> AcceptableLines(const Comparison& comparison);
// Accepts what `lines` hold. Returns how many of the lines accept nothing.
size_t Accept(const std::set<std::string, std::less<>>& lines, Comparison* comparison);

}  // namespace wcheck
