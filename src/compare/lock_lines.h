// The lines of a lock that tell of one class.
//
//   language_model.layers.{0...31}.norm.weight [4096] > model.language_model.~4
//   experts.{0...31}.{0...7}.w1.weight [14336,4096] > 2~.gate_up_proj by
//   MergeModulelist(… ? lm_head.weight                a model key that no checkpoint key fills =
//   norm.weight > model.norm.weight   a model key that is renamed when it is read as a checkpoint
//   key ! saving raises …
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

// Sorted, and without a repetition.
std::vector<std::string> LockLines(const Simulation& simulation);

// A text as lines write it, and back: what could be taken for another part of a line is \xNN.
std::string LockText(std::string_view text);
std::optional<std::string> ParseLockText(std::string_view text);

// The same for a family of names: "layers.{0...31}.norm".
std::string LockName(std::string_view pattern, std::span<const IndexSet> numbers);
struct LockFamily {
  std::string pattern;
  IndexBox numbers;
};
std::optional<LockFamily> ParseLockName(std::string_view text);

// What a line says of checkpoint keys.
struct LockedKeys {
  std::string name;    // as written
  std::string target;  // in full, "" for "nothing"
  std::string recipe;  // "" if it is loaded as it is
  LockFamily family;
  std::vector<int64_t> shape;
};
// Nothing if the line tells of something else, or cannot be read.
std::optional<LockedKeys> ParseLockedKeys(std::string_view line);
// Whether a line can be read at all.
bool IsLockLine(std::string_view line);

}  // namespace wcheck
