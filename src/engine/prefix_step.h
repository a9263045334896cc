// The last step of a load (docs/semantics.md#base-prefix): the base model prefix is removed or
// added, if that gives a key of the model.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/pass.h"

namespace wcheck {

class PrefixStep {
 public:
  // Keeps references to what `target` points to.
  explicit PrefixStep(const LoadTarget& target);

  // Applies the step to the keys of a family under their current name, by the name's pattern.
  // Returns whether the model has the result: kAll or kNone. Returns kSome and does nothing if the
  // pattern does not decide it, or if the keys differ.
  KeySet::Part ApplyToName(std::string_view pattern, std::span<const IndexSet> numbers,
                           Trace::PrefixStep* step, std::string_view* result) const;

  // The same for one key on behalf of `members` of a family, `member` being the one whose text it
  // has. Nothing if the answer differs between the members.
  std::optional<KeySet::Part> ApplyToKey(std::span<const IndexSet> members,
                                         std::span<const uint32_t> member, SymbolicKey* key,
                                         Trace* trace) const;

 private:
  std::optional<KeySet::Part> Held(const SymbolicKey& key, std::span<const IndexSet> members,
                                   std::span<const uint32_t> member) const;

  std::string_view prefix_;
  const KeySet& keys_;
  bool has_numbers_;            // a dotted part of the prefix reads as a number
  mutable std::string longer_;  // storage of `result`, until the next call
};

}  // namespace wcheck
