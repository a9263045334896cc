// A transform that takes, on load, a name that another one has written on save, because a dot of
// its source stands for another character. What shows is the key of the other, which does not come
// back; what is wrong is the dot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/simulation.h"

namespace wcheck {

struct DotIntruder {
  uint32_t transform = 0;  // of the plan
  uint32_t source = 0;     // which of its sources
  std::string escaped;     // that source with its dots escaped
};

// `save` and `load` are the two ways of keys that do not come back. There is an intruder only if
// they do come back with the dots escaped: that is tried.
std::optional<DotIntruder> FindDotIntruder(const Simulation& simulation, const Trace& save,
                                           const Trace& load);

}  // namespace wcheck
