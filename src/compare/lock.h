// wcheck.lock: the checkpoint formats that a mapping produces, as a text file to commit with it, so
// that a changed format shows in review as a change of that file. docs/lock.md describes its lines.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/compare.h"
#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck {

struct Lock {
  std::string engine;               // the name of a engine
  std::vector<std::string> models;  // globs of classes; empty: all
  // For every class that an entry reaches, what its checkpoints look like: sorted lines. A class
  // that is not listed saves its own names and loads them.
  std::map<std::string, std::vector<std::string>, std::less<>> classes;
};

// What is the same for several classes is written once. Equal locks give equal bytes.
std::string WriteLock(const Lock& lock);
Result<Lock> ReadLock(const SourceFile& file);

// The lock of the classes of these names, which must be in the layouts. An Error if the engine
// would not import the mapping, or if an entry that a class reaches could not be read completely:
// such a lock would be wrong.
Result<Lock> MakeLock(const CompareSide& side, const std::vector<std::string>& classes,
                      const JudgeOptions& options);

// What differs from the lock, for the classes of these names: "old" is what was locked. Only `jobs`
// and `progress` of the options are used. The old transforms are not known, so classes are grouped
// by what happens to them, and there are no findings.
Result<Comparison> CompareWithLock(const Lock& lock, const CompareSide& side,
                                   const std::vector<std::string>& classes,
                                   const JudgeOptions& options);

}  // namespace wcheck
