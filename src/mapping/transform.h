// A transform as the engine constructs it from what was written: processed targets, one compiled
// regex over all sources, and the patterns for its reverse.
//
// Construction and reversal follow docs/semantics.md#construction and #reversal to the letter,
// oddities included. Where they fail, the engine raises, and so the failure is a value here
// (EngineError), not a wcheck Error. What depends on the release is a rule of the table of
// releases (wcheck/release.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pattern/pattern.h"
#include "wcheck/registry.h"
#include "wcheck/release.h"

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
    kMemoryError,  // a limit of wcheck, where the engine would go on until memory ends
  };
  Kind kind = Kind::kValueError;
  std::string message;
  // The pattern that it is about, if there is one, and the offset of the fault in it.
  std::string pattern;
  int position = -1;

  // "PatternError: nothing to repeat at position 5"
  std::string ToString() const;
};

class Transform {
 public:
  TransformKind kind = TransformKind::kWeightRenaming;
  std::vector<std::string> sources;  // processed; the pattern that a claimed key reports
  std::vector<std::string> targets;  // processed
  std::vector<Operation> operations;
  Pattern pattern;                // (?P<g0>…)|(?P<g1>…)|…
  std::vector<int> source_group;  // the number of group g<i>

  // As written: what `mapping` shows, and what the first reverse is built from.
  std::vector<std::string> original_sources;
  std::vector<std::string> original_targets;
  int64_t offset = 0;      // kInkling2IndexOffsetWeightRename
  bool force_cpu = false;  // kWeightConverter; no name depends on it
  // kPrefixChange only: what its reverse is built from.
  std::string prefix_to_add;
  std::string prefix_to_remove;
  std::string model_prefix;
  bool adds_prefix = false;

  // The transform as written, for places and messages; must outlive this.
  const TransformSpec* spec = nullptr;
  // By which engine it was constructed, and will be reversed.
  const Engine* engine = nullptr;

  // The first class that `spec` is written with and the engine's release does not have: an operation's
  // or the transform's own.
  static std::optional<std::string_view> ClassAbsentFrom(const Engine& engine,
                                                         const TransformSpec& spec);

  // The constructor of the engine's class of this kind. `engine` outlives the transform. Its pattern
  // comes from `patterns`, if there are any.
  static std::variant<Transform, EngineError> Construct(const TransformSpec& spec,
                                                        const Engine& engine,
                                                        PatternCache* patterns = nullptr);

  // A kPrefixChange for a sub-model, as collection kModelTypes makes it: its model_prefix gets the
  // sub-model's path put before it.
  std::variant<Transform, EngineError> UnderPath(std::string_view path,
                                                 PatternCache* patterns = nullptr) const;

  // The reverse that a save builds: from the transform as it was loaded (times = 1), or when the
  // same transform is reversed again (times = 2): the first reversal edits the written patterns in
  // place, and the second starts from the edited ones.
  std::variant<Transform, EngineError> Reverse(int times = 1,
                                               PatternCache* patterns = nullptr) const;

  // True for what a save of a model drops that was not loaded from a checkpoint.
  bool is_prefix_change() const { return kind == TransformKind::kPrefixChange; }
  bool is_converter() const { return kind == TransformKind::kWeightConverter; }
  bool is_group() const { return kind == TransformKind::kGroupWeightRename; }
  bool is_index_offset() const { return kind == TransformKind::kInkling2IndexOffsetWeightRename; }
  bool is_layer_pair() const { return kind == TransformKind::kLayerPairCollapse; }

 private:
  explicit Transform(Pattern p) : pattern(std::move(p)) {}
  friend class TransformBuilder;
};

// The steps of docs/semantics.md#target-processing. Also applied to the new name of every key that
// no converter claims (#carried-names).
struct ProcessedTarget {
  std::string text;
  std::string captured_group;  // empty if there is none
};
ProcessedTarget ProcessTarget(std::string_view target, const Engine& engine);

// What construction does to the lists of a transform, in place: targets are processed, and sources
// get the group and the anchors of the targets. On an error, which the engine raises, the lists are
// as far as it got.
std::optional<EngineError> ProcessPatterns(TransformKind kind, std::vector<std::string>* sources,
                                           std::vector<std::string>* targets,
                                           const Engine& engine);

// The patterns that a LayerPairCollapse, which takes none, is constructed with.
inline constexpr std::string_view kLayerPairSource = "layers\\.(\\d+)";
inline constexpr std::string_view kLayerPairTarget = "layers.\\1";

// The source and the target that a PrefixChange is constructed with.
struct PrefixPatterns {
  std::string source;
  std::string target;
};
PrefixPatterns PatternsOfPrefixChange(bool adds, std::string_view prefix,
                                      std::string_view model_prefix, const Engine& engine);

}  // namespace wcheck
