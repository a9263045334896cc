// Judging a real checkpoint: what of a model does it fill, what of it goes nowhere, which shapes
// disagree, and does saving the loaded model give the same names back.
//
// Names are exact. Shapes can only be as true as the layout: a bundled layout was built from the
// class's default config, and a checkpoint of another size differs from it in nearly every key. So
// a layout is first *fitted*: repeated parts (layers, experts) get the numbers that the checkpoint
// has, where only one reading is possible, and each kind of difference is told once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"
#include "checkpoint/checkpoint_files.h"

namespace wcheck {

// A repeated part of the model of which the checkpoint has another number than the layout.
struct CountDifference {
  std::string part;     // the model keys' pattern up to the number: "model.layers.<hole>"
  IndexSet layout;      // {0…31}
  IndexSet checkpoint;  // {0…55}
  bool fitted = false;  // the layout was given the checkpoint's numbers
};

// A size in the layout that is another one in the checkpoint: what a different config looks like.
struct SizeRelation {
  int64_t layout = 0;
  int64_t checkpoint = 0;
  uint64_t patterns = 0;  // key patterns that have it
};

struct ShapeDifference {
  enum class Kind : uint8_t {
    kRank,      // another number of dimensions
    kPermuted,  // the dimensions in another order, by what sizes are everywhere else
    kOddOne,    // most keys of this pattern have another shape
    kWrong,     // other sizes, where most of the checkpoint has those of a layout made for it
    kSize,      // other sizes, alike for all keys of the pattern: most likely another config
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

// Checkpoint keys that are loaded, and whose names do not come back when the model is saved.
struct DriftedKeys {
  NameFamily keys;
  uint32_t load_trace = 0;             // into simulation.load
  std::optional<uint32_t> save_trace;  // into `save`: the model key that it is loaded into
};

// Checkpoint keys whose tensors are saved with another shape than they had.
struct ReshapedKeys {
  NameFamily keys;
  Shape before;
  Shape after;
  std::optional<uint32_t> transform;  // of the plan: the last that renamed them on load
};

// Keys of a checkpoint that go nowhere, with the reason that their names tell.
struct UnexpectedKeys : FamilyPart {
  enum class Kind : uint8_t {
    kUnknown,
    kQuantised,   // what quantisation put beside, or in the place of, a parameter of the model
    kBuffer,      // a constant that older releases wrote: masks, position ids, rotary frequencies
    kPrediction,  // layers behind the model's own, which predict further tokens
  };
  Kind kind = Kind::kUnknown;
  // The name that the transforms make of it belongs to no module of the model, or a transform made
  // the very end of it: not what another config does, but what a wrong mapping does.
  bool by_mapping = false;
};

struct CheckpointOptions {
  const Profile* profile = &DefaultProfile();
  // The layout is that of the class's default config: the checkpoint's own may have switched parts
  // of the model on or off. Shapes that all agree prove the contrary.
  bool default_layout = false;
};

struct CheckpointJudgement {
  const Checkpoint* checkpoint = nullptr;
  // The layout that was judged with: the one given, or a fitted copy. `fitted` if it is a copy.
  std::shared_ptr<const Layout> layout;
  bool fitted = false;
  // The families that were loaded: those of the checkpoint, which have, if it tells no shapes, the
  // shapes that the layout's own keys would be saved with. (For an adapter: the weights that its
  // keys belong to.)
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;  // what they and `model` point into
  // `load`, `loaded`, `plan`, … of these families and this layout. Its `missing` counts by name
  // alone; use the one below.
  Simulation simulation;

  std::vector<CountDifference> counts;
  // The layout is the checkpoint's own, as far as counts, sizes and the options tell.
  bool exact = true;
  // Keys of layout->families that nothing fills. Each is in one of these.
  std::vector<FamilyPart> missing;    // left uninitialised
  std::vector<FamilyPart> tied;       // tied to what is there
  std::vector<FamilyPart> quantised;  // what quantisation made of them is there
  std::vector<FamilyPart> constants;  // buffers that the model computes itself
  // Whole patterns, where nothing of the checkpoint is left over and the layout is not exact:
  // another config leaves them out.
  std::vector<FamilyPart> left_out;
  std::vector<UnexpectedKeys> unexpected;  // of `families`: they go nowhere
  std::vector<SizeRelation> sizes;         // the most frequent first
  std::vector<ShapeDifference> shapes;
  // Productions of simulation.loaded that raise, with what was read from the checkpoint.
  std::vector<uint32_t> failed;

  // Saving the loaded model, with the transforms that were used while loading. Not done for an
  // adapter, whose files the mapping does not write.
  std::vector<LayoutFamily> model;  // what is saved: no tied targets, shapes as loaded
  PassOrder save_order;
  Pass save;
  Conversion saved;
  std::optional<EngineError> save_error;
  std::vector<DriftedKeys> drifted;  // names that do not come back
  // Names that come back with the base model's prefix, or without it: both are loaded alike.
  std::vector<DriftedKeys> prefixed;
  std::vector<ReshapedKeys> reshaped;  // names that come back with another shape
  std::vector<NameFamily> added;       // names that were not there, and no missing key explains

  // Keys that go nowhere for a reason that is not known.
  bool has_leftovers() const {
    return std::any_of(unexpected.begin(), unexpected.end(), [](const UnexpectedKeys& keys) {
      return keys.kind == UnexpectedKeys::Kind::kUnknown;
    });
  }
  bool clean() const {
    return missing.empty() && !has_leftovers() && shapes.empty() && failed.empty() &&
           drifted.empty() && reshaped.empty() && added.empty() && !save_error;
  }
};

// The traces of one of the families that went in: they stand together.
std::span<const Trace> TracesOf(const Pass& pass, uint32_t family);

// `layout`, `registry` and `checkpoint` must outlive the result.
CheckpointJudgement JudgeCheckpoint(const Layout& layout, const CompiledRegistry& registry,
                                    const Checkpoint& checkpoint,
                                    const CheckpointOptions& options = {});

}  // namespace wcheck
