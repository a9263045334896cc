// A simulation as one JSON object, in the form of truth-V.jsonl: every key by its name, in the
// order in which the engine visits them.
#pragma once

#include <string>

#include "engine/simulation.h"

namespace wcheck {

// The fields `class`, `mapping`, `save_fresh`, `save_loaded`, (`save_again`,) `checkpoint`, `load`,
// `load_used`, `missing`, `unexpected`, `load_collisions`, `reload`, `reload_used`,
// `load_failures`, `stray`, `mismatched`, `unset`, `save_collisions`, `resave`, and `<field>_error`
// where the engine would raise; the two `_used` only for engines that remember it. With the
// simulation of a given checkpoint's load, `given` has its part of these. On one line, without a
// newline at its end.
std::string SimulationJson(const Simulation& simulation, const Simulation* given = nullptr);

// `{"class": …, "rejected": reason}`: a transform of the registry does not construct.
std::string RejectedJson(std::string_view class_name, const EngineError& error);

}  // namespace wcheck
