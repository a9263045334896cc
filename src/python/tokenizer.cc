#include "python/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace wcheck::python {
namespace {

constexpr std::array<std::string_view, 35> kKeywords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

// CPython's own limit.
constexpr size_t kMaxBrackets = 200;

// Longest first.
constexpr std::string_view kOperators[] = {
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "**", "//", ">>", "<<",
    "<=",  ">=",  "==",  "+=",  "-=",  "*=", "/=", "%=", "&=", "|=", "^=", "@=",
    "+",   "-",   "*",   "/",   "%",   "@",  "&",  "|",  "^",  "~",  "<",  ">",
    "(",   ")",   "[",   "]",   "{",   "}",  ",",  ":",  ".",  ";",  "="};

// Most names are too long for one.
bool IsKeyword(std::string_view name) {
  return name.size() >= 2 && name.size() <= 8 &&
         std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
}

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

// The code point at the front of valid UTF-8.
char32_t DecodeUtf8(std::string_view text, size_t* length) {
  const auto first = static_cast<unsigned char>(text[0]);
  *length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t c = *length == 1 ? first : first & (0x7F >> *length);
  for (size_t i = 1; i < *length && i < text.size(); ++i) {
    c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  return c;
}

// Spaces and marks without a shape.
bool IsUnprintable(char32_t c) {
  return (c >= 0x80 && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

// Punctuation and symbols, by blocks of Unicode; letters of any script are none of them.
bool IsSymbol(char32_t c) {
  if (c >= 0xA1 && c <= 0xBF) return c != 0xAA && c != 0xB5 && c != 0xB7 && c != 0xBA;
  return c == 0xD7 || c == 0xF7 ||
         (c >= 0x2010 && c <= 0x205E && c != 0x203F && c != 0x2040 && c != 0x2054) ||
         (c >= 0x20A0 && c <= 0x20CF) || (c >= 0x2190 && c <= 0x2BFF) ||
         (c >= 0x3001 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) ||
         (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
         (c >= 0x1F000 && c <= 0x1FAFF);
}

bool IsStringPrefix(std::string_view name) {
  if (name.size() > 2) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::string_view("rRbBuUfF").find(c) != std::string_view::npos;
  });
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {
    if (source_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  Tokens Run() {
    while (at_ < source_.size() && !tokens_.problem) {
      if (line_start_ && tokens_.open.empty()) {
        Indentation();
      } else {
        Next();
      }
    }
    auto end = static_cast<uint32_t>(source_.size());
    // Within brackets, and where the tokenizer gives up, no line and no block ends.
    if (!tokens_.problem && tokens_.open.empty()) {
      if (!line_start_) Add(Token::Kind::kNewline, end, end);
      for (; indents_.size() > 1; indents_.pop_back()) Add(Token::Kind::kDedent, end, end);
    }
    Add(Token::Kind::kEnd, end, end);
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void Add(Token::Kind kind, size_t begin, size_t end) {
    Token token;
    token.kind = kind;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(end);
    token.text = source_.substr(begin, end - begin);
    token.line = line_;
    token.level = static_cast<int>(tokens_.open.size());
    tokens_.list.push_back(token);
  }

  void Refuse(size_t begin, size_t end, std::string message) {
    tokens_.problem = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
                       std::move(message)};
  }

  void Indentation() {
    size_t column = 0;
    size_t from = at_;
    for (;; ++at_) {
      if (Peek() == ' ') {
        ++column;
      } else if (Peek() == '\t') {
        column = (column / 8 + 1) * 8;
      } else if (Peek() == '\f') {
        column = 0;
      } else {
        break;
      }
    }
    char c = Peek();
    if (c == '#' || c == '\n' || c == '\r' || at_ >= source_.size()) {
      SkipComment();
      if (c != '\0' || at_ < source_.size()) SkipLineEnd();
      return;
    }
    line_start_ = false;
    if (column > indents_.back()) {
      indents_.push_back(column);
      Add(Token::Kind::kIndent, from, at_);
    }
    while (column < indents_.back()) {
      indents_.pop_back();
      if (column > indents_.back()) {
        size_t stop = source_.find('\n', at_);
        if (stop == std::string_view::npos) stop = source_.size();
        Refuse(stop, stop, "unindent does not match any outer indentation level");
        return;
      }
      Add(Token::Kind::kDedent, at_, at_);
    }
  }

  void SkipComment() {
    if (Peek() != '#') return;
    while (at_ < source_.size() && Peek() != '\n') ++at_;
  }

  void SkipLineEnd() {
    if (Peek() == '\r') ++at_;
    if (Peek() == '\n') {
      ++at_;
      ++line_;
    }
  }

  void Next() {
    char c = Peek();
    if (c == ' ' || c == '\t' || c == '\f' || (c == '\r' && Peek(1) == '\n')) {
      ++at_;
      return;
    }
    if (c == '#') return SkipComment();
    if (c == '\n') {
      if (tokens_.open.empty()) {
        Add(Token::Kind::kNewline, at_, at_ + 1);
        line_start_ = true;
      }
      return SkipLineEnd();
    }
    if (c == '\\') {
      size_t after = at_ + (Peek(1) == '\r' ? 2 : 1);
      if (after < source_.size() && source_[after] == '\n') {
        at_ = after + 1;
        ++line_;
      } else {
        Refuse(at_ + 1, at_ + 1, "unexpected character after line continuation character");
      }
      return;
    }
    if (IsNameStart(c)) {
      size_t end = at_;
      while (end < source_.size() && IsNamePart(source_[end])) ++end;
      if (!CheckCharacters(at_, end)) return;
      std::string_view name = source_.substr(at_, end - at_);
      bool quote = end < source_.size() && (source_[end] == '"' || source_[end] == '\'');
      if (quote && IsStringPrefix(name)) return String(end);
      Add(IsKeyword(name) ? Token::Kind::kKeyword : Token::Kind::kName, at_, end);
      at_ = end;
      return;
    }
    if (c == '"' || c == '\'') return String(at_);
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    Operator();
  }

  // Refuses the characters of a name that can stand in none: those that text which was typed
  // elsewhere brings along (spaces of other widths, typographic quotes, dashes, symbols).
  bool CheckCharacters(size_t begin, size_t end) {
    for (size_t i = begin; i < end;) {
      size_t length = 1;
      const char32_t c = DecodeUtf8(source_.substr(i, end - i), &length);
      const bool hidden = IsUnprintable(c);
      if (hidden || IsSymbol(c)) {
        char number[16];
        std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(c));
        Refuse(i, i + length,
               hidden ? std::string("invalid non-printable character ") + number
                      : "invalid character '" + std::string(source_.substr(i, length)) + "' (" +
                            number + ")");
        return false;
      }
      i += length;
    }
    return true;
  }

  void String(size_t quote_at) {
    char quote = source_[quote_at];
    bool triple = source_.substr(quote_at, 3) == std::string(3, quote);
    uint32_t lines = 0;
    size_t i = quote_at + (triple ? 3 : 1);
    for (; i < source_.size(); ++i) {
      char c = source_[i];
      if (c == '\\') {
        if (i + 1 < source_.size() && source_[i + 1] == '\n') ++lines;
        ++i;
        continue;
      }
      if (c == '\n') {
        if (!triple) break;
        ++lines;
      }
      if (c != quote) continue;
      if (!triple || source_.substr(i, 3) == std::string(3, quote)) {
        size_t end = i + (triple ? 3 : 1);
        Add(Token::Kind::kString, at_, end);
        at_ = end;
        line_ += lines;
        return;
      }
    }
    // A triple-quoted one ends with the file, behind its last line end if it has one.
    if (triple && source_.back() == '\n') --lines;
    Refuse(at_, at_ + 1,
           std::string(triple ? "unterminated triple-quoted string literal"
                              : "unterminated string literal") +
               " (detected at line " + std::to_string(line_ + lines) + ")");
  }

  void Number() {
    size_t end = at_;
    while (end < source_.size()) {
      char c = source_[end];
      bool exponent = (c == '+' || c == '-') && end > at_ && (source_[end - 1] | 0x20) == 'e' &&
                      source_.substr(at_, 2) != "0x" && source_.substr(at_, 2) != "0X";
      if (!IsNamePart(c) && c != '.' && !exponent) break;
      ++end;
    }
    std::string_view text = source_.substr(at_, end - at_);
    bool prefixed =
        text.size() > 1 && text[0] == '0' && !IsDigit(text[1]) && text[1] != '.' && text[1] != '_';
    if (!prefixed) {
      // 12abc: "invalid decimal literal", at the last good digit.
      for (size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (IsDigit(c) || c == '.' || c == '_' || c == '+' || c == '-') continue;
        bool last = i + 1 == text.size();
        if ((c | 0x20) == 'e' && !last) continue;
        if ((c | 0x20) == 'j' && last) continue;
        Refuse(at_ + i - 1, at_ + i, "invalid decimal literal");
        return;
      }
    }
    Add(Token::Kind::kNumber, at_, end);
    at_ = end;
  }

  void Operator() {
    const std::string_view rest = source_.substr(at_);
    for (std::string_view op : kOperators) {
      if (rest[0] != op[0] || !rest.starts_with(op)) continue;
      if (op == "(" || op == "[" || op == "{") {
        if (tokens_.open.size() >= kMaxBrackets) {
          Refuse(at_, at_ + 1, "too many nested parentheses");
          return;
        }
        tokens_.open.push_back({op[0], static_cast<uint32_t>(at_), line_});
      } else if (op == ")" || op == "]" || op == "}") {
        if (tokens_.open.empty()) {
          Refuse(at_, at_ + 1, "unmatched '" + std::string(op) + "'");
          return;
        }
        char open = tokens_.open.back().open;
        char wanted = open == '(' ? ')' : open == '[' ? ']' : '}';
        if (op[0] != wanted) {
          std::string message = "closing parenthesis '" + std::string(op) +
                                "' does not match opening parenthesis '" + std::string(1, open) +
                                "'";
          if (tokens_.open.back().line != line_) {
            message += " on line " + std::to_string(tokens_.open.back().line);
          }
          Refuse(at_, at_ + 1, std::move(message));
          return;
        }
        tokens_.open.pop_back();
      }
      Add(Token::Kind::kOperator, at_, at_ + op.size());
      at_ += op.size();
      return;
    }
    // '$', '?', '!' and '`': Python gives a token that no rule takes.
    Add(Token::Kind::kOperator, at_, at_ + 1);
    ++at_;
  }

  std::string_view source_;
  Tokens tokens_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  bool line_start_ = true;
  std::vector<size_t> indents_ = {0};
};

}  // namespace

Tokens Tokenize(std::string_view source) { return Tokenizer(source).Run(); }

size_t CountTokensRoughly(std::string_view source) {
  // A run of letters and digits, and every other character. An indented line may begin and end
  // blocks too, but not more of them than it has spaces.
  size_t count = 0;
  bool in_name = false;
  for (char c : source) {
    bool part = IsNamePart(c);
    if (c != ' ' && (!part || !in_name)) ++count;
    in_name = part;
  }
  return count;
}

}  // namespace wcheck::python
