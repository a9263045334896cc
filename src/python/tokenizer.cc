#include "python/tokenizer.h"

#include <algorithm>
#include <cstdio>

namespace wcheck::python {
namespace {

// CPython's own limit.
constexpr size_t kMaxBrackets = 200;

struct Word {
  std::string_view text;
  Tok kind;
};

// By length, then by the alphabet.
constexpr Word kKeywords[] = {
    {"as", Tok::kAs},
    {"if", Tok::kIf},
    {"in", Tok::kIn},
    {"is", Tok::kIs},
    {"or", Tok::kOr},
    {"and", Tok::kAnd},
    {"def", Tok::kDef},
    {"del", Tok::kDel},
    {"for", Tok::kFor},
    {"not", Tok::kNot},
    {"try", Tok::kTry},
    {"None", Tok::kNone},
    {"True", Tok::kTrue},
    {"elif", Tok::kElif},
    {"else", Tok::kElse},
    {"from", Tok::kFrom},
    {"pass", Tok::kPass},
    {"with", Tok::kWith},
    {"False", Tok::kFalse},
    {"async", Tok::kAsync},
    {"await", Tok::kAwait},
    {"break", Tok::kBreak},
    {"class", Tok::kClass},
    {"raise", Tok::kRaise},
    {"while", Tok::kWhile},
    {"yield", Tok::kYield},
    {"assert", Tok::kAssert},
    {"except", Tok::kExcept},
    {"global", Tok::kGlobal},
    {"import", Tok::kImport},
    {"lambda", Tok::kLambda},
    {"return", Tok::kReturn},
    {"finally", Tok::kFinally},
    {"continue", Tok::kContinue},
    {"nonlocal", Tok::kNonlocal},
};
// Where the keywords of each length begin in kKeywords.
constexpr uint8_t kKeywordsOfLength[] = {0, 0, 0, 5, 11, 18, 26, 32, 33, 35};

Tok KeywordOrName(std::string_view name) {
  if (name.size() < 2 || name.size() > 8) return Tok::kName;
  const size_t until = kKeywordsOfLength[name.size() + 1];
  for (size_t i = kKeywordsOfLength[name.size()]; i < until; ++i) {
    if (kKeywords[i].text == name) return kKeywords[i].kind;
  }
  return Tok::kName;
}

// Keywords that begin a statement and stand in no expression.
bool BeginsStatementOnly(Tok kind) {
  switch (kind) {
    case Tok::kAssert:
    case Tok::kBreak:
    case Tok::kClass:
    case Tok::kContinue:
    case Tok::kDef:
    case Tok::kDel:
    case Tok::kElif:
    case Tok::kExcept:
    case Tok::kFinally:
    case Tok::kGlobal:
    case Tok::kImport:
    case Tok::kNonlocal:
    case Tok::kPass:
    case Tok::kRaise:
    case Tok::kReturn:
    case Tok::kTry:
    case Tok::kWhile:
    case Tok::kWith:
      return true;
    default:
      return false;
  }
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

struct Operator {
  Tok kind;
  uint8_t length;
};

// The longest operator at the front of `text`; kBad for '$', '?', '!' and '`', for which Python
// gives a token that no rule takes.
Operator FindOperator(std::string_view text) {
  const char second = text.size() > 1 ? text[1] : '\0';
  const char third = text.size() > 2 ? text[2] : '\0';
  auto maybe_assigned = [&](Tok plain, Tok assigned) {
    return second == '=' ? Operator{assigned, 2} : Operator{plain, 1};
  };
  // An operator that can be doubled: `*`, `**`, `*=` and `**=`.
  auto maybe_doubled = [&](Tok plain, Tok assigned, Tok doubled, Tok doubled_assigned) {
    if (second != text[0]) return maybe_assigned(plain, assigned);
    return third == '=' ? Operator{doubled_assigned, 3} : Operator{doubled, 2};
  };
  switch (text[0]) {
    case '(':
      return {Tok::kOpenParen, 1};
    case ')':
      return {Tok::kCloseParen, 1};
    case '[':
      return {Tok::kOpenBracket, 1};
    case ']':
      return {Tok::kCloseBracket, 1};
    case '{':
      return {Tok::kOpenBrace, 1};
    case '}':
      return {Tok::kCloseBrace, 1};
    case ',':
      return {Tok::kComma, 1};
    case ';':
      return {Tok::kSemicolon, 1};
    case '~':
      return {Tok::kTilde, 1};
    case ':':
      return maybe_assigned(Tok::kColon, Tok::kWalrus);
    case '.':
      return second == '.' && third == '.' ? Operator{Tok::kEllipsis, 3} : Operator{Tok::kDot, 1};
    case '=':
      return maybe_assigned(Tok::kAssign, Tok::kEqual);
    case '!':
      return maybe_assigned(Tok::kBad, Tok::kNotEqual);
    case '+':
      return maybe_assigned(Tok::kPlus, Tok::kPlusAssign);
    case '-':
      if (second == '>') return {Tok::kArrow, 2};
      return maybe_assigned(Tok::kMinus, Tok::kMinusAssign);
    case '*':
      return maybe_doubled(Tok::kStar, Tok::kStarAssign, Tok::kDoubleStar, Tok::kDoubleStarAssign);
    case '/':
      return maybe_doubled(Tok::kSlash, Tok::kSlashAssign, Tok::kDoubleSlash,
                           Tok::kDoubleSlashAssign);
    case '%':
      return maybe_assigned(Tok::kPercent, Tok::kPercentAssign);
    case '@':
      return maybe_assigned(Tok::kAt, Tok::kAtAssign);
    case '&':
      return maybe_assigned(Tok::kAmpersand, Tok::kAmpersandAssign);
    case '|':
      return maybe_assigned(Tok::kBar, Tok::kBarAssign);
    case '^':
      return maybe_assigned(Tok::kCaret, Tok::kCaretAssign);
    case '<':
      return maybe_doubled(Tok::kLess, Tok::kLessEqual, Tok::kShiftLeft, Tok::kShiftLeftAssign);
    case '>':
      return maybe_doubled(Tok::kGreater, Tok::kGreaterEqual, Tok::kShiftRight,
                           Tok::kShiftRightAssign);
    default:
      return {Tok::kBad, 1};
  }
}

// Finds the end of a number as CPython's tokenizer does, which tells a good end from a bad one.
class NumberEnd {
 public:
  explicit NumberEnd(std::string_view text) : text_(text) {}

  // False if the text that begins with a digit or a dot is no number; `message` is then CPython's,
  // and `at` where its tokenizer stopped.
  bool Find() {
    if (Peek() == '.') {
      ++at;
      return Fraction();
    }
    if (Peek() != '0') return Digits() && FractionOrMore();
    ++at;
    switch (Peek() | 0x20) {
      case 'x':
        return Prefixed("hexadecimal", 16);
      case 'o':
        return Prefixed("octal", 8);
      case 'b':
        return Prefixed("binary", 2);
      default:
        return Zero();
    }
  }

  size_t at = 0;
  bool whole = false;  // the error is about all of it up to `at`
  std::string message;

 private:
  char Peek(size_t ahead = 0) const { return at + ahead < text_.size() ? text_[at + ahead] : '\0'; }
  bool Refuse(std::string why) {
    message = std::move(why);
    return false;
  }

  // Digits with single underscores between them.
  bool Digits() {
    while (true) {
      while (IsDigit(Peek())) ++at;
      if (Peek() != '_') return true;
      ++at;
      if (!IsDigit(Peek())) return Refuse("invalid decimal literal");
    }
  }

  bool Prefixed(const char* kind, int base) {
    auto is_digit = [&](char c) {
      if (base == 16) return IsDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
      return c >= '0' && c < '0' + base;
    };
    auto wrong_digit = [&] {
      ++at;
      return Refuse(std::string("invalid digit '") + text_[at - 1] + "' in " + kind + " literal");
    };
    ++at;
    do {
      if (Peek() == '_') ++at;
      if (!is_digit(Peek())) {
        if (IsDigit(Peek())) return wrong_digit();
        return Refuse(std::string("invalid ") + kind + " literal");
      }
      while (is_digit(Peek())) ++at;
    } while (Peek() == '_');
    if (IsDigit(Peek())) return wrong_digit();
    return End(kind);
  }

  // Behind a first zero: more of them, a fraction, an exponent; but no other integer.
  bool Zero() {
    while (true) {
      if (Peek() == '_') {
        ++at;
        if (!IsDigit(Peek())) return Refuse("invalid decimal literal");
      }
      if (Peek() != '0') break;
      ++at;
    }
    const size_t zeros = at;
    const bool nonzero = IsDigit(Peek());
    if (nonzero && !Digits()) return false;
    const char c = static_cast<char>(Peek() | 0x20);
    if (nonzero && Peek() != '.' && c != 'e' && c != 'j') {
      at = zeros;
      whole = true;
      return Refuse(
          "leading zeros in decimal integer literals are not permitted; "
          "use an 0o prefix for octal integers");
    }
    return FractionOrMore();
  }

  bool FractionOrMore() {
    if (Peek() != '.') return Exponent();
    ++at;
    return Fraction();
  }

  bool Fraction() { return (!IsDigit(Peek()) || Digits()) && Exponent(); }

  bool Exponent() {
    if ((Peek() | 0x20) == 'e') {
      const bool sign = Peek(1) == '+' || Peek(1) == '-';
      if (!sign && !IsDigit(Peek(1))) return End("decimal");
      at += sign ? 2 : 1;
      if (!IsDigit(Peek())) return Refuse("invalid decimal literal");
      if (!Digits()) return false;
    }
    if ((Peek() | 0x20) != 'j') return End("decimal");
    ++at;
    return End("imaginary");
  }

  // A keyword may follow at once, other letters may not.
  bool End(const char* kind) {
    constexpr std::string_view kMayFollow[] = {"and", "else", "for", "if", "in", "is", "or", "not"};
    const std::string_view rest = text_.substr(std::min(at, text_.size()));
    const bool keyword = std::any_of(std::begin(kMayFollow), std::end(kMayFollow),
                                     [&](std::string_view word) { return rest.starts_with(word); });
    if (keyword || rest.empty() || !IsNamePart(rest[0])) return true;
    return Refuse(std::string("invalid ") + kind + " literal");
  }

  std::string_view text_;
};

char ClosingOf(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {
    if (source_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  void Recover(std::span<const Tokens::Bracket> suspects) {
    recovering_ = true;
    suspects_ = suspects;
  }

  Tokens Run() {
    tokens_.list.reserve(source_.size() / 4 + 8);
    while (at_ < source_.size() && (recovering_ || !tokens_.problem)) {
      if (line_start_ && tokens_.open.empty()) {
        Indentation();
      } else {
        Next();
      }
    }
    const size_t end = source_.size();
    if (recovering_) CloseBrackets(0, end);
    // Within brackets, and where the tokenizer gives up, no line and no block ends.
    if ((recovering_ || !tokens_.problem) && tokens_.open.empty()) {
      if (!line_start_) Add(Tok::kNewline, end, end);
      for (; indents_.size() > 1; indents_.pop_back()) Add(Tok::kDedent, end, end);
    }
    Add(Tok::kEnd, end, end);
    return std::move(tokens_);
  }

  Tokens RunExpression(uint32_t begin, uint32_t line) {
    at_ = begin;
    line_ = line;
    line_start_ = false;
    ignore_lines_ = true;
    while (at_ < source_.size() && !tokens_.problem) Next();
    Add(Tok::kEnd, source_.size(), source_.size());
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void Add(Tok kind, size_t begin, size_t end) {
    Token token;
    token.kind = kind;
    token.level = static_cast<uint16_t>(tokens_.open.size());
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(end);
    token.line = line_;
    tokens_.list.push_back(token);
  }

  void AddMissing(Tok kind, size_t at) {
    Add(kind, at, at);
    tokens_.list.back().missing = true;
  }

  void Refuse(size_t begin, size_t end, std::string message) {
    if (tokens_.problem) return;
    tokens_.problem = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
                       std::move(message)};
  }

  // Refuses the characters up to `end`; reading goes on behind them if it does.
  void RefuseToken(size_t begin, size_t end, std::string message, size_t token_end) {
    Refuse(begin, end, std::move(message));
    if (!recovering_) return;
    Add(Tok::kBad, at_, token_end);
    at_ = token_end;
  }

  // Closes all open brackets but the first `keep`.
  void CloseBrackets(size_t keep, size_t at) {
    while (tokens_.open.size() > keep) {
      const char open = tokens_.open.back().open;
      tokens_.open.pop_back();
      AddMissing(open == '('   ? Tok::kCloseParen
                 : open == '[' ? Tok::kCloseBracket
                               : Tok::kCloseBrace,
                 at);
    }
  }

  // The column that the space at `at` leads to, and where it ends.
  size_t Column(size_t at, size_t* end) const {
    size_t column = 0;
    for (; at < source_.size(); ++at) {
      if (source_[at] == ' ') {
        ++column;
      } else if (source_[at] == '\t') {
        column = (column / 8 + 1) * 8;
      } else if (source_[at] == '\f') {
        column = 0;
      } else {
        break;
      }
    }
    *end = at;
    return column;
  }

  void Indentation() {
    const size_t from = at_;
    const size_t column = Column(at_, &at_);
    const char c = Peek();
    if (c == '#' || c == '\n' || c == '\r' || at_ >= source_.size()) {
      SkipComment();
      if (at_ < source_.size()) SkipLineEnd();
      return;
    }
    if (c == '\\' && ContinuationEnd() != 0) {
      // The line that follows is indented as this one.
      at_ = ContinuationEnd();
      ++line_;
      if (column == 0) return;
      size_t unused = 0;
      Column(at_, &unused);
      at_ = unused;
      if (Peek() == '\n' || Peek() == '#' || at_ >= source_.size()) return;
    }
    line_start_ = false;
    line_indentation_ = static_cast<uint32_t>(column);
    if (column > indents_.back()) {
      indents_.push_back(column);
      Add(Tok::kIndent, from, at_);
    }
    while (column < indents_.back()) {
      indents_.pop_back();
      if (column > indents_.back()) {
        const size_t stop = std::min(source_.find('\n', at_), source_.size());
        if (!tokens_.problem) tokens_.found_late = true;
        Refuse(stop, stop, "unindent does not match any outer indentation level");
        if (!recovering_) return;
        indents_.push_back(column);
        break;
      }
      Add(Tok::kDedent, at_, at_);
    }
  }

  // The offset behind the line end that a backslash here escapes; 0 if it does not.
  size_t ContinuationEnd() const {
    const size_t after = at_ + (Peek(1) == '\r' ? 2 : 1);
    return after < source_.size() && source_[after] == '\n' ? after + 1 : 0;
  }

  void SkipComment() {
    if (Peek() != '#') return;
    const size_t begin = at_;
    at_ = std::min(source_.find('\n', at_), source_.size());
    size_t end = at_;
    if (source_[end - 1] == '\r') --end;
    tokens_.comments.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  void SkipLineEnd() {
    if (Peek() == '\r') ++at_;
    if (Peek() == '\n') {
      ++at_;
      ++line_;
    }
  }

  // Closes the brackets that the line which begins here cannot belong to.
  void MaybeEndBrackets() {
    size_t begin = 0;
    const size_t column = Column(at_, &begin);
    if (begin >= source_.size()) return;
    const char c = source_[begin];
    if (c == '\n' || c == '\r' || c == '#' || c == ')' || c == ']' || c == '}') return;
    size_t end = begin;
    while (end < source_.size() && IsNamePart(source_[end])) ++end;
    const bool statement = BeginsStatementOnly(KeywordOrName(source_.substr(begin, end - begin)));
    size_t keep = tokens_.open.size();
    for (size_t i = 0; i < tokens_.open.size(); ++i) {
      const Tokens::Bracket& bracket = tokens_.open[i];
      if (column > bracket.indentation || (!statement && !IsSuspect(bracket))) continue;
      keep = i;
      break;
    }
    if (keep == tokens_.open.size()) return;
    CloseBrackets(keep, LastEnd());
    if (keep > 0) {
      AddMissing(Tok::kComma, LastEnd());
      return;
    }
    Add(Tok::kNewline, LastEnd(), LastEnd());
    line_start_ = true;
  }

  bool IsSuspect(const Tokens::Bracket& bracket) const {
    return std::any_of(suspects_.begin(), suspects_.end(),
                       [&](const Tokens::Bracket& one) { return one.at == bracket.at; });
  }

  size_t LastEnd() const { return tokens_.list.back().end; }

  void Next() {
    const char c = Peek();
    if (c == ' ' || c == '\t' || c == '\f' || (c == '\r' && Peek(1) == '\n')) {
      ++at_;
      return;
    }
    if (IsNameStart(c)) {
      size_t end = at_ + 1;
      bool ascii = static_cast<unsigned char>(c) < 0x80;
      for (; end < source_.size() && IsNamePart(source_[end]); ++end) {
        ascii = ascii && static_cast<unsigned char>(source_[end]) < 0x80;
      }
      if (!ascii && !CheckCharacters(at_, end)) return;
      const std::string_view name = source_.substr(at_, end - at_);
      const bool quote = end < source_.size() && (source_[end] == '"' || source_[end] == '\'');
      if (quote && IsStringPrefix(name)) return String(end);
      Add(KeywordOrName(name), at_, end);
      at_ = end;
      return;
    }
    if (c == '#') return SkipComment();
    if (c == '\n') {
      if (tokens_.open.empty() && !ignore_lines_) {
        // A comment is a part of the line end.
        const bool comment = !tokens_.comments.empty() && tokens_.comments.back().end == at_;
        Add(Tok::kNewline, comment ? tokens_.comments.back().begin : at_, at_ + 1);
        line_start_ = true;
      }
      SkipLineEnd();
      if (!tokens_.open.empty()) {
        if (recovering_) MaybeEndBrackets();
        size_t unused = 0;
        line_indentation_ = static_cast<uint32_t>(Column(at_, &unused));
      }
      return;
    }
    if (c == '\\') {
      if (const size_t after = ContinuationEnd(); after != 0) {
        at_ = after;
        ++line_;
      } else {
        RefuseToken(at_ + 1, at_ + 1, "unexpected character after line continuation character",
                    at_ + 1);
      }
      return;
    }
    if (c == '"' || c == '\'') return String(at_);
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    ReadOperator();
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
        RefuseToken(i, i + length,
                    hidden ? std::string("invalid non-printable character ") + number
                           : "invalid character '" + std::string(source_.substr(i, length)) +
                                 "' (" + number + ")",
                    end);
        return false;
      }
      i += length;
    }
    return true;
  }

  void String(size_t quote_at) {
    const char quote = source_[quote_at];
    const bool triple = source_.substr(quote_at, 3) == std::string(3, quote);
    uint32_t lines = 0;
    size_t i = quote_at + (triple ? 3 : 1);
    for (; i < source_.size(); ++i) {
      const char c = source_[i];
      if (c == '\\') {
        if (i + 2 < source_.size() && source_[i + 1] == '\r' && source_[i + 2] == '\n') ++i;
        if (i + 1 < source_.size() && source_[i + 1] == '\n') ++lines;
        ++i;
        continue;
      }
      if (c == '\n') {
        if (!triple) break;
        ++lines;
      }
      if (c != quote) continue;
      if (!triple ||
          (i + 2 < source_.size() && source_[i + 1] == quote && source_[i + 2] == quote)) {
        const size_t end = i + (triple ? 3 : 1);
        Add(Tok::kString, at_, end);
        at_ = end;
        line_ += lines;
        return;
      }
    }
    // A triple-quoted one ends with the file, behind its last line end if it has one.
    const uint32_t last = triple && source_.back() == '\n' ? lines - 1 : lines;
    RefuseToken(at_, at_ + 1,
                std::string(triple ? "unterminated triple-quoted string literal"
                                   : "unterminated string literal") +
                    " (detected at line " + std::to_string(line_ + last) + ")",
                std::min(i, source_.size()));
    line_ += lines;
  }

  void Number() {
    NumberEnd number(source_.substr(at_));
    const bool ok = number.Find();
    const size_t end = at_ + number.at;
    if (ok) {
      Add(Tok::kNumber, at_, end);
      at_ = end;
      return;
    }
    size_t token_end = end;
    while (token_end < source_.size() && IsNamePart(source_[token_end])) ++token_end;
    // CPython counts up to the last character that it took.
    const size_t begin = number.whole ? at_ : end - 1;
    RefuseToken(begin, std::max(end, begin + 1), std::move(number.message), token_end);
  }

  void ReadOperator() {
    const Operator op = FindOperator(source_.substr(at_));
    switch (op.kind) {
      case Tok::kOpenParen:
      case Tok::kOpenBracket:
      case Tok::kOpenBrace:
        if (tokens_.open.size() >= kMaxBrackets) {
          return RefuseToken(at_, at_ + 1, "too many nested parentheses", at_ + 1);
        }
        tokens_.open.push_back(
            {source_[at_], static_cast<uint32_t>(at_), line_, line_indentation_});
        break;
      case Tok::kCloseParen:
      case Tok::kCloseBracket:
      case Tok::kCloseBrace:
        if (!Close(source_[at_])) return;
        break;
      default:
        break;
    }
    Add(op.kind, at_, at_ + op.length);
    at_ += op.length;
  }

  // Takes the bracket that `close` closes off the open ones; false if there is none.
  bool Close(char close) {
    if (tokens_.open.empty()) {
      RefuseToken(at_, at_ + 1, "unmatched '" + std::string(1, close) + "'", at_ + 1);
      return false;
    }
    const Tokens::Bracket& open = tokens_.open.back();
    if (ClosingOf(open.open) != close) {
      std::string message = "closing parenthesis '" + std::string(1, close) +
                            "' does not match opening parenthesis '" + std::string(1, open.open) +
                            "'";
      if (open.line != line_) message += " on line " + std::to_string(open.line);
      auto match =
          std::find_if(tokens_.open.rbegin(), tokens_.open.rend(),
                       [&](const Tokens::Bracket& one) { return ClosingOf(one.open) == close; });
      if (!recovering_ || match == tokens_.open.rend()) {
        RefuseToken(at_, at_ + 1, std::move(message), at_ + 1);
        return false;
      }
      Refuse(at_, at_ + 1, std::move(message));
      CloseBrackets(static_cast<size_t>(tokens_.open.rend() - match), LastEnd());
    }
    tokens_.open.pop_back();
    return true;
  }

  std::string_view source_;
  Tokens tokens_;
  std::span<const Tokens::Bracket> suspects_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  uint32_t line_indentation_ = 0;
  bool line_start_ = true;
  bool recovering_ = false;
  bool ignore_lines_ = false;
  std::vector<size_t> indents_ = {0};
};

}  // namespace

Tokens Tokenize(std::string_view source) { return Tokenizer(source).Run(); }

Tokens TokenizeRecovering(std::string_view source, std::span<const Tokens::Bracket> suspects) {
  Tokenizer tokenizer(source);
  tokenizer.Recover(suspects);
  return tokenizer.Run();
}

Tokens TokenizeExpression(std::string_view source, uint32_t begin, uint32_t end, uint32_t line) {
  return Tokenizer(source.substr(0, end)).RunExpression(begin, line);
}

}  // namespace wcheck::python
