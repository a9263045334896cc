// Names that a save produces and that no model would have: what is left in them of pattern syntax.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

// What is wrong with a name.
enum class Leftover : uint8_t {
  kNone,
  kReference,  // `\2`
  kSyntax,     // a backslash, or another character of regular expressions
  kEmptyPart,  // "a..b", ".a", "a."
};
Leftover LeftoverOf(std::string_view name);

// A name of the saved checkpoint with something left in it that no key of the model had.
struct LeftoverName {
  Leftover leftover;
  std::string key;                    // the model's keys, as a family
  std::string name;                   // what they are saved as
  uint64_t count = 1;                 // how many
  std::optional<uint32_t> transform;  // whose replacement brought it in
};
std::vector<LeftoverName> LeftoverNames(const Simulation& simulation);

}  // namespace wcheck
