// Judging a real checkpoint: which keys of a model it fills, which of its keys go nowhere, which
// shapes disagree, and whether saving the loaded model gives the same names back.
//
// Names are exact. Shapes are only as accurate as the layout: a bundled layout comes from the
// class's default config, and a checkpoint of another size differs from it in nearly every key. So
// a layout is first *fitted*: repeated parts (layers, experts) get the checkpoint's numbers if only
// one reading is possible, and each kind of difference is reported once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint_files.h"
#include "checkpoint/quantise.h"
#include "engine/simulation.h"

namespace wcheck {

// A repeated part of the model whose number in the checkpoint differs from the layout.
struct CountDifference {
  std::string part;     // the model keys' pattern up to the number: "model.layers.<hole>"
  IndexSet layout;      // {0…31}
  IndexSet checkpoint;  // {0…55}
  bool fitted = false;  // the layout was adapted to the checkpoint's numbers
};

// A size of the layout that differs in the checkpoint, as with another config.
struct SizeRelation {
  int64_t layout = 0;
  int64_t checkpoint = 0;
  uint64_t patterns = 0;  // key patterns with this size
};

struct ShapeDifference {
  enum class Kind : uint8_t {
    kRank,      // another number of dimensions
    kPermuted,  // the dimensions in another order, judged by the sizes everywhere else
    kOddOne,    // most keys of this pattern have another shape
    kWrong,     // other sizes, where most of the checkpoint matches a layout made for it
    kSize,      // other sizes, consistently for all keys of the pattern: most likely another config
  };
  Kind kind = Kind::kSize;
  std::string pattern;  // model keys
  IndexBox numbers;
  Shape layout;
  Shape loaded;
};

// Some names of a checkpoint, as a family.
struct NameFamily {
  std::string pattern;
  IndexBox numbers;
};

// Checkpoint keys that are loaded, but whose names do not come back when the model is saved.
struct DriftedKeys {
  NameFamily keys;
  uint32_t load_trace = 0;             // into simulation.load
  std::optional<uint32_t> save_trace;  // into `save`: the model key that they are loaded into
};

// Checkpoint keys whose tensors are saved with another shape than before.
struct ReshapedKeys {
  NameFamily keys;
  Shape before;
  Shape after;
  std::optional<uint32_t> transform;  // of the plan: the last transform that renamed them on load
};

// Keys of a checkpoint that go nowhere, with the reason that their names indicate.
struct UnexpectedKeys : FamilyPart {
  enum class Kind : uint8_t {
    kUnknown,
    kQuantised,   // quantisation data beside, or instead of, a parameter of the model
    kBuffer,      // a constant that older releases wrote: masks, position ids, rotary frequencies
    kPrediction,  // layers after the model's own, which predict further tokens
  };
  Kind kind = Kind::kUnknown;
  // Of kQuantised: a converter would merge the weight that they belong to, and the quantisers of the
  // library do not merge such parts (GPTQ, AWQ), or do not collect them (global scales).
  enum class Unmerged : uint8_t { kNo, kParts, kGlobalScale };
  Unmerged unmerged = Unmerged::kNo;
  // The name that the transforms make belongs to no module of the model, or a transform wrote the
  // last part of it: a sign of a wrong mapping, not of another config.
  bool by_mapping = false;
  // A transform renames what marks it as quantisation data, so that nothing finds it any more.
  bool torn = false;
};

// Parts of quantised weights without which the load raises, or makes wrong weights.
struct IncompleteWeights {
  std::string has;    // key patterns of the model: what is there
  std::string lacks;  // and what is not
  IndexBox numbers;
  bool fewer = false;  // it is there, but not for every expert
};

struct CheckpointOptions {
  // The layout is that of the class's default config: the checkpoint's config may have switched
  // parts of the model on or off. If all shapes agree, it has not.
  bool default_layout = false;
  // There is no layout: the given one has the names that the load makes of the checkpoint.
  bool of_checkpoint = false;
  // The layout is that of the checkpoint's own config.json: no number and no size may differ.
  bool own_config = false;
};

struct CheckpointOutcome {
  const Checkpoint* checkpoint = nullptr;
  // The layout that was used: the given one, or a fitted copy. `fitted` if it is a copy.
  std::shared_ptr<const Layout> layout;
  bool fitted = false;
  // The families that were loaded: those of the checkpoint. If it has no shapes, they get the
  // shapes that the layout's own keys would be saved with. (For an adapter: the weights that its
  // keys belong to.)
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;  // what they and `model` point into
  // `load`, `loaded`, `plan`, … of these families and this layout. Its `missing` is by name only (and
  // by what a quantiser makes of other keys); use the member below.
  Simulation simulation;

  // The transforms of the mapping that do not construct: they took no part.
  std::vector<CompiledRegistry::Rejection> rejections;

  std::vector<CountDifference> counts;
  // The layout is the checkpoint's own, judged by counts, sizes and the options.
  bool exact = true;
  bool of_checkpoint = false;  // as in the options
  // What the quantiser of config.json makes of the model: `layout` then is the model after that, with
  // the keys that its converters take.
  QuantisedModel quantiser;
  std::vector<IncompleteWeights> incomplete;
  // Ties whose source is not in the checkpoint, though several of its targets are.
  struct OpenTie {
    std::string source;
    std::vector<std::string> there;  // the targets, in the order of the table
  };
  std::vector<OpenTie> open_ties;
  // Keys of single tensors that a fresh save would write as several, one an expert: the file was saved
  // without its mapping.
  std::vector<NameFamily> in_memory;
  // Keys of layout->families that nothing fills. Each is in exactly one of these.
  std::vector<FamilyPart> missing;    // left uninitialised
  std::vector<FamilyPart> tied;       // tied to a present key
  std::vector<FamilyPart> quantised;  // their quantised parts are present
  std::vector<FamilyPart> constants;  // buffers that the model computes itself
  // Complete patterns, when no key of the checkpoint is left over and the layout is not exact:
  // another config leaves them out.
  std::vector<FamilyPart> left_out;
  std::vector<UnexpectedKeys> unexpected;  // of `families`: they go nowhere
  std::vector<SizeRelation> sizes;         // the most frequent first
  std::vector<ShapeDifference> shapes;
  // Productions of simulation.loaded that raise, with what was read from the checkpoint.
  std::vector<uint32_t> failed;

  // Saving the loaded model with the transforms that the load used. Not done for an adapter, since
  // a mapping does not write adapter files.
  std::vector<LayoutFamily> model;  // what is saved: without tied targets, shapes as loaded
  PassOrder save_order;
  Pass save;
  Conversion saved;
  std::optional<EngineError> save_error;
  std::vector<DriftedKeys> drifted;  // names that do not come back
  // Names that come back with or without the base model's prefix: both load.
  std::vector<DriftedKeys> prefixed;
  std::vector<ReshapedKeys> reshaped;  // names that come back with another shape
  std::vector<NameFamily> added;       // new names that no missing key explains
  std::vector<NameFamily> added_for_missing;  // new names that missing keys are saved under

  // Keys that go nowhere for an unknown reason, or that the quantiser loses.
  bool has_leftovers() const {
    return std::any_of(unexpected.begin(), unexpected.end(), [&](const UnexpectedKeys& keys) {
      return keys.kind == UnexpectedKeys::Kind::kUnknown ||
             (quantiser.layout != nullptr && keys.unmerged == UnexpectedKeys::Unmerged::kParts);
    });
  }
  // The model's keys, without those that are only taken by a quantiser's converters.
  uint64_t model_keys() const;
  // Some key of the model is filled.
  bool fills_any() const;
  bool clean() const {
    return missing.empty() && incomplete.empty() && !has_leftovers() && shapes.empty() && failed.empty() &&
           drifted.empty() && reshaped.empty() && added.empty() && !save_error;
  }
};

// The traces of one input family: they are adjacent.
std::span<const Trace> TracesOf(const Pass& pass, uint32_t family);

// `layout`, `registry` and `checkpoint` must outlive the result.
CheckpointOutcome SimulateCheckpoint(const Layout& layout, const CompiledRegistry& registry,
                                     const Checkpoint& checkpoint,
                                     const CheckpointOptions& options = {});

}  // namespace wcheck
