// A key that represents many: the text of one member of a family, with a tag on each digit that
// belongs to one of the family's numbers.
//
// A rename works on the text (so that a regex sees a real key) and moves the tags along. The result
// holds for every member that no pattern on the way can tell from this one: read the tagged digits
// as holes. If a rename tears a number apart or glues text to it, the result is not a key pattern
// with holes. ToName reports that, and the caller renames single members instead.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/key_family.h"

namespace wcheck {

// One number of a resulting name: a number of the original family, or a constant.
struct NamePart {
  static constexpr uint32_t kConstant = UINT32_MAX;
  uint32_t number = kConstant;  // which number of the family, or kConstant
  uint32_t value = 0;           // for a constant

  friend bool operator==(const NamePart&, const NamePart&) = default;
};

// A resulting name in terms of its family: a key pattern, and the number in each hole.
struct Name {
  std::string pattern;          // with kHole
  std::vector<NamePart> parts;  // one per hole

  // The set of values at each hole, for members with the given numbers.
  IndexBox Numbers(std::span<const IndexSet> members) const;
  // The name of one member.
  std::string Of(std::span<const uint32_t> member) const;
  // True if different members get different names: every number with more than one value occurs in
  // the name.
  bool Injective(std::span<const IndexSet> members) const;
  // True if the names of all members are again a product of sets: no number occurs twice.
  bool IsProduct() const;

  friend bool operator==(const Name&, const Name&) = default;
};

struct SymbolicKey {
  std::string text;
  std::string tags;  // one byte per byte of text: 0 for text, n + 1 for a digit of number n

  // One member of a family with every number tagged; or without any tags.
  static SymbolicKey Of(std::string_view pattern, std::span<const uint32_t> member);
  static SymbolicKey Concrete(std::string_view key);

  // Replaces text[at, at + count) by `with`, which brings its own tags.
  void Replace(size_t at, size_t count, const SymbolicKey& with);
  void Append(const SymbolicKey& from, size_t begin, size_t end);
  void Append(std::string_view literal);
  bool tagged(size_t i) const { return tags[i] != 0; }
};

// Reads a key as a name. False if a tagged number is not, complete and alone, a dotted part of it.
// `member` are the numbers that the tags refer to (their digits are compared).
bool ToName(const SymbolicKey& key, std::span<const uint32_t> member, Name* name);
// Whether ToName would return true.
bool IsName(const SymbolicKey& key, std::span<const uint32_t> member);

// The start of the first textual occurrence of key[begin, end) in key[from, …), for all members at
// once. `known` is false if it differs between members.
struct Occurrence {
  size_t at;
  bool known;
};
Occurrence FirstOccurrence(const SymbolicKey& key, size_t from, size_t begin, size_t end);

}  // namespace wcheck
