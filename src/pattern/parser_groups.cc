// Everything that begins with a parenthesis: groups, named groups, lookarounds, conditionals,
// comments and flags. The order of the checks is CPython's, so that the first error is the same.
#include <algorithm>

#include "pattern/parser.h"
#include "pattern/unicode.h"

namespace wcheck::regex {
namespace {

constexpr uint32_t kMaxGroups = INT32_MAX / 2;  // CPython's MAXGROUPS on 64-bit machines

uint8_t FlagOf(const Token& token) {
  if (token.escaped || token.end()) return 0;
  switch (token.c) {
    case 'i':
      return kIgnoreCase;
    case 'm':
      return kMultiline;
    case 's':
      return kDotAll;
    case 'x':
      return kVerbose;
    case 'a':
      return kAscii;
    case 'u':
      return kUnicode;
    default:
      return 0;
  }
}

uint32_t CountCharacters(std::string_view text) {
  return static_cast<uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

void Parser::ParseParenthesis(uint8_t flags, int depth, bool first, Sequence* sequence,
                              uint8_t* outer) {
  uint32_t start = source_.tell() - 1;
  if (!source_.Match('?')) return ParseGroup(flags, depth, start, true, {}, sequence);
  Token kind = source_.Get();
  if (kind.end()) return Fail("unexpected end of pattern", source_.tell());
  uint8_t add = 0;
  uint8_t remove = 0;
  if (kind.Is('P')) {
    if (source_.Match('<')) {
      std::string_view name = ParseName('>', "group name");
      if (CheckGroupName(name)) ParseGroup(flags, depth, start, true, name, sequence);
    } else if (source_.Match('=')) {
      ParseNamedReference(flags, sequence);
    } else if (source_.next().end()) {
      Fail("unexpected end of pattern", source_.tell());
    } else {
      Token extension = source_.Get();
      Fail("unknown extension ?P" + std::string(extension.text),
           source_.tell() - extension.size() - 2);
    }
  } else if (kind.Is(':')) {
    ParseGroup(flags, depth, start, false, {}, sequence);
  } else if (kind.Is('#')) {
    SkipComment(start);
  } else if (kind.IsAnyOf("=!<")) {
    ParseLook(kind, flags, depth, start, sequence);
  } else if (kind.Is('(')) {
    ParseConditional(flags, depth, start, sequence);
  } else if (kind.Is('>')) {
    ParseAtomic(flags, depth, start, sequence);
  } else if (FlagOf(kind) != 0 || kind.IsAnyOf("-L")) {
    bool scoped;
    if (!ParseFlags(kind, &add, &remove, &scoped)) return;
    if (!scoped) {
      if (!first) return Fail("global flags not at the start of the expression", start);
      *outer = global_flags_;
      return;
    }
    if ((add & (kAscii | kUnicode)) != 0) flags &= ~(kAscii | kUnicode);
    ParseGroup((flags | add) & ~remove, depth, start, false, {}, sequence);
  } else {
    Fail("unknown extension ?" + std::string(kind.text), source_.tell() - kind.size() - 1);
  }
}

bool Parser::ExpectClosing(uint32_t start) {
  if (source_.Match(')')) return true;
  Fail("missing ), unterminated subpattern", start);
  return false;
}

void Parser::ParseGroup(uint8_t flags, int depth, uint32_t start, bool capture,
                        std::string_view name, Sequence* sequence) {
  uint32_t number = 0;
  if (capture) {
    closed_.push_back(false);
    tree_.group_bodies.push_back(kNoNode);
    number = static_cast<uint32_t>(closed_.size());
    if (!name.empty()) {
      if (uint32_t earlier = FindGroup(name); earlier != 0) {
        return Fail("redefinition of group name " + PythonRepr(name) + " as group " +
                        std::to_string(number) + "; was group " + std::to_string(earlier),
                    source_.tell() - CountCharacters(name) - 1);
      }
      tree_.named_groups.emplace_back(name, static_cast<int>(number));
    }
  }
  NodeId body = ParseAlternation(flags, depth + 1);
  if (!ExpectClosing(start)) return;
  if (!capture) return AppendId(body, sequence);
  closed_[number - 1] = true;
  tree_.group_bodies[number - 1] = body;
  Append({.kind = NodeKind::kGroup, .child = body, .value = number}, sequence);
}

void Parser::ParseAtomic(uint8_t flags, int depth, uint32_t start, Sequence* sequence) {
  tree_.has_atomic = true;
  NodeId body = ParseAlternation(flags, depth + 1);
  if (ExpectClosing(start)) Append({.kind = NodeKind::kAtomic, .child = body}, sequence);
}

void Parser::ParseLook(Token kind, uint8_t flags, int depth, uint32_t start, Sequence* sequence) {
  bool behind = kind.Is('<');
  if (behind) {
    kind = source_.Get();
    if (kind.end()) return Fail("unexpected end of pattern", source_.tell());
    if (!kind.IsAnyOf("=!")) {
      return Fail("unknown extension ?<" + std::string(kind.text),
                  source_.tell() - kind.size() - 2);
    }
  }
  tree_.has_lookaround = true;
  tree_.has_lookbehind |= behind;
  uint32_t outer_groups = lookbehind_groups_;
  if (behind && outer_groups == kUnbounded) {
    lookbehind_groups_ = static_cast<uint32_t>(closed_.size());
  }
  NodeId body = ParseAlternation(flags, depth + 1);
  lookbehind_groups_ = outer_groups;
  if (!ExpectClosing(start)) return;
  Append({.kind = NodeKind::kLook, .negated = kind.Is('!'), .behind = behind, .child = body},
         sequence);
}

// (?(1)yes|no) or (?(name)yes|no). A group number is only checked at the end of the pattern, since
// the group may come later.
void Parser::ParseConditional(uint8_t flags, int depth, uint32_t start, Sequence* sequence) {
  std::string_view name = ParseName(')', "group name");
  if (failed()) return;
  uint32_t position = source_.tell() - CountCharacters(name) - 1;
  uint64_t group = 0;
  if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    for (char c : name) group = std::min<uint64_t>(group * 10 + (c - '0'), uint64_t{1} << 32);
    if (group == 0) return Fail("bad group number", position);
    if (group >= kMaxGroups) {
      name.remove_prefix(name.find_first_not_of('0'));
      return Fail("invalid group reference " + std::string(name), position);
    }
    auto same = [&](const GroupReference& other) { return other.group == group; };
    if (std::none_of(conditions_.begin(), conditions_.end(), same)) {
      conditions_.push_back({static_cast<uint32_t>(group), position});
    }
  } else {
    if (!CheckGroupName(name)) return;
    group = FindGroup(name);
    if (group == 0) return Fail("unknown group name " + PythonRepr(name), position);
  }
  if (!CheckLookbehindReference(static_cast<uint32_t>(group))) return;
  if (depth + 1 > kMaxNesting) {
    return Fail("the pattern is nested more than " + std::to_string(kMaxNesting) + " deep",
                position);
  }
  tree_.has_backreference = true;
  NodeId yes = ParseSequence(flags, depth + 1, false);
  if (source_.Match('|')) {
    NodeId no = ParseSequence(flags, depth + 1, false);
    tree_.nodes[yes].next = no;
    if (source_.next().Is('|')) {
      return Fail("conditional backref with more than two branches", source_.tell());
    }
  }
  if (!ExpectClosing(start)) return;
  Append({.kind = NodeKind::kConditional, .child = yes, .value = static_cast<uint32_t>(group)},
         sequence);
}

void Parser::ParseNamedReference(uint8_t flags, Sequence* sequence) {
  std::string_view name = ParseName(')', "group name");
  if (!CheckGroupName(name)) return;
  uint32_t position = source_.tell() - CountCharacters(name) - 1;
  uint32_t group = FindGroup(name);
  if (group == 0) return Fail("unknown group name " + PythonRepr(name), position);
  if (!IsClosed(group)) return Fail("cannot refer to an open group", position);
  if (!CheckLookbehindReference(group)) return;
  tree_.has_backreference = true;
  Append({.kind = NodeKind::kBackreference, .flags = flags, .value = group}, sequence);
}

void Parser::SkipComment(uint32_t start) {
  while (!source_.next().end()) {
    if (source_.Get().Is(')')) return;
  }
  Fail("missing ), unterminated comment", start);
}

// (?aimsux), (?flags:…) and (?flags-flags:…). 'a' and 'u' exclude each other and cannot be removed;
// 'L' is for bytes patterns only.
bool Parser::ParseFlags(Token token, uint8_t* add, uint8_t* remove, bool* scoped) {
  constexpr uint8_t kTypes = kAscii | kUnicode;
  auto fail = [&](std::string_view message, uint32_t back) {
    Fail(std::string(message), source_.tell() - back);
    return false;
  };
  // Python names an unknown letter, and otherwise says which character is missing.
  auto unexpected = [&](std::string_view missing) {
    if (token.end()) return fail(missing, 0);
    bool letter = !token.escaped && IsPythonAlpha(token.text);
    return fail(letter ? "unknown flag" : missing, token.size());
  };
  while (!token.IsAnyOf(")-:")) {
    if (token.Is('L')) return fail("bad inline flags: cannot use 'L' flag with a str pattern", 0);
    uint8_t flag = FlagOf(token);
    if (flag == 0) return unexpected("missing -, : or )");
    *add |= flag;
    if ((flag & kTypes) != 0 && (*add & kTypes) != flag) {
      return fail("bad inline flags: flags 'a', 'u' and 'L' are incompatible", 0);
    }
    token = source_.Get();
  }
  *scoped = !token.Is(')');
  if (!*scoped) {
    global_flags_ |= *add;
    return !failed();
  }
  if (token.Is('-')) {
    token = source_.Get();
    if (FlagOf(token) == 0 && !token.Is('L')) return unexpected("missing flag");
    while (!token.Is(':')) {
      if (token.Is('L') || (FlagOf(token) & kTypes) != 0) {
        return fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", 0);
      }
      if (FlagOf(token) == 0) return unexpected("missing :");
      *remove |= FlagOf(token);
      token = source_.Get();
    }
  }
  if ((*add & *remove) != 0) return fail("bad inline flags: flag turned on and off", 1);
  return !failed();
}

std::string_view Parser::ParseName(char terminator, std::string_view what) {
  std::string_view first;
  uint32_t bytes = 0;
  uint32_t characters = 0;
  while (true) {
    Token token = source_.Get();
    if (token.end()) {
      std::string message = "missing " + std::string(what);
      if (characters > 0) message = std::string("missing ") + terminator + ", unterminated name";
      Fail(std::move(message), source_.tell() - characters);
      return {};
    }
    if (token.Is(terminator)) break;
    if (bytes == 0) first = token.text;
    bytes += static_cast<uint32_t>(token.text.size());
    characters += token.size();
  }
  if (bytes == 0) Fail("missing " + std::string(what), source_.tell() - 1);
  return failed() ? std::string_view() : std::string_view(first.data(), bytes);
}

bool Parser::CheckGroupName(std::string_view name) {
  if (failed()) return false;
  if (IsPythonIdentifier(name)) return true;
  Fail("bad character in group name " + PythonRepr(name),
       source_.tell() - CountCharacters(name) - 1);
  return false;
}

uint32_t Parser::FindGroup(std::string_view name) const {
  for (const auto& [known, number] : tree_.named_groups) {
    if (known == name) return static_cast<uint32_t>(number);
  }
  return 0;
}

bool Parser::IsClosed(uint32_t group) const {
  return group <= closed_.size() && closed_[group - 1];
}

bool Parser::CheckLookbehindReference(uint32_t group) {
  if (lookbehind_groups_ == kUnbounded) return true;
  if (!IsClosed(group)) {
    Fail("cannot refer to an open group", source_.tell());
    return false;
  }
  if (group > lookbehind_groups_) {
    Fail("cannot refer to group defined in the same lookbehind subpattern", source_.tell());
    return false;
  }
  return true;
}

}  // namespace wcheck::regex
