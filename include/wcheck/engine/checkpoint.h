// Judging a real checkpoint: what of a model does it fill, what of it goes nowhere, which shapes
// disagree, and does saving the loaded model give the same names back.
//
// Names are exact. Shapes can only be as true as the layout: a bundled layout was built from the
// class's default config, and a checkpoint of another size differs from it in nearly every key. So
// a layout is first *fitted*: repeated parts (layers, experts) get the numbers that the checkpoint
// has, where only one reading is possible, and each kind of difference is told once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/engine/simulation.h"
#include "wcheck/layout/checkpoint_files.h"

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
  std::vector<FamilyPart> missing;     // of layout->families: left uninitialised
  std::vector<FamilyPart> tied;        // of layout->families: absent, but tied to what is there
  std::vector<FamilyPart> unexpected;  // of `families`: they go nowhere
  std::vector<SizeRelation> sizes;     // the most frequent first
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
  std::vector<NameFamily> added;     // names that were not there, and no missing key explains

  bool clean() const {
    return missing.empty() && unexpected.empty() && shapes.empty() && failed.empty() &&
           drifted.empty() && added.empty() && !save_error;
  }
};

// `layout`, `registry` and `checkpoint` must outlive the result.
CheckpointJudgement JudgeCheckpoint(const Layout& layout, const CompiledRegistry& registry,
                                    const Profile& profile, const Checkpoint& checkpoint);

// The layout with the checkpoint's numbers of repeated parts; null if there is nothing to fit.
// `counts` tells every difference, fitted or not.
std::shared_ptr<const Layout> FitLayout(const Layout& layout, const CompiledRegistry& registry,
                                        const Profile& profile,
                                        const std::vector<LayoutFamily>& checkpoint,
                                        std::vector<CountDifference>* counts);

}  // namespace wcheck
