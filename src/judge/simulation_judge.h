// Judges classes that somebody else simulates.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "wcheck/judge.h"

#include "engine/simulation.h"

namespace wcheck {

// Judge (wcheck/judge.h), for those who simulate by themselves.
class SimulationJudge {
 public:
  // Keeps a reference to `registry`. Does not use the engine, `jobs` and `progress` of the options.
  SimulationJudge(const CompiledRegistry& registry, JudgeOptions options);
  ~SimulationJudge();

  // Runs the checks on one class. May be called from several threads.
  void Add(const Simulation& simulation);
  // Joins the findings, once. `all_classes` as for Judge.
  Judgement Finish(bool all_classes);
  // The same if all classes were added but those that look up the names `others`. The names in
  // entries that none looks up are looked for among the keys of `release`, the layouts of a whole
  // release.
  Result<Judgement> FinishAmong(const std::set<std::string>& others, const LayoutSource& release);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wcheck
