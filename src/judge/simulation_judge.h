// Judges classes that somebody else simulates.
#pragma once

#include <memory>

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

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wcheck
