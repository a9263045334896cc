// Everything that happens to one model class: its plan, a fresh save, the load of what was saved,
// the load of the model's own keys, a second save. The fields have the names of the reference
// answers (truth-V.jsonl).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/conversion.h"
#include "layout/key_set.h"
#include "engine/pass.h"
#include "engine/plan.h"

namespace wcheck {

// Names that two or more keys reach.
struct Collision {
  std::string pattern;
  IndexBox numbers;              // the names
  std::vector<uint32_t> traces;  // those that reach each of them; a single trace, if several of its
                                 // keys get the same name
};

// A part of some families.
struct FamilyPart {
  uint32_t family;
  IndexBox numbers;
};

struct Simulation {
  const Layout* layout = nullptr;
  const Engine* engine = nullptr;
  Plan plan;
  std::unique_ptr<KeySet> model;  // the layout's keys

  PassOrder load_order;
  PassOrder save_order;  // of a fresh save
  PassOrder save_loaded_order;
  PassOrder save_again_order;  // `save_loaded` once more; see Transform::Reverse
  Pass save_fresh;
  Pass save_loaded;
  std::optional<Pass> save_again;  // only if requested
  Conversion saved;                // the checkpoint of a fresh save; `saved.error` if there is none

  // The rest is about `checkpoint`, unless the save failed: then only `reload` is set.
  bool has_checkpoint = false;
  std::span<const LayoutFamily> checkpoint;
  Pass load;
  Conversion loaded;
  Pass reload;  // of the model's own keys
  Pass resave;  // of the checkpoint's keys, as if they were the model's

  std::vector<FamilyPart> missing;         // of the layout's families
  std::vector<FamilyPart> unexpected;      // of the checkpoint's families
  std::vector<Collision> save_collisions;  // traces of save_fresh
  std::vector<Collision> load_collisions;  // traces of load
};

struct SimulationOptions {
  Folding folding = Folding::kFamilies;
  bool save_again = false;
  // Only what the load of `checkpoint` needs: nothing is saved, and nothing reloaded.
  bool load_only = false;
  // Load these instead of what a fresh save writes; must outlive the simulation.
  const std::vector<LayoutFamily>* checkpoint = nullptr;
};

// Simulates one class by the engine of `registry`. `layout` and `registry` must outlive the result.
Simulation Simulate(const Layout& layout, const CompiledRegistry& registry,
                    const SimulationOptions& options);

// The targets of a converter as they appear in the keys that it produced: for a loaded key that a
// converter claimed, the model keys that its operations fill.
std::vector<Name> FilledKeys(const Simulation& simulation, const Pass& pass, const Trace& trace);

}  // namespace wcheck
