// Judges classes that somebody else simulates.
#pragma once

#include <memory>

#include "wcheck/judge.h"

#include "engine/simulation.h"

namespace wcheck {

// Judge (wcheck/judge.h), for those who simulate by themselves.
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
