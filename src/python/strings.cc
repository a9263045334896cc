// String literals: prefixes, escapes, f-strings, implicit concatenation.
#include <algorithm>
#include <charconv>

#include "python/interpreter.h"
#include "python/limits.h"
#include "python/unicode.h"

namespace wcheck::python {
namespace {

// Reads `count` hexadecimal digits at `at`; -1 if there are fewer.
int64_t Hex(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value, 16);
  return error == std::errc() && end == text.data() + at + count && text[at] != '-' ? value : -1;
}

// Decodes one escape at text[*at] == '\\' as in Python's str literals. False if it cannot be
// decoded.
bool DecodeEscape(std::string_view text, size_t* at, std::string* out) {
  char c = text[*at + 1];
  *at += 2;
  switch (c) {
    case '\n':
      return true;
    case '\r':
      if (*at < text.size() && text[*at] == '\n') ++*at;
      return true;
    case '\\':
    case '\'':
    case '"':
      *out += c;
      return true;
    case 'a':
      *out += '\a';
      return true;
    case 'b':
      *out += '\b';
      return true;
    case 'f':
      *out += '\f';
      return true;
    case 'n':
      *out += '\n';
      return true;
    case 'r':
      *out += '\r';
      return true;
    case 't':
      *out += '\t';
      return true;
    case 'v':
      *out += '\v';
      return true;
    case 'x':
    case 'u':
    case 'U': {
      size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      int64_t code = Hex(text, *at, digits);
      if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
      AppendUtf8(static_cast<uint32_t>(code), out);
      *at += digits;
      return true;
    }
    case 'N':
      return false;
    default:
      break;
  }
  if (c >= '0' && c <= '7') {
    uint32_t code = 0;
    --*at;
    for (int i = 0; i < 3 && *at < text.size() && text[*at] >= '0' && text[*at] <= '7'; ++i) {
      code = code * 8 + static_cast<uint32_t>(text[(*at)++] - '0');
    }
    AppendUtf8(code, out);
    return true;
  }
  // An unknown escape stays as it is, backslash included.
  *out += '\\';
  *out += c;
  return true;
}

// Decodes a piece of a literal. `braces`: it is part of an f-string.
bool Decode(std::string_view text, bool raw, bool braces, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    char c = text[at];
    if (c == '\\' && !raw && at + 1 < text.size()) {
      if (!DecodeEscape(text, &at, out)) return false;
    } else if (c == '\r') {
      *out += '\n';
      at += at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    } else {
      *out += c;
      bool doubled = braces && (c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c;
      at += doubled ? 2 : 1;
    }
  }
  return true;
}

}  // namespace

Value Interpreter::EvalString(const Node& node) {
  std::string text;
  Value failure;
  if (!AppendString(node, &text, &failure)) return failure;
  return NewStr(std::move(text), node);
}

Value Interpreter::EvalConcatenated(const Node& node) {
  std::string text;
  for (const Node* child : node.children) {
    Value failure;
    if (!AppendString(*child, &text, &failure)) return failure;
  }
  return NewStr(std::move(text), node);
}

bool Interpreter::AppendString(const Node& node, std::string* out, Value* failure) {
  auto fail = [&](std::string why) {
    *failure = Unsupported(std::move(why), node);
    return false;
  };
  if (node.end - node.begin > kMaxLiteralBytes) {
    Fatal(node, "a string literal of more than " + std::to_string(kMaxLiteralBytes >> 20) + " MiB",
          "shorten it");
    *failure = Value::None();
    return false;
  }
  const std::string_view text = tree_.Text(node);
  const size_t quote_at = text.find_first_of("'\"");
  std::string prefix;
  for (char c : text.substr(0, quote_at)) prefix += static_cast<char>(c | 0x20);
  const bool raw = prefix.find('r') != std::string::npos;
  const bool formatted = prefix.find('f') != std::string::npos;
  if (prefix.find('b') != std::string::npos) return fail("bytes cannot be evaluated");
  const std::string_view quoted = text.substr(quote_at);
  const bool triple = quoted.size() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0];
  const uint32_t quotes = triple ? 3 : 1;
  uint32_t at = node.begin + static_cast<uint32_t>(quote_at) + quotes;
  auto append_until = [&](uint32_t end) {
    const std::string_view piece = std::string_view(tree_.file->text()).substr(at, end - at);
    return Decode(piece, raw, formatted, out) ||
           fail("an escape of this string cannot be evaluated");
  };
  for (const Node* child : node.children) {
    if (child->kind != Kind::kInterpolation)
      return fail("this part of the file has a syntax error");
    if (!append_until(child->begin) || !AppendFormat(*child, out, failure)) return false;
    at = child->end;
  }
  return append_until(node.end - quotes);
}

bool Interpreter::AppendFormat(const Node& interpolation, std::string* out, Value* failure) {
  const Node* expression = interpolation.Child(Field::kExpression);
  std::string_view conversion;
  std::string spec;
  bool has_spec = false;
  for (const Node* child : interpolation.children) {
    if (child->kind == Kind::kTypeConversion) conversion = tree_.Text(*child).substr(1);
    if (child->kind != Kind::kFormatSpecifier) continue;
    has_spec = true;
    uint32_t at = child->begin + 1;  // after the colon
    auto piece = [&](uint32_t until) {
      return tree_.file->text().substr(at, until < at ? 0 : until - at);
    };
    for (const Node* part : child->children) {
      spec += piece(part->begin);
      if (!AppendFormat(*part, &spec, failure)) return false;
      at = part->end;
    }
    spec += piece(child->end);
  }
  // f"{x=}" shows the expression's text, too.
  std::string_view inside = tree_.Text(interpolation);
  uint32_t after = expression->end - interpolation.begin;
  size_t equals = inside.find_first_not_of(" \t", after);
  bool debug = equals != std::string_view::npos && inside[equals] == '=';
  if (debug) {
    size_t until = inside.find_first_not_of(" \t", equals + 1);
    *out += inside.substr(1, until - 1);
    if (conversion.empty() && !has_spec) conversion = "r";
  }
  Value value = Eval(*expression);
  return FormatValue(value, conversion, spec, interpolation, out, failure);
}

}  // namespace wcheck::python
