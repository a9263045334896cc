// Simulates the classes of a command line, for commands that show what happens to them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wcheck/judge.h"
#include "cli/input_flags.h"
#include "engine/simulation.h"

namespace wcheck::cli {

// Registry, layouts and the selected classes, read completely before anything is shown.
class ModelSimulations {
 public:
  // Also an error if a transform of the registry does not construct: the engine would not even
  // start.
  static Result<ModelSimulations> Open(const InputFlags& flags, const EngineFlag& engine);

  size_t size() const { return layouts_.size(); }
  const std::string& class_name(size_t i) const { return layouts_[i].class_name; }
  // Calls `use` with the simulation of each class in turn, until one fails.
  Status ForEach(const std::function<Status(const Simulation&)>& use) const;

  // The same with each layout, and the registry compiled for the engine.
  Status ForEachLayout(
      const std::function<Status(const Layout&, const CompiledRegistry&)>& use) const;

  const Registry& registry() const { return *inputs_.registry; }
  // The findings of all checks for these classes.
  Result<Judgement> FindFaults() const;

 private:
  Inputs inputs_;
  std::vector<size_t> classes_;
  std::vector<Layout> layouts_;
};

}  // namespace wcheck::cli
