// Escapes and character sets. What an escape means depends on where it is: \b is a backspace inside
// a set and a boundary outside, \1 is an octal digit or a group.
#include "pattern/parser.h"

namespace wcheck::regex {
namespace {

Category CategoryOf(char32_t c) {
  switch (c) {
    case 'd':
      return Category::kDigit;
    case 'D':
      return Category::kNotDigit;
    case 's':
      return Category::kSpace;
    case 'S':
      return Category::kNotSpace;
    case 'w':
      return Category::kWord;
    case 'W':
      return Category::kNotWord;
    default:
      return Category::kNone;
  }
}

std::optional<Anchor> AnchorOf(char32_t c) {
  switch (c) {
    case 'A':
      return Anchor::kTextStart;
    case 'Z':
      return Anchor::kTextEnd;
    case 'b':
      return Anchor::kWordBoundary;
    case 'B':
      return Anchor::kNotBoundary;
    default:
      return std::nullopt;
  }
}

// \a \b \f \n \r \t \v; \b only inside sets, as it is a boundary elsewhere.
std::optional<char32_t> ControlOf(char32_t c) {
  constexpr std::string_view kLetters = "abtnvfr";  // from U+0007 on
  if (c >= 0x80) return std::nullopt;
  size_t index = kLetters.find(static_cast<char>(c));
  if (index == std::string_view::npos) return std::nullopt;
  return static_cast<char32_t>(7 + index);
}

bool IsOctal(const Token& token) { return !token.escaped && token.c >= '0' && token.c <= '7'; }

int HexValue(const Token& token) {
  if (token.IsDigit()) return static_cast<int>(token.c - '0');
  if (token.IsAnyOf("abcdef")) return static_cast<int>(token.c - 'a' + 10);
  if (token.IsAnyOf("ABCDEF")) return static_cast<int>(token.c - 'A' + 10);
  return -1;
}

bool IsAsciiLetter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

void Parser::ParseEscape(Token token, uint8_t flags, Sequence* sequence) {
  if (Category category = CategoryOf(token.c); category != Category::kNone) {
    auto item = static_cast<uint32_t>(tree_.items.size());
    tree_.items.push_back({category});
    Append({.kind = NodeKind::kSet, .flags = flags, .value = item, .value2 = item + 1}, sequence);
  } else if (std::optional<Anchor> anchor = AnchorOf(token.c)) {
    Append({.kind = NodeKind::kAnchor, .flags = flags, .anchor = *anchor}, sequence);
  } else if (token.c >= '1' && token.c <= '9') {
    ParseReferenceOrOctal(token, flags, sequence);
  } else if (std::optional<char32_t> c = ParseCharacterEscape(token)) {
    AppendLiteral(*c, flags, sequence);
  }
}

// \1 to \99 are references; three octal digits are a character. This is the rule of CPython's
// parser, oddities included.
void Parser::ParseReferenceOrOctal(Token token, uint8_t flags, Sequence* sequence) {
  uint32_t start = source_.tell() - 2;
  uint32_t group = token.c - '0';
  if (source_.next().IsDigit()) {
    Token second = source_.Get();
    if (token.c <= '7' && IsOctal(second) && IsOctal(source_.next())) {
      Token third = source_.Get();
      char32_t value = group * 64 + (second.c - '0') * 8 + (third.c - '0');
      if (value > 0377) {
        std::string digits = {'\\', static_cast<char>(token.c), static_cast<char>(second.c),
                              static_cast<char>(third.c)};
        return Fail("octal escape value " + digits + " outside of range 0-0o377", start);
      }
      return AppendLiteral(value, flags, sequence);
    }
    group = group * 10 + (second.c - '0');
  }
  if (group > closed_.size()) {
    return Fail("invalid group reference " + std::to_string(group), start + 1);
  }
  if (!IsClosed(group)) return Fail("cannot refer to an open group", start);
  if (!CheckLookbehindReference(group)) return;
  tree_.has_backreference = true;
  Append({.kind = NodeKind::kBackreference, .flags = flags, .value = group}, sequence);
}

std::optional<char32_t> Parser::ParseCharacterEscape(Token token) {
  uint32_t start = source_.tell() - 2;
  if (std::optional<char32_t> control = ControlOf(token.c)) return control;
  if (token.c == 'x') return ParseHex(token, 2);
  if (token.c == 'u') return ParseHex(token, 4);
  if (token.c == 'U') return ParseHex(token, 8);
  if (token.c == 'N') return ParseCharacterName(start);
  // Outside a set only \0 gets here: \1 and so on refer to groups.
  if (token.c >= '0' && token.c <= '7') {
    std::string digits = {'\\', static_cast<char>(token.c)};
    char32_t value = token.c - '0';
    for (int i = 0; i < 2 && IsOctal(source_.next()); ++i) {
      char32_t digit = source_.Get().c;
      digits += static_cast<char>(digit);
      value = value * 8 + (digit - '0');
    }
    if (value <= 0377) return value;
    Fail("octal escape value " + digits + " outside of range 0-0o377", start);
    return std::nullopt;
  }
  if (IsAsciiLetter(token.c) || (token.c >= '0' && token.c <= '9')) {
    Fail("bad escape " + std::string(token.text), start);
    return std::nullopt;
  }
  return token.c;
}

std::optional<char32_t> Parser::ParseHex(Token token, uint32_t digits) {
  uint32_t start = source_.tell() - 2;
  std::string escape(token.text);
  uint64_t value = 0;
  for (uint32_t i = 0; i < digits && HexValue(source_.next()) >= 0; ++i) {
    escape += source_.next().text;
    value = value * 16 + static_cast<uint64_t>(HexValue(source_.Get()));
  }
  if (escape.size() != digits + 2) {
    Fail("incomplete escape " + escape, start);
    return std::nullopt;
  }
  if (value > kMaxCodePoint) {
    Fail("bad escape " + escape, start);
    return std::nullopt;
  }
  return static_cast<char32_t>(value);
}

std::optional<char32_t> Parser::ParseCharacterName(uint32_t start) {
  if (!source_.Match('{')) {
    Fail("missing {", source_.tell());
    return std::nullopt;
  }
  std::string_view name = ParseName('}', "character name");
  if (!failed()) {
    Fail("character names such as \\N{" + std::string(name) + "} are not supported", start);
  }
  return std::nullopt;
}

std::optional<SetItem> Parser::ParseSetItem(Token token) {
  char32_t c = token.c;
  if (token.escaped) {
    if (Category category = CategoryOf(c); category != Category::kNone) return SetItem{category};
    std::optional<char32_t> value = ParseCharacterEscape(token);
    if (!value) return std::nullopt;
    c = *value;
  }
  return SetItem{Category::kNone, c, c};
}

// A `]` right after `[` or `[^` is a member of the set, and a `-` is a range only between two
// members.
void Parser::ParseSet(uint8_t flags, Sequence* sequence) {
  uint32_t start = source_.tell() - 1;
  auto first = static_cast<uint32_t>(tree_.items.size());
  bool negated = source_.Match('^');
  while (true) {
    Token token = source_.Get();
    if (token.end()) return Fail("unterminated character set", start);
    if (token.Is(']') && tree_.items.size() > first) break;
    std::optional<SetItem> item = ParseSetItem(token);
    if (!item) return;
    if (!source_.Match('-')) {
      tree_.items.push_back(*item);
      continue;
    }
    Token upper = source_.Get();
    if (upper.end()) return Fail("unterminated character set", start);
    if (upper.Is(']')) {
      tree_.items.push_back(*item);
      tree_.items.push_back({Category::kNone, '-', '-'});
      break;
    }
    std::optional<SetItem> last = ParseSetItem(upper);
    if (!last) return;
    if (item->category != Category::kNone || last->category != Category::kNone ||
        last->lo < item->lo) {
      // Python shows the two tokens, not the whole longer escape such as \x41.
      return Fail("bad character range " + std::string(token.text) + "-" + std::string(upper.text),
                  source_.tell() - token.size() - 1 - upper.size());
    }
    tree_.items.push_back({Category::kNone, item->lo, last->lo});
  }
  Append({.kind = NodeKind::kSet,
          .flags = flags,
          .negated = negated,
          .value = first,
          .value2 = static_cast<uint32_t>(tree_.items.size())},
         sequence);
}

}  // namespace wcheck::regex
