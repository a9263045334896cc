// The parser behind parser.h: one recursive-descent parser for the strict and the recovering
// reading, so that there is one grammar.
//
// A rule for an expression gives its node, or null after a failure; a rule for statements adds its
// nodes to `stack_` and tells whether it succeeded. Strict, a failure ends the parse, and `problem`
// tells why. Recovering, the nearest list of items or block goes on behind it (parser_recovery.cc).
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "python/parser.h"
#include "python/syntax_tree.h"
#include "python/tokenizer.h"

namespace wcheck::python {

class Parser {
 public:
  Parser(const Tokens& tokens, SyntaxTree* tree, bool recovering)
      : tokens_(tokens.list), source_(tree->file->text()), tree_(*tree), recovering_(recovering) {}

  // Reads the module and sets the tree's root; strict, false if there is an error.
  bool Run();

  // Why a strict parse failed, and the token it failed at.
  std::optional<SyntaxProblem> problem;
  size_t reached = 0;
  // What Python finds only when it compiles what it has parsed: the first `return` outside of a
  // function, and its like.
  std::optional<SyntaxProblem> misplaced;
  // Where the source is nested too deep to be read on.
  std::optional<uint32_t> too_deep;

  // True if it stopped at a line that is indented more or less than it may be.
  bool at_indentation() const;

 private:
  // --- tokens ----------------------------------------------------------------------------------
  const Token& Now() const { return tokens_[at_]; }
  const Token& Ahead(size_t n) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  const Token& Last() const { return tokens_[at_ > 0 ? at_ - 1 : 0]; }
  std::string_view Text(const Token& token) const {
    return source_.substr(token.begin, token.end - token.begin);
  }
  bool Is(Tok kind) const { return Now().kind == kind; }
  bool IsWord(std::string_view name) const { return Is(Tok::kName) && Text(Now()) == name; }
  void Advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  bool Take(Tok kind) {
    if (!Is(kind)) return false;
    Advance();
    return true;
  }
  bool Expect(Tok kind) { return Take(kind) || Fail(); }
  // The same for the bracket that closes what is read: recovering, one that is missing is an error
  // in the node that is being made.
  bool Close(Tok kind);
  bool AtEnd() const { return Is(Tok::kNewline) || Is(Tok::kSemicolon) || Is(Tok::kEnd); }
  bool StartsExpression() const;

  // --- failure (parser.cc) ---------------------------------------------------------------------
  // Both give false. Without a message it is Python's for a token that no rule takes.
  bool Fail(std::string message = "") { return FailAt(Now().begin, Now().end, std::move(message)); }
  bool FailAt(uint32_t begin, uint32_t end, std::string message);
  bool FailAt(const Node& node, std::string message) {
    return FailAt(node.begin, node.end, std::move(message));
  }
  void DescribeUnexpected(uint32_t* begin, std::string* message);
  bool FirstIsNameThenString() const;
  template <typename F>
  bool LooksAhead(F&& rule);
  void Misplaced(std::string message);
  void Misplaced(uint32_t begin, uint32_t end, std::string message);

  // Runs a rule that may fail without consequences; its nodes are dropped if it does.
  template <typename F>
  bool Speculate(F&& rule) {
    const size_t here = at_;
    const size_t mark = stack_.size();
    const bool recovering = std::exchange(recovering_, false);
    const std::optional<SyntaxProblem> misplaced_before = misplaced;
    ++speculating_;
    const bool ok = rule();
    --speculating_;
    recovering_ = recovering;
    if (!ok) {
      misplaced = misplaced_before;
      at_ = here;
      stack_.resize(mark);
    }
    return ok;
  }

  // Counts a nested statement or expression; false if there are too many.
  bool GoDeeper() {
    if (++depth_ <= static_cast<int>(kMaxTreeDepth)) return true;
    if (!too_deep) too_deep = Now().begin;
    return false;
  }

  // --- nodes -----------------------------------------------------------------------------------
  Node* New(Kind kind, uint32_t begin, uint32_t end) {
    Node* node = tree_.arena.NewNode();
    node->kind = kind;
    node->begin = begin;
    node->end = end;
    node->file = tree_.id;
    return node;
  }
  // The token that stands here.
  Node* Leaf(Kind kind) {
    Node* node = New(kind, Now().begin, Now().end);
    Advance();
    return node;
  }
  void Push(Node* node, Field field = Field::kNone) {
    node->field = field;
    stack_.push_back(node);
  }
  // A node of all that was pushed since `mark`, which is popped.
  Node* Finish(Kind kind, uint32_t begin, uint32_t end, size_t mark);
  Node* FinishHere(Kind kind, uint32_t begin, size_t mark) {
    return Finish(kind, begin, Last().end, mark);
  }
  Node* Unary(Kind kind, uint32_t begin, Node* operand, Field field);
  Node* Pair(Kind kind, Node* left, Field left_field, Node* right, Field right_field);
  bool PushIf(Node* node, Field field = Field::kNone) {
    if (node == nullptr) return false;
    Push(node, field);
    return true;
  }

  // --- recovery (parser_recovery.cc) -----------------------------------------------------------
  // A kError node of everything since `mark`.
  Node* Error(uint32_t begin, uint32_t end, size_t mark);
  // Recovering, after a failure: the rest of an item in the bracket that is open `level` deep.
  // Null if this is not recovering.
  Node* RecoverItem(size_t start, size_t mark, int level);
  // The same up to the end of the line.
  Node* RecoverLine(size_t start, size_t mark);
  bool RecoverStatement(size_t start, size_t mark);
  // Behind an item of a bracket, which began at token `start` and was pushed behind `mark` if `ok`:
  // false unless a comma or the closing bracket stands here. Recovering, an item that is broken is
  // replaced.
  bool EndItem(bool ok, Tok close, size_t start, size_t mark, int level) {
    if (ok && (Is(Tok::kComma) || Is(close))) return true;
    if (!recovering_) return ok ? Fail() : false;
    return PushIf(RecoverItem(start, mark, level));
  }

  // --- statements (parser_statements.cc) -------------------------------------------------------
  bool Statement();
  bool StatementInner();
  bool SimpleStatements();
  bool SimpleStatement();
  bool ExpressionStatement();
  Node* Value(size_t start, size_t mark);
  bool Annotation(size_t start, size_t mark, Node* target);
  Node* Import();
  Node* ImportFrom();
  Node* DottedName();
  Node* Aliased(Node* name);
  Node* Block(std::string_view after, uint32_t line);
  bool Condition(std::string_view keyword);
  bool Otherwise(Field field);
  bool If();
  bool While();
  bool For(uint32_t begin, bool async);
  bool Try();
  bool With(uint32_t begin, bool async);
  bool WithItem();
  bool Def(uint32_t begin, bool async);
  bool Class();
  bool Decorated();
  bool Parameters(Tok close, bool annotations);
  bool Delete();
  bool PushCompound(Kind kind, uint32_t begin, size_t mark, bool async = false);
  template <typename F>
  bool Within(int functions, int loops, F&& rule) {
    const int functions_before = std::exchange(functions_, functions);
    const int loops_before = std::exchange(loops_, loops);
    const bool ok = rule();
    functions_ = functions_before;
    loops_ = loops_before;
    return ok;
  }

  // --- match (parser_patterns.cc) --------------------------------------------------------------
  // `match` is a name unless it reads as a match statement.
  bool BeginsMatch();
  bool Match();
  bool Case();
  Node* OpenPattern();
  Node* Pattern();
  Node* OrPattern();
  Node* ClosedPattern();
  Node* LiteralExpression();
  Node* LiteralPattern();
  Node* NameAndAttributes();
  Node* NameOrClassPattern();
  Node* StarPattern();
  Node* SequencePattern();
  Node* MappingPattern();
  bool MappingItem();
  bool ClassPatternItem();

  // --- targets (parser_targets.cc) -------------------------------------------------------------
  enum class TargetOf : uint8_t { kAssignment, kFor, kDelete };
  // The part of a target that cannot be assigned to; null if all of it can.
  static const Node* InvalidTarget(const Node& target, TargetOf of);
  bool CheckTarget(const Node& target, TargetOf of, const char* verb);
  static std::string_view ExpressionName(const Node& node);

  // --- expressions (parser_expressions.cc) -----------------------------------------------------
  Node* StarExpressionsOrYield();
  Node* Yield();
  Node* StarExpressions(bool named = false);
  Node* StarExpression(bool named);
  Node* NamedExpression();
  Node* Expression();
  Node* ExpressionInner();
  Node* Lambda();
  Node* Disjunction();
  Node* Conjunction();
  Node* Inversion();
  Node* Comparison();
  Op TakeComparison(Node** at);
  Node* BitwiseOr();
  Node* Binary(int least);
  Node* Factor();
  Node* AwaitPrimary();
  Node* Primary();
  Node* Call(Node* function);
  Node* SubscriptOf(Node* value);
  Node* Slice();
  Node* Atom();
  Node* Number();
  Node* Parenthesized();
  Node* ListDisplay();
  Node* Braces();
  bool BraceItem(bool* dict, bool first);
  enum class Items : uint8_t { kFailed, kList, kComprehension };
  Items ReadItems(Tok close, bool* comma);
  bool Clauses();
  Node* Targets();
  bool Argument();

  // --- strings (parser_strings.cc) -------------------------------------------------------------
  Node* Strings();
  Node* String(const Token& token, size_t after);
  // The parts of an f-string, up to its end, or of a format specification, up to its `}`.
  struct FString {
    uint32_t at;
    uint32_t end;
    uint32_t line;
    bool raw;
    uint32_t error_at;  // where CPython reports what is wrong but for the expressions
  };
  bool Replacements(FString* text, int nesting);
  Node* Replacement(FString* text, int nesting);
  bool FindExpressionEnd(FString* text);
  Node* NestedExpression(uint32_t begin, uint32_t end, uint32_t line);
  bool FailString(const FString& text, std::string message);

  std::span<const Token> tokens_;
  std::string_view source_;
  SyntaxTree& tree_;
  bool recovering_;
  size_t at_ = 0;
  int depth_ = 0;
  int speculating_ = 0;
  std::vector<Node*> stack_;  // nodes that wait for their parents
  // The expression that was read last, as token numbers.
  size_t expression_start_ = 0;
  size_t expression_end_ = 0;
  size_t operand_start_ = 0;  // without comparisons
  size_t operand_end_ = 0;
  int nested_ = 0;
  // The primary that was read last and may be annotated.
  size_t target_start_ = 0;
  size_t target_end_ = 0;
  uint32_t line_end_ = 0;  // of the last line that ended with a semicolon, which its block holds
  // Functions and loops around the statement.
  int functions_ = 0;
  int loops_ = 0;
};

}  // namespace wcheck::python
