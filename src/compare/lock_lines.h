// The lines of a lock about one class; docs/lock.md describes them.
//
//   language_model.layers.{0...31}.norm.weight [4096] > model.language_model.~4
//   ? lm_head.weight
//   = norm.weight > model.norm.weight
//   ! saving raises …
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

// Sorted, without duplicates.
std::vector<std::string> LockLines(const Simulation& simulation);

// Escapes a text for a line, and back: what could be taken for another part of a line is \xNN.
std::string LockText(std::string_view text);
std::optional<std::string> ParseLockText(std::string_view text);

// The same for a family of names: "layers.{0...31}.norm".
std::string LockName(std::string_view pattern, std::span<const IndexSet> numbers);
struct LockFamily {
  std::string pattern;
  IndexBox numbers;
};
std::optional<LockFamily> ParseLockName(std::string_view text);

// What a line says about checkpoint keys.
struct LockedKeys {
  std::string name;    // as written
  std::string target;  // in full, "" for "nothing"
  std::string recipe;  // "" if it is loaded as it is
  LockFamily family;
  std::vector<int64_t> shape;
};
// Nothing if the line is of another kind, or cannot be read.
std::optional<LockedKeys> ParseLockedKeys(std::string_view line);
// Whether a line can be read at all.
bool IsLockLine(std::string_view line);

}  // namespace wcheck
