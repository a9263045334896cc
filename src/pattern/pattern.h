// Python regular expressions, as the engines' registries use them.
//
// A Pattern is what Python's `re.compile(text)` would return, for `search` on str. It is parsed by
// our own parser, which accepts and rejects what Python's does. Three matchers share the work, each
// used only where it has Python's semantics: a small one of our own for plain rows of characters,
// which nearly all patterns are; RE2; and PCRE2 if the pattern needs lookaround, a backreference,
// or another construct that RE2 lacks (or if the text is not ASCII, since Python's \d and \w know
// Unicode and RE2's do not).
//
//   auto p = Pattern::Compile(R"(layers\.(\d+)\.)");
//   Match m;
//   if (p->Search("model.layers.12.w", &m)) { m[0] is {6,16}; m[1] is {13,15}; }
//
// Patterns are cheap to copy (shared, immutable) and can be searched from several threads at once.
// The matcher is compiled on the first search that gets past the required literals.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

// A half-open byte range of a text; a group that took no part in a match has begin == kNone.
struct Span {
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t begin = kNone;
  uint32_t end = kNone;

  bool matched() const { return begin != kNone; }
  uint32_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// Index 0 is the whole match, index n is group n, as in Python's match objects.
using Match = std::vector<Span>;

// Which digits a set of patterns can tell apart. Two digits that no pattern tells apart share a
// class. Used to decide which members of a key family can be renamed as one: see
// families/family_cells.h.
class DigitClasses {
 public:
  // Separates the digits in `digits` (bit d set for digit d) from the others.
  void Split(uint16_t digits);
  // Separates all digits that `other` separates.
  void Split(const DigitClasses& other);
  // The class number (0 … 9) of digit d; equal numbers mean "never told apart".
  uint8_t ClassOf(int d) const { return class_of_[d]; }
  // True while all digits are still in one class.
  bool trivial() const { return trivial_; }

 private:
  std::array<uint8_t, 10> class_of_{};
  bool trivial_ = true;
};

class Pattern {
 public:
  // Parses `text` by Python's rules. In addition, a few patterns are rejected because they could
  // not be matched faithfully: nested more than 400 deep, beyond PCRE2's size limits, with
  // \N{name}, or with a counted repeat of something that prefers to be empty, as in (|a){,2}. The
  // error's message is Python's own without its " at position N" ("multiple repeat"); Place::inside
  // is "position N" and Place::column is N + 1 (N counts characters, as Python does); Place::file
  // and line stay empty.
  static Result<Pattern> Compile(std::string_view text);

  // Python's `re.search(pattern, text)`: the leftmost match, alternatives tried in order. On a
  // match fills `match` with group_count() + 1 spans (byte offsets) and returns true; otherwise
  // leaves it unspecified. `text` must be valid UTF-8. Thread-safe.
  bool Search(std::string_view text, Match* match) const;

  // The pattern text, as given to Compile.
  const std::string& text() const;
  // The number of capturing groups, named ones included.
  int group_count() const;
  // The names of the groups, in order of their numbers (Python's groupindex).
  const std::vector<std::pair<std::string, int>>& named_groups() const;
  // A literal that occurs in every text that matches; empty if none is known.
  std::string_view required_literal() const;

  // Family analysis. A *number* is a maximal run of digits that is a complete part of a dotted
  // name.
  //
  // Splits `classes` by every set of digits that this pattern can tell apart inside a number. With
  // `delimited`, every number is assumed to be a complete dotted part, so an atom directly next to
  // a letter (`w1`, `conv2`) cannot look at one. Without it, every atom that distinguishes digits
  // counts.
  void AddDigitClasses(bool delimited, DigitClasses* classes) const;
  // False only if no key of a family can match, whatever its numbers are: `key_pattern`, in which
  // kHole (wcheck/key_family.h) marks each number, lacks a literal that a match needs. With `cut`,
  // the search may begin after the start of the key.
  bool MayMatchFamily(std::string_view key_pattern, bool cut) const;
  // True if the pattern compares one piece of text with another (a backreference or a conditional
  // on a group), so that digit classes do not say enough about it.
  bool compares_text() const;

  // True if a lookahead or lookbehind, positive or negative, is part of the pattern.
  bool has_lookaround() const;
  // True if PCRE2 does the matching even of ASCII text.
  bool needs_pcre2() const;
  // True once a search of this pattern (or of a copy) was abandoned after too many steps, and so
  // counted as no match. Python would have continued for minutes or forever. RE2 never gives up;
  // PCRE2 does after some millions of steps.
  bool gave_up() const;
  // The least of the texts on which that happened; requires gave_up().
  std::string gave_up_on() const;

 private:
  struct Impl;
  explicit Pattern(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// Patterns by their text. The entries of a registry share most of their patterns; each is parsed
// once, and its matchers are created once. Thread-safe.
class PatternCache {
 public:
  // As Pattern::Compile.
  Result<Pattern> Compile(const std::string& text);
  // The patterns of which a search was given up, in the order of their texts.
  std::vector<Pattern> GivenUp() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Result<Pattern>> compiled_;
};

}  // namespace wcheck
