// A transform as the engine constructs it from what was written: processed targets, one compiled
// regex over all sources, and the patterns that its reverse will be built from.
//
// Construction and reversal follow SEMANTICS section 1 to the letter, oddities included; where they
// fail, the engine raises, and so the failure is a value here (EngineError), not a wcheck Error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pattern/pattern.h"
#include "wcheck/registry.h"

namespace wcheck {

// What the engine would raise.
struct EngineError {
  enum class Kind : uint8_t {
    kValueError,
    kPatternError,  // a pattern that Python's re rejects
    kIndexError,
    kTypeError,
    kKeyError,
    kRuntimeError,
    kAttributeError,
    kNotImplementedError,
  };
  Kind kind = Kind::kValueError;
  std::string message;
  // The pattern that it is about, when there is one, and the offset of the fault in it.
  std::string pattern;
  int position = -1;

  // "PatternError: nothing to repeat at position 5"
  std::string ToString() const;
};

class Transform {
 public:
  TransformKind kind = TransformKind::kWeightRenaming;
  std::vector<std::string> sources;  // processed; what a claimed key names as its pattern
  std::vector<std::string> targets;  // processed
  std::vector<Operation> operations;
  Pattern pattern;                // (?P<g0>…)|(?P<g1>…)|…
  std::vector<int> source_group;  // the number of group g<i>

  // As written: what `mapping` shows, and what the first reverse is built from.
  std::vector<std::string> original_sources;
  std::vector<std::string> original_targets;
  // kPrefixChange only: what its reverse is built from.
  std::string prefix_to_add;
  std::string prefix_to_remove;
  std::string model_prefix;
  bool adds_prefix = false;

  // What was written, for places and messages; outlives the transform.
  const TransformSpec* spec = nullptr;

  // The constructor of the engine's class of this kind. Its pattern comes from `patterns`, if there
  // are any.
  static std::variant<Transform, EngineError> Construct(const TransformSpec& spec,
                                                        PatternCache* patterns = nullptr);

  // The reverse that a save builds, from the transform as it was loaded (times = 1), or as the
  // engine builds it when the same transform is reversed once more (times = 2): the first reversal
  // edits the kept patterns in place, the second starts from the edited ones.
  std::variant<Transform, EngineError> Reverse(int times = 1,
                                               PatternCache* patterns = nullptr) const;

  // True for what revert drops when the model was not loaded from a checkpoint.
  bool is_prefix_change() const { return kind == TransformKind::kPrefixChange; }
  bool is_converter() const { return kind == TransformKind::kWeightConverter; }
  bool is_group() const { return kind == TransformKind::kGroupWeightRename; }

 private:
  explicit Transform(Pattern p) : pattern(std::move(p)) {}
  friend class TransformBuilder;
};

// The three steps of target processing (SEMANTICS section 1, construction, step 1). Also applied to
// the new name of every key that no converter claims (section 3).
struct ProcessedTarget {
  std::string text;
  std::string captured_group;  // empty if there is none
};
ProcessedTarget ProcessTarget(std::string_view target);

}  // namespace wcheck
