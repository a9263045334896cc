// Simulating the classes that a command line names, for commands that show what happens to them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "cli/inputs.h"
#include "engine/simulation.h"

namespace wcheck::cli {

// Registry, layouts and the choice of classes, read whole before anything is shown.
class ModelSimulations {
 public:
  // An error too if some transform of the registry does not construct: the engine would not even
  // start with it.
  static Result<ModelSimulations> Open(const InputFlags& flags, const EngineFlag& engine);

  size_t size() const { return layouts_.size(); }
  const std::string& class_name(size_t i) const { return layouts_[i].class_name; }
  // Calls `use` with the simulation of each class in turn, until one fails.
  Status ForEach(const std::function<Status(const Simulation&)>& use) const;

  const Registry& registry() const { return *inputs_.registry; }
  // What all checks find in these classes.
  Result<Judgement> FindFaults() const;

 private:
  Inputs inputs_;
  std::vector<size_t> classes_;
  std::vector<Layout> layouts_;
};

}  // namespace wcheck::cli
