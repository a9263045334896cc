// Judges classes: simulates them, runs the checks, and joins what has one cause.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "wcheck/checks/check.h"
#include "wcheck/engine/profile.h"
#include "wcheck/layout/layout.h"
#include "wcheck/support/result.h"

namespace wcheck {

struct JudgeOptions {
  const Profile* profile = &DefaultProfile();
  unsigned jobs = 0;  // threads; 0 means one a core
  // Checks that run; empty means all. Names are known to be valid.
  std::set<std::string, std::less<>> select;
  std::set<std::string, std::less<>> ignore;
  std::map<std::string, Severity, std::less<>> severity;  // overrides
  // What is known beside the registry; see ClassContext. By class name.
  const std::map<std::string, SectionModel, std::less<>>* sections = nullptr;
  const AdapterConfig* adapter = nullptr;
  // Called after each class, from any thread, with the number of classes done so far.
  std::function<void(size_t done)> progress;
};

struct Judgement {
  std::vector<Finding> findings;  // by file and line, then severity; one a cause
  size_t classes = 0;             // judged
  uint64_t keys = 0;              // of their layouts
  std::vector<std::string> not_judged;  // classes that reach an incomplete entry
  size_t count(Severity severity) const;
};

// Judges the given classes (indices into `layouts`). `all_classes` says that these are all there are.
Result<Judgement> Judge(const Registry& registry, const LayoutSource& layouts,
                        const std::vector<size_t>& classes, bool all_classes,
                        const JudgeOptions& options);

// The same for those who simulate by themselves.
class SimulationJudge {
 public:
  // Keeps a reference to `registry`. Neither the profile nor `jobs` nor `progress` is used.
  SimulationJudge(const CompiledRegistry& registry, JudgeOptions options);
  ~SimulationJudge();

  // Runs the checks on one class. May be called from several threads.
  void Add(const Simulation& simulation);
  // Joins what was found, once. `all_classes` as for Judge.
  Judgement Finish(bool all_classes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wcheck
