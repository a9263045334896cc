// What is different for one class between two simulations of it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "wcheck/compare.h"

#include "engine/simulation.h"

namespace wcheck {

struct ClassChanges {
  std::vector<KeyChange> changes;  // the worst kind first
  // The transforms (by their text) that matched a key whose result changed.
  std::set<std::string> movers;
};

// `before` and `after` may be simulations of two layouts of the class.
ClassChanges ChangesOf(const Simulation& before, const Simulation& after);

// The same keys, numbers and shapes, sub-models and base prefix: the same model to an engine.
bool SameModel(const Layout& a, const Layout& b);

// The same families in the same order.
bool SameFamilies(std::span<const LayoutFamily> a, std::span<const LayoutFamily> b);

Compatibility VerdictOf(const std::vector<KeyChange>& changes);

}  // namespace wcheck
