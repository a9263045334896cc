// wcheck.lock: the checkpoint formats that a mapping gives, as a text to commit beside it, so that
// a change of a format shows in review as a change of that file. docs/lock.md describes its lines.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/compare.h"
#include "wcheck/comparison.h"
#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck {

struct Lock {
  std::string engine;               // the name of a profile
  std::vector<std::string> models;  // globs of classes; empty: all
  // For every class that an entry reaches, what its checkpoints look like: sorted lines. A class
  // that is not here saves its own names and loads them.
  std::map<std::string, std::vector<std::string>, std::less<>> classes;
};

// What is the same for several classes is written once. The same bytes for the same lock.
std::string WriteLock(const Lock& lock);
Result<Lock> ReadLock(const SourceFile& file);

// The lock of the classes of these names, which are in the layouts. An Error if the engine would
// not import the mapping, or part of an entry that a class reaches could not be read: such a lock
// would be wrong.
Result<Lock> MakeLock(const CompareSide& side, const std::vector<std::string>& classes,
                      const JudgeOptions& options);

// What is not as the lock says, for the classes of these names: "old" is what was locked. Only
// `jobs` and `progress` of the options are used. Nothing is known of the transforms that were, so
// classes are grouped by what happens to them, and there are no findings.
Result<Comparison> CompareWithLock(const Lock& lock, const CompareSide& side,
                                   const std::vector<std::string>& classes,
                                   const JudgeOptions& options);

}  // namespace wcheck
