// The top of the recursive-descent parser: alternations, sequences and repeats, in the structure of
// CPython's re._parser, whose order of checks decides which error comes first. Groups and character
// sets are in parser_groups.cc and parser_characters.cc.
#include "pattern/parser.h"

#include <algorithm>
#include <utility>

namespace wcheck::regex {

std::optional<SyntaxError> Parser::Parse() {
  tree_.root = ParseAlternation(0, 0);
  if (failed()) {
    if (!error_) Fail("", 0);
    return error_;
  }
  if ((global_flags_ & kAscii) != 0 && (global_flags_ & kUnicode) != 0) {
    return SyntaxError{"ASCII and UNICODE flags are incompatible", SyntaxError::kNoPosition};
  }
  if (!source_.next().end()) return SyntaxError{"unbalanced parenthesis", source_.tell()};
  for (const GroupReference& condition : conditions_) {
    if (condition.group > closed_.size()) {
      return SyntaxError{"invalid group reference " + std::to_string(condition.group),
                         condition.position};
    }
  }
  if (tree_.has_lookbehind) return CheckLookbehinds(&tree_);
  return std::nullopt;
}

void Parser::Fail(std::string message, uint32_t position) {
  if (error_) return;
  if (source_.dangling_backslash()) {
    error_ = {"bad escape (end of pattern)", *source_.dangling_backslash()};
  } else {
    error_ = {std::move(message), position};
  }
  source_.Stop();
}

void Parser::AppendId(NodeId id, Sequence* sequence) {
  if (sequence->last == kNoNode) {
    sequence->first = id;
  } else {
    tree_.nodes[sequence->last].next = id;
  }
  sequence->last = id;
}

void Parser::AppendLiteral(char32_t c, uint8_t flags, Sequence* sequence) {
  Append({.kind = NodeKind::kLiteral, .flags = flags, .value = c}, sequence);
}

NodeId Parser::ParseAlternation(uint8_t flags, int depth) {
  if (depth > kMaxNesting) {
    Fail("the pattern is nested more than " + std::to_string(kMaxNesting) + " deep",
         source_.tell());
    return Add({});
  }
  NodeId first = ParseSequence(flags, depth, depth == 0);
  if (!source_.next().Is('|')) return first;
  NodeId last = first;
  while (source_.Match('|')) {
    if (depth == 0) flags = global_flags_;
    NodeId branch = ParseSequence(flags, depth, false);
    tree_.nodes[last].next = branch;
    last = branch;
  }
  return Add({.kind = NodeKind::kAlternate, .child = first});
}

// `flags` changes on the way: global flags at the very start of the pattern apply to the rest.
NodeId Parser::ParseSequence(uint8_t flags, int depth, bool first) {
  Sequence sequence;
  while (!source_.next().end() && !source_.next().IsAnyOf("|)")) {
    Token token = source_.Get();
    if (token.escaped) {
      ParseEscape(token, flags, &sequence);
      continue;
    }
    if ((flags & kVerbose) != 0) {
      if (token.IsAnyOf(" \t\n\r\v\f")) continue;
      if (token.Is('#')) {
        SkipVerboseComment();
        continue;
      }
    }
    switch (token.c) {
      case '.':
        Append({.kind = NodeKind::kAny, .flags = flags}, &sequence);
        break;
      case '^':
      case '$':
        Append({.kind = NodeKind::kAnchor,
                .flags = flags,
                .anchor = token.c == '^' ? Anchor::kLineStart : Anchor::kLineEnd},
               &sequence);
        break;
      case '[':
        ParseSet(flags, &sequence);
        break;
      case '(':
        // Only flags at the very start may change those of the rest.
        ParseParenthesis(flags, depth, first && sequence.first == kNoNode, &sequence, &flags);
        break;
      case '*':
      case '+':
      case '?':
      case '{':
        ParseRepeat(token, flags, &sequence);
        break;
      default:
        AppendLiteral(token.c, flags, &sequence);
    }
  }
  return Add({.kind = NodeKind::kConcat, .child = sequence.first});
}

void Parser::SkipVerboseComment() {
  while (!source_.next().end() && !source_.Get().Is('\n')) {
  }
}

// Python reads `{` as a literal unless a complete {m}, {m,}, {,n} or {m,n} follows, so the reader
// may have to go back.
bool Parser::ParseCounts(uint32_t* min, uint32_t* max) {
  uint32_t here = source_.tell();
  auto number = [&](uint64_t* value) {
    bool any = false;
    for (*value = 0; source_.next().IsDigit(); any = true) {
      uint64_t digit = source_.Get().c - '0';
      *value = std::min<uint64_t>(*value * 10 + digit, kUnbounded);
    }
    return any;
  };
  uint64_t lo = 0;
  uint64_t hi = 0;
  Tokenizer::Mark mark = source_.mark();
  bool has_lo = number(&lo);
  bool comma = source_.Match(',');
  bool has_hi = comma ? number(&hi) : has_lo;
  if (!comma) hi = lo;
  if (!source_.Match('}')) {
    source_.Return(mark);
    return false;
  }
  if ((has_lo && lo >= kUnbounded) || (has_hi && hi >= kUnbounded)) {
    Fail("the repetition number is too large", SyntaxError::kNoPosition);
  } else if (has_hi && hi < lo) {
    Fail("min repeat greater than max repeat", here);
  }
  *min = static_cast<uint32_t>(lo);
  *max = has_hi ? static_cast<uint32_t>(hi) : kUnbounded;
  return true;
}

void Parser::ParseRepeat(Token token, uint8_t flags, Sequence* sequence) {
  uint32_t position = source_.tell() - 1;
  uint32_t min = token.Is('+') ? 1 : 0;
  uint32_t max = token.Is('?') ? 1 : kUnbounded;
  if (token.Is('{') && (source_.next().Is('}') || !ParseCounts(&min, &max))) {
    AppendLiteral('{', flags, sequence);
    return;
  }
  tree_.has_counted_repeat |= token.Is('{');
  if (sequence->last == kNoNode || tree_[sequence->last].kind == NodeKind::kAnchor) {
    Fail("nothing to repeat", position);
    return;
  }
  if (tree_[sequence->last].kind == NodeKind::kRepeat) {
    Fail("multiple repeat", position);
    return;
  }
  RepeatMode mode = source_.Match('?')   ? RepeatMode::kLazy
                    : source_.Match('+') ? RepeatMode::kPossessive
                                         : RepeatMode::kGreedy;
  if (mode == RepeatMode::kPossessive) tree_.has_atomic = true;
  // The repeat takes the place of the item, which becomes its child.
  NodeId body = Add(tree_[sequence->last]);
  tree_.nodes[sequence->last] = {.kind = NodeKind::kRepeat,
                                 .flags = flags,
                                 .repeat = mode,
                                 .child = body,
                                 .value = min,
                                 .value2 = max};
}

}  // namespace wcheck::regex
