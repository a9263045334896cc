// Parses Python `re` patterns, accepting and rejecting what CPython 3.13 does.
//
// The structure follows the language: an alternation of sequences of items. Errors carry Python's
// own message and position; the first one wins. The rule for each construct is in Python's
// documentation ("Regular Expression Syntax"), its error message was taken from the running
// interpreter.
//
// Restrictions beyond Python's rules:
//  - nesting is limited to kMaxNesting (Python's recursion limit ends a little above that),
//  - \N{...} is rejected: it needs the table of Unicode's character names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pattern/syntax_tree.h"
#include "pattern/tokenizer.h"

namespace wcheck::regex {

inline constexpr int kMaxNesting = 400;

struct SyntaxError {
  static constexpr uint32_t kNoPosition = UINT32_MAX;
  std::string message;
  uint32_t position = kNoPosition;  // in characters; Python gives none for a few errors
};

class Parser {
 public:
  // `text` must be valid UTF-8. The result is stored in `tree`, which must be empty.
  Parser(std::string_view text, Tree* tree) : source_(text), tree_(*tree) {
    tree_.nodes.reserve(text.size() + 4);
  }

  // The error, or nullopt if the pattern is valid.
  std::optional<SyntaxError> Parse();

 private:
  // The items of a kConcat under construction.
  struct Sequence {
    NodeId first = kNoNode;
    NodeId last = kNoNode;
  };
  struct GroupReference {
    uint32_t group;
    uint32_t position;
  };

  // parser.cc: alternations, sequences, repeats.
  NodeId ParseAlternation(uint8_t flags, int depth);
  NodeId ParseSequence(uint8_t flags, int depth, bool first);
  void ParseRepeat(Token token, uint8_t flags, Sequence* sequence);
  // The two numbers of {m,n}; false if it is not a repeat but a literal brace.
  bool ParseCounts(uint32_t* min, uint32_t* max);
  void SkipVerboseComment();

  // parser_groups.cc: everything that a parenthesis can open.
  void ParseParenthesis(uint8_t flags, int depth, bool first, Sequence* sequence, uint8_t* outer);
  void ParseGroup(uint8_t flags, int depth, uint32_t start, bool capture, std::string_view name,
                  Sequence* sequence);
  void ParseLook(Token kind, uint8_t flags, int depth, uint32_t start, Sequence* sequence);
  void ParseAtomic(uint8_t flags, int depth, uint32_t start, Sequence* sequence);
  void ParseConditional(uint8_t flags, int depth, uint32_t start, Sequence* sequence);
  void ParseNamedReference(uint8_t flags, Sequence* sequence);
  void SkipComment(uint32_t start);
  // The letters of (?flags) and (?flags-flags:...). `*scoped` is false for the former, which sets
  // the flags of the whole pattern.
  bool ParseFlags(Token token, uint8_t* add, uint8_t* remove, bool* scoped);
  // The text up to `terminator`; empty after an error.
  std::string_view ParseName(char terminator, std::string_view what);
  bool CheckGroupName(std::string_view name);
  // 0 if there is no group of that name.
  uint32_t FindGroup(std::string_view name) const;
  bool IsClosed(uint32_t group) const;
  bool CheckLookbehindReference(uint32_t group);
  bool ExpectClosing(uint32_t start);

  // parser_characters.cc: escapes and character sets.
  void ParseEscape(Token token, uint8_t flags, Sequence* sequence);
  void ParseReferenceOrOctal(Token token, uint8_t flags, Sequence* sequence);
  // An escape that means one character both inside and outside sets.
  std::optional<char32_t> ParseCharacterEscape(Token token);
  std::optional<char32_t> ParseHex(Token token, uint32_t digits);
  std::optional<char32_t> ParseCharacterName(uint32_t start);
  void ParseSet(uint8_t flags, Sequence* sequence);
  std::optional<SetItem> ParseSetItem(Token token);

  NodeId Add(Node node) {
    tree_.nodes.push_back(node);
    return static_cast<NodeId>(tree_.nodes.size() - 1);
  }
  void Append(Node node, Sequence* sequence) { AppendId(Add(node), sequence); }
  void AppendId(NodeId id, Sequence* sequence);
  void AppendLiteral(char32_t c, uint8_t flags, Sequence* sequence);

  // Records the error unless there is one already, and ends parsing.
  void Fail(std::string message, uint32_t position);
  bool failed() const { return error_ || source_.dangling_backslash(); }

  Tokenizer source_;
  Tree& tree_;
  std::optional<SyntaxError> error_;
  uint8_t global_flags_ = 0;
  std::vector<bool> closed_;                 // group n at n - 1
  uint32_t lookbehind_groups_ = kUnbounded;  // groups opened before the outermost lookbehind
  std::vector<GroupReference> conditions_;   // groups that conditionals name by number
};

// Checks that every lookbehind has a fixed width, and sets has_odd_lookbehind.
std::optional<SyntaxError> CheckLookbehinds(Tree* tree);

}  // namespace wcheck::regex
