// Python's tokens, with Python's tokenizer's own errors. Used only to find where a syntax error is:
// what a valid file means is read from tree-sitter's tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck::python {

struct Token {
  enum class Kind : uint8_t {
    kName,
    kKeyword,
    kNumber,
    kString,
    kOperator,
    kNewline,
    kIndent,
    kDedent,
    kEnd
  };
  Kind kind = Kind::kEnd;
  std::string_view text;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t line = 1;
  int level = 0;  // open brackets after this token
};

struct SyntaxProblem {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
};

struct Tokens {
  std::vector<Token> list;               // ends with kEnd
  std::optional<SyntaxProblem> problem;  // what the tokenizer itself refused; `list` goes up to it
  // Brackets that are still open at the end of the file (or at `problem`).
  struct Bracket {
    char open;
    uint32_t at;
    uint32_t line;
  };
  std::vector<Bracket> open;
};

Tokens Tokenize(std::string_view source);

// At least as many as there are tokens in the source, whatever is wrong with it.
size_t CountTokensRoughly(std::string_view source);

}  // namespace wcheck::python
