// A transform that takes, on load, a name that another one wrote on save, because a dot of its
// source matches another character. The symptom is the other transform's key, which does not come
// back; the cause is the dot.
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
// they come back once the dots are escaped; this is tried.
std::optional<DotIntruder> FindDotIntruder(const Simulation& simulation, const Trace& save,
                                           const Trace& load);

}  // namespace wcheck
