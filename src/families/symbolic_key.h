// A key that stands for many: the text of one member of a family, with a tag on each digit that
// belongs to one of the family's numbers.
//
// A rename works on the text (so that a regex sees a real key) and moves the tags along. What comes
// out is the result for every member that no pattern on the way can tell from this one: read the
// tagged digits as holes. Where a rename tears a number apart or glues something to it, the result
// is not a key pattern with holes; ToName says so, and the caller goes back to single members.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/key_family.h"

namespace wcheck {

// One number of a resulting name: a number of the family that it came from, or a constant.
struct NamePart {
  static constexpr uint32_t kConstant = UINT32_MAX;
  uint32_t number = kConstant;  // which number of the family, or kConstant
  uint32_t value = 0;           // for a constant

  friend bool operator==(const NamePart&, const NamePart&) = default;
};

// A resulting name in terms of its family: a key pattern, and what stands in each hole.
struct Name {
  std::string pattern;          // with kHole
  std::vector<NamePart> parts;  // one a hole

  // The set of values at each hole, for members with the given numbers.
  IndexBox Numbers(std::span<const IndexSet> members) const;
  // The name of one member.
  std::string Of(std::span<const uint32_t> member) const;
  // True if `members` are renamed to as many different names: every number with more than one value
  // still stands in the name.
  bool Injective(std::span<const IndexSet> members) const;
  // True if the names of all members are a product of sets again: no number stands in two places.
  bool IsProduct() const;

  friend bool operator==(const Name&, const Name&) = default;
};

struct SymbolicKey {
  std::string text;
  std::string tags;  // one byte a byte of text: 0 for text, n + 1 for a digit of number n

  // One member of a family, every number tagged; or the same with no tags at all.
  static SymbolicKey Of(std::string_view pattern, std::span<const uint32_t> member);
  static SymbolicKey Concrete(std::string_view key);

  // text[at, at + count) becomes `with`.
  void Replace(size_t at, size_t count, const SymbolicKey& with);
  void Append(const SymbolicKey& from, size_t begin, size_t end);
  void Append(std::string_view literal);
  bool tagged(size_t i) const { return tags[i] != 0; }
};

// Reads a key as a name. False if a tagged number is not, whole and alone, a dotted part of it.
// `member` are the numbers that the tags stand for (their digits are compared).
bool ToName(const SymbolicKey& key, std::span<const uint32_t> member, Name* name);
// Whether ToName would be true.
bool IsName(const SymbolicKey& key, std::span<const uint32_t> member);

// Where the first textual occurrence of key[begin, end) in key[from, …) starts, for all members at
// once. `known` is false when it differs between members.
struct Occurrence {
  size_t at;
  bool known;
};
Occurrence FirstOccurrence(const SymbolicKey& key, size_t from, size_t begin, size_t end);

}  // namespace wcheck
