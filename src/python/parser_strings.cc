// String literals, and the expressions within f-strings.
//
// An f-string of Python 3.11 is one token; what stands between its braces is found as CPython's
// fstring_find_expr does, and read as an expression of its own.
#include "python/parser_impl.h"

namespace wcheck::python {
namespace {

struct Prefix {
  size_t quote_at;
  bool raw = false;
  bool formatted = false;
};

Prefix PrefixOf(std::string_view text) {
  Prefix prefix{0};
  for (; text[prefix.quote_at] != '"' && text[prefix.quote_at] != '\''; ++prefix.quote_at) {
    const char c = static_cast<char>(text[prefix.quote_at] | 0x20);
    prefix.raw |= c == 'r';
    prefix.formatted |= c == 'f';
  }
  return prefix;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

}  // namespace

Node* Parser::Strings() {
  const size_t first = at_;
  while (Is(Tok::kString)) Advance();
  const size_t after = at_;
  if (after == first + 1) return String(tokens_[first], after);
  const size_t mark = stack_.size();
  for (size_t i = first; i < after; ++i) {
    if (!PushIf(String(tokens_[i], after))) return nullptr;
  }
  return FinishHere(Kind::kConcatenatedString, tokens_[first].begin, mark);
}

// `after` is the token behind the literal and those beside it.
Node* Parser::String(const Token& token, size_t after) {
  const std::string_view text = Text(token);
  const Prefix prefix = PrefixOf(text);
  if (!prefix.formatted) return New(Kind::kString, token.begin, token.end);
  const std::string_view quoted = text.substr(prefix.quote_at);
  const bool triple = quoted.size() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0];
  const uint32_t quotes = triple ? 3 : 1;
  FString inside{token.begin + static_cast<uint32_t>(prefix.quote_at) + quotes, token.end - quotes,
                 token.line, prefix.raw, tokens_[after].begin};
  const size_t mark = stack_.size();
  if (Replacements(&inside, 0)) return Finish(Kind::kString, token.begin, token.end, mark);
  if (!recovering_ || too_deep) return nullptr;
  Push(Error(inside.at, inside.end, mark));
  return Finish(Kind::kString, token.begin, token.end, mark);
}

bool Parser::FailString(const FString& text, std::string message) {
  return FailAt(text.error_at, text.error_at + 1, "f-string: " + std::move(message));
}

bool Parser::Replacements(FString* text, int nesting) {
  while (text->at < text->end) {
    const char c = source_[text->at];
    const char next = text->at + 1 < text->end ? source_[text->at + 1] : '\0';
    if (c == '\n') ++text->line;
    if (c == '\\' && !text->raw) {
      if (next == 'N' && text->at + 2 < text->end && source_[text->at + 2] == '{') {
        // \N{NAME}
        while (text->at < text->end && source_[text->at] != '}') ++text->at;
        ++text->at;
        continue;
      }
      text->at += next == '{' || next == '}' ? 1 : 2;
      if (next == '\n') ++text->line;
      continue;
    }
    if (c != '{' && c != '}') {
      ++text->at;
      continue;
    }
    if (nesting == 0 && next == c) {
      text->at += 2;
      continue;
    }
    if (c == '}') {
      if (nesting > 0) return true;
      return FailString(*text, "single '}' is not allowed");
    }
    if (nesting >= 2) return FailString(*text, "expressions nested too deeply");
    if (!PushIf(Replacement(text, nesting))) return false;
  }
  return true;
}

// {expression=!r:specification}
Node* Parser::Replacement(FString* text, int nesting) {
  const size_t mark = stack_.size();
  const uint32_t begin = text->at++;
  const uint32_t expression = text->at;
  const uint32_t line = text->line;
  if (!FindExpressionEnd(text)) return nullptr;
  if (!PushIf(NestedExpression(expression, text->at, line), Field::kExpression)) return nullptr;
  auto at = [&](char c) { return text->at < text->end && source_[text->at] == c; };
  if (at('=')) {
    do {
      ++text->at;
    } while (text->at < text->end && IsSpace(source_[text->at]));
  }
  if (at('!')) {
    const uint32_t conversion = text->at++;
    const char c = text->at < text->end ? source_[text->at] : '\0';
    if (c != 's' && c != 'r' && c != 'a') {
      FailString(*text, "invalid conversion character: expected 's', 'r', or 'a'");
      return nullptr;
    }
    Push(New(Kind::kTypeConversion, conversion, ++text->at));
  }
  if (at(':')) {
    const size_t parts = stack_.size();
    const uint32_t specification = text->at++;
    if (!Replacements(text, nesting + 1)) return nullptr;
    Push(Finish(Kind::kFormatSpecifier, specification, text->at, parts));
  }
  if (!at('}')) {
    FailString(*text, "expecting '}'");
    return nullptr;
  }
  ++text->at;
  return Finish(Kind::kInterpolation, begin, text->at, mark);
}

// Moves to where the expression at `text->at` ends.
bool Parser::FindExpressionEnd(FString* text) {
  std::string open;
  char quote = '\0';
  bool triple = false;
  const uint32_t begin = text->at;
  uint32_t& at = text->at;
  for (; at < text->end; ++at) {
    const char c = source_[at];
    const char next = at + 1 < text->end ? source_[at + 1] : '\0';
    if (c == '\n') ++text->line;
    if (c == '\\') {
      return FailAt(text->error_at, text->error_at + 1,
                    "f-string expression part cannot include a backslash");
    }
    const bool three =
        (c == '"' || c == '\'') && at + 2 < text->end && next == c && source_[at + 2] == c;
    if (quote != '\0') {
      if (c != quote || (triple && !three)) continue;
      if (triple) at += 2;
      quote = '\0';
      continue;
    }
    if (c == '"' || c == '\'') {
      quote = c;
      triple = three;
      if (three) at += 2;
    } else if (c == '(' || c == '[' || c == '{') {
      if (open.size() >= 200) return FailString(*text, "too many nested parenthesis");
      open += c;
    } else if (c == '#') {
      return FailAt(text->error_at, text->error_at + 1,
                    "f-string expression part cannot include '#'");
    } else if (open.empty() && (c == '!' || c == '=' || c == '<' || c == '>') && next == '=') {
      ++at;
    } else if (open.empty() && (c == '!' || c == ':' || c == '}' || c == '=')) {
      break;
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.empty()) return FailString(*text, std::string("unmatched '") + c + "'");
      const char opened = open.back();
      open.pop_back();
      if ((opened == '(' ? ')' : opened == '[' ? ']' : '}') != c) {
        return FailString(*text, std::string("closing parenthesis '") + c +
                                     "' does not match opening parenthesis '" + opened + "'");
      }
    }
  }
  if (quote != '\0') return FailString(*text, "unterminated string");
  if (!open.empty()) return FailString(*text, std::string("unmatched '") + open.back() + "'");
  if (at >= text->end) return FailString(*text, "expecting '}'");
  const std::string_view inside = source_.substr(begin, at - begin);
  if (std::all_of(inside.begin(), inside.end(), IsSpace)) {
    return FailString(*text, "empty expression not allowed");
  }
  return true;
}

// The expression that is source[begin, end).
Node* Parser::NestedExpression(uint32_t begin, uint32_t end, uint32_t line) {
  const Tokens tokens = TokenizeExpression(source_, begin, end, line);
  if (tokens.problem) {
    FailAt(tokens.problem->begin, tokens.problem->end, "f-string: " + tokens.problem->message);
    return nullptr;
  }
  const std::span<const Token> outer_tokens = std::exchange(tokens_, tokens.list);
  const size_t outer_at = std::exchange(at_, 0);
  const size_t outer_end = std::exchange(expression_end_, SIZE_MAX);
  const bool failed_before = problem.has_value();
  Node* node = nullptr;
  if (GoDeeper()) {
    node = StarExpressionsOrYield();
    if (node != nullptr && !Is(Tok::kEnd)) {
      Fail();
      node = nullptr;
    } else if (node != nullptr && node->kind == Kind::kListSplat &&
               !FailAt(*node, "cannot use starred expression here") && !recovering_) {
      node = nullptr;
    }
  }
  --depth_;
  if (problem && !failed_before) {
    problem->message = "f-string: " + problem->message;
    reached = outer_at;
  }
  tokens_ = outer_tokens;
  at_ = outer_at;
  expression_end_ = outer_end;
  operand_end_ = SIZE_MAX;
  target_end_ = SIZE_MAX;
  return node;
}

}  // namespace wcheck::python
