// Which keys of a model names lead to when they are loaded, whatever their tensors contain.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

class Reach {
 public:
  // An open model has every number at each of the layout's numbered parts, so that keys of
  // additional layers still find their way.
  enum class Model : uint8_t { kOpen, kAsIs };
  // `layout` and `registry` must outlive it.
  Reach(const Layout& layout, const CompiledRegistry& registry,
        Model model);
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;

  Pass Load(std::span<const LayoutFamily> families) const;
  // The keys that a trace of such a load fills: several after a converter, none outside the model.
  std::vector<Name> KeysOf(const Pass& load, const Trace& trace) const;

 private:
  const Layout& layout_;
  const Engine& engine_;
  std::deque<IndexBox> boxes_;
  std::vector<LayoutFamily> open_;
  Simulation plan_;  // the plan and its order; FilledKeys uses them
};

}  // namespace wcheck
