// Each byte of the text has a tag: 0 for text, n + 1 for a digit of number n. A replacement moves
// tags with their bytes. Reading the result as a name checks that every tagged run is a complete
// dotted part that still spells the number it came from.
#include "families/symbolic_key.h"

#include <algorithm>
#include <charconv>

namespace wcheck {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

IndexBox Name::Numbers(std::span<const IndexSet> members) const {
  IndexBox out;
  out.reserve(parts.size());
  for (const NamePart& part : parts) {
    if (part.number == NamePart::kConstant) {
      out.emplace_back(part.value, part.value);
    } else {
      out.push_back(members[part.number]);
    }
  }
  return out;
}

std::string Name::Of(std::span<const uint32_t> member) const {
  std::vector<uint32_t> values;
  values.reserve(parts.size());
  for (const NamePart& part : parts) {
    values.push_back(part.number == NamePart::kConstant ? part.value : member[part.number]);
  }
  return JoinNumbers(pattern, values);
}

bool Name::Injective(std::span<const IndexSet> members) const {
  for (uint32_t n = 0; n < members.size(); ++n) {
    if (members[n].size() < 2) continue;
    bool kept = false;
    for (const NamePart& part : parts) kept |= part.number == n;
    if (!kept) return false;
  }
  return true;
}

bool Name::IsProduct() const {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].number == NamePart::kConstant) continue;
    for (size_t j = i + 1; j < parts.size(); ++j) {
      if (parts[j].number == parts[i].number) return false;
    }
  }
  return true;
}

SymbolicKey SymbolicKey::Of(std::string_view pattern, std::span<const uint32_t> member) {
  SymbolicKey key;
  key.text.reserve(pattern.size() + 4 * member.size());
  size_t n = 0;
  for (size_t at = 0; at <= pattern.size();) {
    size_t hole = pattern.find(kHole, at);
    size_t stop = hole == std::string_view::npos ? pattern.size() : hole;
    key.text.append(pattern, at, stop - at);
    key.tags.append(stop - at, '\0');
    if (hole == std::string_view::npos) break;
    char digits[10];
    auto end = std::to_chars(digits, digits + sizeof digits, member[n]).ptr;
    key.text.append(digits, end);
    key.tags.append(static_cast<size_t>(end - digits), static_cast<char>(n + 1));
    ++n;
    at = hole + 1;
  }
  return key;
}

SymbolicKey SymbolicKey::Concrete(std::string_view key) {
  return {std::string(key), std::string(key.size(), '\0')};
}

void SymbolicKey::Replace(size_t at, size_t count, const SymbolicKey& with) {
  text.replace(at, count, with.text);
  tags.replace(at, count, with.tags);
}

void SymbolicKey::Append(const SymbolicKey& from, size_t begin, size_t end) {
  text.append(from.text, begin, end - begin);
  tags.append(from.tags, begin, end - begin);
}

void SymbolicKey::Append(std::string_view literal) {
  text.append(literal);
  tags.append(literal.size(), '\0');
}

namespace {

// Reads the dotted parts of a key: calls number(n) for number n of the family, and text(begin, end)
// for everything else. Returns false as soon as ToName has to.
template <typename OnNumber, typename OnText>
bool ReadParts(const SymbolicKey& key, std::span<const uint32_t> member, OnNumber&& number,
               OnText&& other) {
  const std::string& text = key.text;
  for (size_t begin = 0;;) {
    size_t end = text.find('.', begin);
    if (end == std::string::npos) end = text.size();
    // A part has a single tag on all its characters, or no tag at all.
    char tag = begin < end ? key.tags[begin] : '\0';
    for (size_t i = begin; i < end; ++i) {
      if (key.tags[i] != tag) return false;
    }
    if (tag == '\0') {
      other(begin, end);
    } else {
      // All are digits, since only digits are tagged. They must be the number, complete and once.
      uint32_t n = static_cast<unsigned char>(tag) - 1U;
      char expected[10];
      auto stop = std::to_chars(expected, expected + sizeof expected, member[n]).ptr;
      if (text.compare(begin, end - begin, expected, static_cast<size_t>(stop - expected)) != 0) {
        return false;
      }
      number(n);
    }
    if (end == text.size()) return true;
    begin = end + 1;
  }
}

}  // namespace

bool IsName(const SymbolicKey& key, std::span<const uint32_t> member) {
  return ReadParts(
      key, member, [](uint32_t) {}, [](size_t, size_t) {});
}

// A run of digits without tags that makes up a whole part is a number, too, but the same for all
// members: a constant.
bool ToName(const SymbolicKey& key, std::span<const uint32_t> member, Name* name) {
  const std::string& text = key.text;
  name->pattern.clear();
  name->pattern.reserve(text.size());
  name->parts.clear();
  bool first = true;
  auto next_part = [&] {
    if (!first) name->pattern += '.';
    first = false;
  };
  return ReadParts(
      key, member,
      [&](uint32_t number) {
        next_part();
        name->pattern += kHole;
        name->parts.push_back({number, 0});
      },
      [&](size_t begin, size_t end) {
        next_part();
        size_t length = end - begin;
        bool digits =
            length != 0 && std::all_of(text.begin() + static_cast<ptrdiff_t>(begin),
                                       text.begin() + static_cast<ptrdiff_t>(end), IsDigit);
        if (!digits || length > 9 || (length > 1 && text[begin] == '0')) {
          name->pattern.append(text, begin, length);
          return;
        }
        uint32_t value = 0;
        std::from_chars(text.data() + begin, text.data() + end, value);
        name->pattern += kHole;
        name->parts.push_back({NamePart::kConstant, value});
      });
}

// Tests each earlier position for a match by some member and by every member. The first position at
// which some member matches decides: if it does not hold for every member, the members have to be
// renamed one by one.
Occurrence FirstOccurrence(const SymbolicKey& key, size_t from, size_t begin, size_t end) {
  const std::string& text = key.text;
  size_t length = end - begin;
  for (size_t at = from; at < begin; ++at) {
    bool possible = true;  // for some member
    bool certain = true;   // for every member
    for (size_t i = 0; i < length && possible; ++i) {
      char a = text[at + i];
      char b = text[begin + i];
      bool a_tagged = key.tagged(at + i);
      bool b_tagged = key.tagged(begin + i);
      if (!a_tagged && !b_tagged) {
        possible = a == b;
      } else if (a_tagged && b_tagged) {
        // Two numbers' digits are equal for some members; the same digit of the same number for
        // all.
        size_t a_first = key.tags.find_last_not_of(key.tags[at + i], at + i);
        size_t b_first = key.tags.find_last_not_of(key.tags[begin + i], begin + i);
        certain &= key.tags[at + i] == key.tags[begin + i] &&
                   at + i - (a_first + 1) == begin + i - (b_first + 1);
      } else {
        possible = IsDigit(a_tagged ? b : a);
        certain = false;
      }
    }
    if (!possible) continue;
    return {at, certain};
  }
  return {begin, true};
}

}  // namespace wcheck
