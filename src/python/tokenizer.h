// Python's tokens, by the rules of the reference's lexical analysis (chapter 2) as CPython 3.11
// applies them, with the errors of its tokenizer.
//
// A token is 16 bytes and holds no text: it has its place in the source. Line ends within brackets,
// blank lines and comments give no tokens; comments are listed apart.
//
// In the strict reading the tokens end at the first thing that CPython's tokenizer refuses. The
// recovering reading goes through the whole file: what is refused becomes a kBad token, and the
// brackets are made to match, so that a parser can go on behind an error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck::python {

enum class Tok : uint8_t {
  kEnd,
  kNewline,
  kIndent,
  kDedent,
  kName,
  kNumber,
  kString,
  kBad,  // characters that can begin no token
  // Brackets and separators.
  kOpenParen,
  kCloseParen,
  kOpenBracket,
  kCloseBracket,
  kOpenBrace,
  kCloseBrace,
  kComma,
  kColon,
  kDot,
  kSemicolon,
  kEllipsis,
  kArrow,
  kWalrus,
  kAssign,
  // Operators.
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kDoubleSlash,
  kPercent,
  kAt,
  kAmpersand,
  kBar,
  kCaret,
  kShiftLeft,
  kShiftRight,
  kDoubleStar,
  kTilde,
  kLess,
  kGreater,
  kLessEqual,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  // Augmented assignment, in the order of the operators above.
  kPlusAssign,
  kMinusAssign,
  kStarAssign,
  kSlashAssign,
  kDoubleSlashAssign,
  kPercentAssign,
  kAtAssign,
  kAmpersandAssign,
  kBarAssign,
  kCaretAssign,
  kShiftLeftAssign,
  kShiftRightAssign,
  kDoubleStarAssign,
  // Keywords.
  kFalse,
  kNone,
  kTrue,
  kAnd,
  kAs,
  kAssert,
  kAsync,
  kAwait,
  kBreak,
  kClass,
  kContinue,
  kDef,
  kDel,
  kElif,
  kElse,
  kExcept,
  kFinally,
  kFor,
  kFrom,
  kGlobal,
  kIf,
  kImport,
  kIn,
  kIs,
  kLambda,
  kNonlocal,
  kNot,
  kOr,
  kPass,
  kRaise,
  kReturn,
  kTry,
  kWhile,
  kWith,
  kYield,
};

struct Token {
  Tok kind = Tok::kEnd;
  bool missing = false;  // recovering only: put there to make the brackets match
  uint16_t level = 0;    // open brackets after this token
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t line = 1;
};

// Something that Python refuses, with CPython's words for it.
struct SyntaxProblem {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
};

struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Tokens {
  std::vector<Token> list;  // ends with kEnd
  std::vector<Span> comments;
  std::optional<SyntaxProblem> problem;  // the first thing that the tokenizer itself refused
  // It is a wrong indentation, which CPython finds only when its parser asks for the token.
  bool found_late = false;
  // Brackets that are still open at the end of the file (strict: or at `problem`).
  struct Bracket {
    char open;
    uint32_t at;
    uint32_t line;
    uint32_t indentation;  // of that line
  };
  std::vector<Bracket> open;
};

// The strict reading of a source, which is valid UTF-8.
Tokens Tokenize(std::string_view source);

// The recovering reading; `suspects` are the brackets that the strict reading left open.
//
// A line that is indented no further than the line on which a suspect was opened, and that does not
// begin with a closing bracket, ends that bracket. So does one that begins with a keyword that
// stands in no expression, for any bracket.
Tokens TokenizeRecovering(std::string_view source, std::span<const Tokens::Bracket> suspects);

// The tokens of source[begin, end) as they would be read within brackets: the expressions of an
// f-string. `line` is the line of `begin`.
Tokens TokenizeExpression(std::string_view source, uint32_t begin, uint32_t end, uint32_t line);

}  // namespace wcheck::python
