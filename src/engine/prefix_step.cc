#include "engine/prefix_step.h"

#include <utility>

#include "engine/family_filter.h"

namespace wcheck {
namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80U; }

}  // namespace

PrefixStep::PrefixStep(const LoadTarget& target)
    : prefix_(target.base_model_prefix),
      keys_(*target.keys),
      has_numbers_(!SplitNumbers(target.base_model_prefix).numbers.empty()) {}

std::optional<KeySet::Part> PrefixStep::Held(const SymbolicKey& key,
                                             std::span<const IndexSet> members,
                                             std::span<const uint32_t> member) const {
  Name name;
  if (!ToName(key, member, &name)) return std::nullopt;
  KeySet::Part part = keys_.Has(name.pattern, name.Numbers(members));
  if (part != KeySet::Part::kSome) return part;
  return std::nullopt;
}

// The two cases of docs/semantics.md#base-prefix, in the engine's order: shorter first, then
// longer, then the key as it is.
std::optional<KeySet::Part> PrefixStep::ApplyToKey(std::span<const IndexSet> members,
                                                   std::span<const uint32_t> member,
                                                   SymbolicKey* key, Trace* trace) const {
  using Part = KeySet::Part;
  if (key->text.starts_with(prefix_)) {
    // `^P.` matches one more character than the prefix, any but a newline. Without one the regex
    // does not match, and the key stays as it is.
    SymbolicKey shorter = *key;
    size_t next = prefix_.size();
    if (next < key->text.size() && key->text[next] != '\n') {
      size_t length = 1;
      while (next + length < key->text.size() && Continues(key->text[next + length])) ++length;
      shorter.Replace(0, next + length, SymbolicKey{});
    }
    std::optional<Part> held = Held(shorter, members, member);
    if (!held) return std::nullopt;
    if (*held == Part::kAll) {
      if (shorter.text != key->text) trace->prefix_step = Trace::PrefixStep::kRemoved;
      *key = std::move(shorter);
      return held;
    }
  }
  SymbolicKey longer;
  longer.Append(prefix_);
  longer.Append(".");
  longer.Append(*key, 0, key->text.size());
  std::optional<Part> held = Held(longer, members, member);
  if (!held) return std::nullopt;
  if (*held == Part::kAll) {
    trace->prefix_step = Trace::PrefixStep::kAdded;
    *key = std::move(longer);
    return held;
  }
  return Held(*key, members, member);
}

// The same on a pattern, without building a key. Gives up (kSome) if the prefix or the removed
// character could involve a number.
KeySet::Part PrefixStep::ApplyToName(std::string_view pattern, std::span<const IndexSet> numbers,
                                     Trace::PrefixStep* step, std::string_view* result) const {
  using Part = KeySet::Part;
  if (has_numbers_) return Part::kSome;
  switch (FamilyStartsWith(pattern, prefix_)) {
    case StartsWith::kSome:
      return Part::kSome;
    case StartsWith::kNone:
      break;
    case StartsWith::kAll: {
      // What `^P.` leaves must be a pattern again: its first part must not turn out to be a number.
      if (pattern.size() <= prefix_.size() + 1) return Part::kSome;
      char next = pattern[prefix_.size()];
      std::string_view rest = pattern.substr(prefix_.size() + 1);
      if (next == '\n' || !IsAscii(next)) return Part::kSome;
      if (next != '.' && rest[0] >= '0' && rest[0] <= '9') return Part::kSome;
      Part held = keys_.Has(rest, numbers);
      if (held == Part::kAll) {
        *step = Trace::PrefixStep::kRemoved;
        *result = rest;
      }
      if (held != Part::kNone) return held;
    }
  }
  longer_.assign(prefix_).append(1, '.').append(pattern);
  Part held = keys_.Has(longer_, numbers);
  if (held == Part::kAll) {
    *step = Trace::PrefixStep::kAdded;
    *result = longer_;
  }
  if (held != Part::kNone) return held;
  *step = Trace::PrefixStep::kNone;
  *result = pattern;
  return keys_.Has(pattern, numbers);
}

}  // namespace wcheck
