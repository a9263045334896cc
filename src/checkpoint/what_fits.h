// What would fit a checkpoint: other classes, and other entries of a mapping for the same class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/result.h"

#include "checkpoint/checkpoint_files.h"
#include "engine/plan.h"

namespace wcheck {

// How a checkpoint fits one class, by names, with the checkpoint's numbers of layers and experts.
struct ClassFit {
  std::string class_name;
  uint64_t filled = 0;  // keys of the model that it fills, or that are tied to such keys
  uint64_t keys = 0;    // of the model
  uint64_t used = 0;    // keys of the checkpoint that lead to keys of the model
};

// Judges by how many keys of both sides have no counterpart.
bool FitsBetter(const ClassFit& a, const ClassFit& b);

// The best `count` classes of `layouts`, the best one first. Only the classes with the most names
// in common with the checkpoint are simulated. Classes that fill nothing are left out.
Result<std::vector<ClassFit>> RankClasses(const LayoutSource& layouts,
                                          const CompiledRegistry& registry,
                                          const Checkpoint& checkpoint, size_t count,
                                          unsigned threads);

// The entry of the mapping with which the class of `layout` takes more of the checkpoint's keys
// than with its own; nothing if none does.
struct EntryFit {
  std::string entry;
  ClassFit before;
  ClassFit after;
};
std::optional<EntryFit> BestEntry(const Layout& layout, const CompiledRegistry& registry,
                                  const Checkpoint& checkpoint);

}  // namespace wcheck
