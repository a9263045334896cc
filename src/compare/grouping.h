// Groups classes that change for the same reason.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "wcheck/compare.h"

#include "engine/plan.h"

namespace wcheck {

// A compared class, and what is known about why it changes.
struct ClassOutcome {
  ClassComparison comparison;
  std::vector<TransformEdit> edits;  // those that affect it
  std::vector<AliasEdit> aliases;    // of entries that it reaches
  std::set<std::string> movers;      // see ClassChanges
  bool model_changed = false;
  bool engine_changed = false;
};

// The worst first, then those with the most classes (SortGroups). A class in which nothing changed,
// not even a transform, is in no group.
std::vector<ChangeGroup> GroupByCause(std::vector<ClassOutcome> outcomes);

void SortGroups(std::vector<ChangeGroup>* groups);

// A registry with these transforms could not be imported; no classes yet. Requires at least one.
ChangeGroup RejectedGroup(const std::vector<CompiledRegistry::Rejection>& rejected);

}  // namespace wcheck
