// Names that a save writes and that no model would have: leftovers of pattern syntax.
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

// A name of the saved checkpoint with a leftover that no key of the model had.
struct LeftoverName {
  Leftover leftover;
  std::string key;                    // the model's keys, as a family
  std::string name;                   // the names that they are saved under
  uint64_t count = 1;                 // how many
  std::optional<uint32_t> transform;  // whose replacement added it
};
std::vector<LeftoverName> LeftoverNames(const Simulation& simulation);

}  // namespace wcheck
