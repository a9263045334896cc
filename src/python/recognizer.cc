#include "python/recognizer.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace wcheck::python {
namespace {

using TK = Token::Kind;

// Nested statements and expressions: above what CPython's own limits allow.
constexpr int kMaxDepth = 500;

class Recognizer {
 public:
  explicit Recognizer(const std::vector<Token>& tokens) : tokens_(tokens) {}

  // True if the whole file is recognized. Otherwise `problem` is set, and `reached` is the token at
  // which the recognition stopped.
  bool Run() {
    while (!Is(TK::kEnd)) {
      if (!Statement()) {
        if (!problem) Fail();
        return false;
      }
    }
    return true;
  }

  std::optional<SyntaxProblem> problem;
  size_t reached = 0;
  // What Python finds only when it compiles what it has parsed: the first `return` outside of a
  // function, and its like.
  std::optional<SyntaxProblem> misplaced;

  // True if it stopped at a line that is indented more or less than it may be.
  bool at_indentation() const {
    const TK kind = tokens_[std::min(reached, tokens_.size() - 1)].kind;
    return problem && problem->message.starts_with("unexpected ") &&
           (kind == TK::kIndent || kind == TK::kDedent);
  }

 private:
  const Token& Now() const { return tokens_[std::min(at_, tokens_.size() - 1)]; }
  const Token& Ahead(size_t n) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  bool Is(TK kind) const { return Now().kind == kind; }
  bool Is(std::string_view text) const {
    return (Now().kind == TK::kOperator || Now().kind == TK::kKeyword) && Now().text == text;
  }
  void Advance() { ++at_; }
  bool Take(std::string_view text) {
    if (!Is(text)) return false;
    Advance();
    return true;
  }
  bool Take(TK kind) {
    if (!Is(kind)) return false;
    Advance();
    return true;
  }
  bool Expect(std::string_view text) { return Take(text) || Fail(); }
  bool Name() { return Take(TK::kName) || Fail(); }

  bool Fail(std::string message = "") { return FailAt(Now().begin, Now().end, std::move(message)); }
  bool FailAt(uint32_t begin, uint32_t end, std::string message) {
    if (problem) return false;
    reached = at_;
    if (message.empty()) {
      message = "invalid syntax";
      if (Is(TK::kIndent)) {
        message = "unexpected indent";
        begin = end - 1;
      }
      if (Is(TK::kDedent)) message = "unexpected unindent";
      // print "x": a statement once.
      const Token& before = tokens_[at_ > 0 ? at_ - 1 : 0];
      bool legacy = before.kind == TK::kName && (before.text == "print" || before.text == "exec");
      if (legacy && StartsExpression() && !Is("(")) {
        begin = before.begin;
        message = "Missing parentheses in call to '" + std::string(before.text) + "'";
      }
      // x = 1 where an expression must stand.
      if (Is("=") && operand_end_ == at_ && nested_ > 0) {
        const Token& operand = tokens_[operand_start_];
        bool excluded = operand.text == "(" || operand.text == "[" || operand.text == "True" ||
                        operand.text == "False" || operand.text == "None";
        if (!excluded) {
          begin = operand.begin;
          message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
        }
      }
      // Two expressions side by side within brackets.
      bool inside = at_ > 0 && tokens_[at_ - 1].level > 0;
      if (inside && expression_end_ == at_ && StartsExpression() && !FirstIsNameThenString()) {
        size_t start = expression_start_;
        size_t here = at_;
        bool second = Expression();
        problem.reset();
        at_ = here;
        if (second) {
          begin = tokens_[start].begin;
          message = "invalid syntax. Perhaps you forgot a comma?";
        }
      }
    }
    problem = {begin, end, std::move(message)};
    return false;
  }

  bool FirstIsNameThenString() const {
    const Token& first = tokens_[expression_start_];
    if (first.kind != TK::kName) return false;
    bool soft = first.text == "match" || first.text == "case" || first.text == "_";
    return soft || tokens_[std::min(expression_start_ + 1, tokens_.size() - 1)].kind == TK::kString;
  }

  bool StartsExpression() const {
    switch (Now().kind) {
      case TK::kName:
      case TK::kNumber:
      case TK::kString:
        return true;
      case TK::kKeyword:
        return Is("None") || Is("True") || Is("False") || Is("not") || Is("lambda") || Is("await");
      case TK::kOperator:
        return Is("(") || Is("[") || Is("{") || Is("-") || Is("+") || Is("~") || Is("...");
      default:
        return false;
    }
  }

  // --- statements ------------------------------------------------------------------------------

  bool Statement() {
    if (++depth_ > kMaxDepth) return Fail();
    bool ok = StatementInner();
    --depth_;
    return ok;
  }

  bool StatementInner() {
    if (Is("if")) return If();
    if (Is("while")) {
      return Within(functions_, loops_ + 1, [&] { return Condition("while"); }) && Otherwise();
    }
    if (Is("for")) return For();
    if (Is("try")) return Try();
    if (Is("with")) return With();
    if (Is("def")) return Def();
    if (Is("class")) return Class();
    if (Is("@")) {
      while (Take("@")) {
        if (!NamedExpression() || !(Take(TK::kNewline) || Fail())) return false;
      }
      return Is("def") || Is("class") || Is("async") ? Statement() : Fail();
    }
    if (Is("async")) {
      Advance();
      return Is("def") || Is("for") || Is("with") ? Statement() : Fail();
    }
    if (Is(TK::kName) && Now().text == "match" && Match()) return true;
    return SimpleStatements();
  }

  bool SimpleStatements() {
    while (true) {
      if (!SimpleStatement()) return false;
      if (Take(TK::kNewline)) return true;
      if (!Expect(";")) return false;
      if (Take(TK::kNewline)) return true;
    }
  }

  bool SimpleStatement() {
    if (Take("pass")) return true;
    if (Is("break") || Is("continue")) {
      if (loops_ == 0) {
        Misplaced(Is("break") ? "'break' outside loop" : "'continue' not properly in loop");
      }
      Advance();
      return true;
    }
    if (Is("return")) {
      if (functions_ == 0) Misplaced("'return' outside function");
      Advance();
      return AtEnd() || StarExpressions();
    }
    if (Take("raise")) return AtEnd() || (Expression() && (!Take("from") || Expression()));
    if (Take("global") || Take("nonlocal")) {
      do {
        if (!Name()) return false;
      } while (Take(","));
      return true;
    }
    if (Take("del")) return StarExpressions();
    if (Take("assert")) return Expression() && (!Take(",") || Expression());
    if (Is("import")) return Import();
    if (Is("from")) return ImportFrom();
    const size_t start = at_;
    if (!StarExpressionsOrYield()) return false;
    if (Is(":")) return Annotation(start);
    constexpr std::string_view kAugmented[] = {
        "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="};
    for (std::string_view op : kAugmented) {
      if (Take(op)) return StarExpressionsOrYield();
    }
    while (Take("=")) {
      if (!StarExpressionsOrYield()) return false;
    }
    return true;
  }

  // `: type`, and perhaps `= value`, behind what began at token `start`.
  bool Annotation(size_t start) {
    const size_t end = at_;
    const bool target = target_start_ == start && target_end_ == end;
    Advance();
    if (!Expression()) return false;
    if (!target) {
      return FailAt(tokens_[start].begin, tokens_[end - 1].end, "illegal target for annotation");
    }
    return !Take("=") || StarExpressionsOrYield();
  }

  void Misplaced(std::string message) {
    if (!misplaced) misplaced = {Now().begin, Now().end, std::move(message)};
  }

  // Runs a rule with so many functions and loops around its statements.
  template <typename F>
  bool Within(int functions, int loops, F&& rule) {
    const int functions_before = std::exchange(functions_, functions);
    const int loops_before = std::exchange(loops_, loops);
    const bool ok = rule();
    functions_ = functions_before;
    loops_ = loops_before;
    return ok;
  }

  bool AtEnd() const { return Is(TK::kNewline) || Is(";") || Is(TK::kEnd); }

  bool Import() {
    Advance();
    do {
      if (!DottedName() || (Take("as") && !Name())) return false;
    } while (Take(","));
    return true;
  }

  bool DottedName() {
    if (!Name()) return false;
    while (Take(".")) {
      if (!Name()) return false;
    }
    return true;
  }

  bool ImportFrom() {
    Advance();
    bool dots = false;
    while (Take(".") || Take("...")) dots = true;
    if (!(dots && Is("import")) && !DottedName()) return false;
    if (!Expect("import")) return false;
    if (Take("*")) return true;
    bool brackets = Take("(");
    while (true) {
      if (!Name() || (Take("as") && !Name())) return false;
      if (!Take(",")) break;
      if (brackets && Is(")")) break;
    }
    return !brackets || Expect(")");
  }

  // `: NEWLINE INDENT statements DEDENT`, or simple statements on the line.
  bool Block(std::string_view after, uint32_t line) {
    if (!Take(":")) return Fail("expected ':'");
    if (!Take(TK::kNewline)) return SimpleStatements();
    if (!Take(TK::kIndent)) {
      return Fail("expected an indented block after " + std::string(after) + " on line " +
                  std::to_string(line));
    }
    while (!Is(TK::kDedent) && !Is(TK::kEnd)) {
      if (!Statement()) return false;
    }
    Take(TK::kDedent);
    return true;
  }

  bool Condition(std::string_view keyword) {
    uint32_t line = Now().line;
    Advance();
    return NamedExpression() && Block("'" + std::string(keyword) + "' statement", line);
  }

  bool Otherwise() {
    uint32_t line = Now().line;
    return !Take("else") || Block("'else' statement", line);
  }

  bool If() {
    if (!Condition("if")) return false;
    while (Is("elif")) {
      if (!Condition("elif")) return false;
    }
    return Otherwise();
  }

  bool For() {
    uint32_t line = Now().line;
    Advance();
    return Targets() && Expect("in") && StarExpressions() &&
           Within(functions_, loops_ + 1, [&] { return Block("'for' statement", line); }) &&
           Otherwise();
  }

  // Assignment targets before `in`: expressions without comparisons.
  bool Targets() {
    do {
      if (Is("in")) break;
      Take("*");
      if (!BitwiseOr()) return false;
    } while (Take(","));
    return true;
  }

  bool Try() {
    uint32_t line = Now().line;
    Advance();
    if (!Block("'try' statement", line)) return false;
    bool handled = false;
    while (Is("except")) {
      handled = true;
      line = Now().line;
      Advance();
      Take("*");
      if (!Is(":") && (!Expression() || (Take("as") && !Name()))) return false;
      if (!Block("'except' statement", line)) return false;
    }
    if (handled && !Otherwise()) return false;
    line = Now().line;
    if (Take("finally")) return Block("'finally' statement", line);
    return handled || Fail("expected 'except' or 'finally' block");
  }

  bool With() {
    uint32_t line = Now().line;
    Advance();
    // with (a as b, c): try the parenthesized form first.
    size_t here = at_;
    if (Take("(")) {
      bool ok = true;
      do {
        if (Is(")")) break;
        ok = Speculate([&] { return Expression() && (!Take("as") || StarTarget()); });
      } while (ok && Take(","));
      if (ok && Take(")") && Is(":")) return Block("'with' statement", line);
      at_ = here;
    }
    do {
      if (!Expression() || (Take("as") && !StarTarget())) return false;
    } while (Take(","));
    return Block("'with' statement", line);
  }

  bool StarTarget() {
    Take("*");
    return Primary();
  }

  bool Def() {
    uint32_t line = Now().line;
    Advance();
    if (!Name() || !(Take("(") || Fail("expected '('"))) return false;
    if (!Parameters(")", true) || !Expect(")")) return false;
    if (Take("->") && !Expression()) return false;
    return Within(functions_ + 1, 0, [&] { return Block("function definition", line); });
  }

  bool Parameters(std::string_view close, bool annotations) {
    while (!Is(close)) {
      if (Take("/")) {
      } else if (Take("*")) {
        if (!Is(",") && (!Name() || (annotations && Take(":") && !StarExpression()))) return false;
      } else {
        Take("**");
        if (!Name()) return false;
        if (annotations && Take(":") && !Expression()) return false;
        if (Take("=") && !Expression()) return false;
      }
      if (!Take(",")) break;
    }
    return true;
  }

  bool Class() {
    uint32_t line = Now().line;
    Advance();
    if (!Name()) return false;
    if (Take("(") && !(ArgumentList() && Expect(")"))) return false;
    return Within(0, 0, [&] { return Block("class definition", line); });
  }

  // `match` is a name unless it reads as a match statement.
  bool Match() {
    size_t here = at_;
    bool is = Speculate([&] {
      Advance();
      return StarExpressions() && Take(":") && Take(TK::kNewline) && Take(TK::kIndent) &&
             Now().text == "case";
    });
    if (!is) {
      at_ = here;
      return false;
    }
    while (Now().text == "case" && Is(TK::kName)) {
      uint32_t line = Now().line;
      Advance();
      // Patterns look like expressions with `as`.
      do {
        Take("*");
        if (!BitwiseOr() || (Take("as") && !Name())) return false;
      } while (Take(",") && !Is(":"));
      if (Take("if") && !NamedExpression()) return false;
      if (!Block("'case' statement", line)) return false;
    }
    return Take(TK::kDedent) || Fail();
  }

  bool Speculate(const std::function<bool()>& rule) {
    std::optional<SyntaxProblem> before = problem;
    size_t reached_before = reached;
    bool ok = rule();
    problem = before;
    reached = reached_before;
    return ok;
  }

  // --- expressions -----------------------------------------------------------------------------

  bool StarExpressionsOrYield() {
    if (Take("yield")) {
      if (Take("from")) return Expression();
      return AtEnd() || Is(")") || Is("=") || StarExpressions();
    }
    return StarExpressions();
  }

  bool StarExpressions() {
    if (!StarExpression()) return false;
    while (Take(",")) {
      if (!StartsExpression() && !Is("*")) return true;
      if (!StarExpression()) return false;
    }
    return true;
  }

  bool StarExpression() { return Take("*") ? BitwiseOr() : NamedExpression(); }

  // Every expression but those of an assignment statement may stand where `:=` may.
  bool NamedExpression() {
    ++nested_;
    bool ok = NamedExpressionInner();
    --nested_;
    return ok;
  }

  bool NamedExpressionInner() {
    if (Is(TK::kName) && Ahead(1).text == ":=" && Ahead(1).kind == TK::kOperator) {
      Advance();
      Advance();
    }
    return Expression();
  }

  bool Expression() {
    if (++depth_ > kMaxDepth) return Fail();
    bool ok = ExpressionInner();
    --depth_;
    return ok;
  }

  bool ExpressionInner() {
    if (Take("lambda")) return Parameters(":", false) && Expect(":") && Expression();
    size_t start = at_;
    if (!Disjunction()) return false;
    expression_start_ = start;
    expression_end_ = at_;
    if (!Is("if")) return true;
    Advance();
    if (!Disjunction()) return false;
    if (!Is("else")) {
      if (Is(":")) return Fail();
      return FailAt(tokens_[start].begin, Now().end, "expected 'else' after 'if' expression");
    }
    Advance();
    return Expression();
  }

  bool Disjunction() {
    do {
      if (!Conjunction()) return false;
    } while (Take("or"));
    return true;
  }
  bool Conjunction() {
    do {
      if (!Inversion()) return false;
    } while (Take("and"));
    return true;
  }
  bool Inversion() {
    while (Take("not")) {
    }
    return Comparison();
  }
  bool Comparison() {
    if (!BitwiseOr()) return false;
    while (true) {
      if (Is("not")) {
        if (Ahead(1).text != "in") return true;
        Advance();
        Advance();
      } else if (Take("is")) {
        Take("not");
      } else if (!(Take("in") || Take("==") || Take("!=") || Take("<") || Take(">") || Take("<=") ||
                   Take(">="))) {
        return true;
      }
      if (!BitwiseOr()) return false;
    }
  }
  // All binary arithmetic: precedence does not matter to recognize it.
  bool BitwiseOr() {
    size_t start = at_;
    if (!BitwiseOrInner()) return false;
    operand_start_ = start;
    operand_end_ = at_;
    return true;
  }

  bool BitwiseOrInner() {
    constexpr std::string_view kBinary[] = {"|", "^", "&",  "<<", ">>", "+", "-",
                                            "*", "/", "//", "%",  "@",  "**"};
    while (true) {
      while (Take("-") || Take("+") || Take("~")) {
      }
      Take("await");
      if (!Primary()) return false;
      bool more = std::any_of(std::begin(kBinary), std::end(kBinary),
                              [&](std::string_view op) { return Take(op); });
      if (!more) return true;
    }
  }

  bool Primary() {
    const size_t start = at_;
    // What may be annotated: a name, an attribute or an item, in brackets or not.
    bool target = Is(TK::kName) || Is("(");
    if (!Atom()) return false;
    while (true) {
      if (Take(".")) {
        if (!Name()) return false;
        target = true;
      } else if (Take("(")) {
        if (!ArgumentList() || !Expect(")")) return false;
        target = false;
      } else if (Take("[")) {
        if (!Slices() || !Expect("]")) return false;
        target = true;
      } else {
        if (target) {
          target_start_ = start;
          target_end_ = at_;
        }
        return true;
      }
    }
  }

  bool Atom() {
    if (Take(TK::kName) || Take(TK::kNumber) || Take("None") || Take("True") || Take("False") ||
        Take("...")) {
      return true;
    }
    if (Is(TK::kString)) {
      while (Take(TK::kString)) {
      }
      return true;
    }
    if (Take("(")) {
      if (Take(")")) return true;
      if (Is("yield")) return StarExpressionsOrYield() && Expect(")");
      return Items(")") && Expect(")");
    }
    if (Take("[")) return Items("]") && Expect("]");
    if (Take("{")) return Braces();
    return Fail();
  }

  // Items of a display up to `close`, or a comprehension.
  bool Items(std::string_view close) {
    bool first = true;
    while (!Is(close)) {
      if (!StarExpression()) return false;
      if (first && (Is("for") || Is("async"))) return Comprehension();
      first = false;
      if (!Take(",")) break;
    }
    return Is(close) || Fail();
  }

  bool Braces() {
    if (Take("}")) return true;
    bool dict = Is("**");
    bool first = true;
    while (!Is("}")) {
      if (Take("**")) {
        if (!BitwiseOr()) return false;
      } else {
        if (!StarExpression()) return false;
        if (first && Is(":")) dict = true;
        if (dict) {
          if (!Is(":")) {
            return FailAt(tokens_[at_ - 1].end - 1, tokens_[at_ - 1].end,
                          "':' expected after dictionary key");
          }
          size_t colon = at_;
          Advance();
          if (Is("}") || Is(",")) {
            return FailAt(tokens_[colon].begin, tokens_[colon].end,
                          "expression expected after dictionary key and ':'");
          }
          if (!Expression()) return false;
        }
        if (first && (Is("for") || Is("async"))) return Comprehension() && Expect("}");
      }
      first = false;
      if (!Take(",")) break;
    }
    return Expect("}");
  }

  bool Comprehension() {
    while (Is("for") || Is("async")) {
      Take("async");
      if (!Expect("for") || !Targets() || !Expect("in") || !Disjunction()) return false;
      while (Take("if")) {
        if (!Disjunction()) return false;
      }
    }
    return true;
  }

  bool ArgumentList() {
    while (!Is(")")) {
      if (Take("*") || Take("**")) {
        if (!Expression()) return false;
      } else if (Is(TK::kName) && Ahead(1).kind == TK::kOperator && Ahead(1).text == "=") {
        Advance();
        Advance();
        if (!Expression()) return false;
      } else {
        if (!NamedExpression()) return false;
        if (Is("for") || Is("async")) {
          if (!Comprehension()) return false;
        }
      }
      if (!Take(",")) break;
    }
    return Is(")") || Fail();
  }

  bool Slices() {
    if (Is("]")) return Fail();
    do {
      if (Is("]")) break;
      if (Take("*")) {
        if (!BitwiseOr()) return false;
        continue;
      }
      if (!Is(":") && !NamedExpression()) return false;
      for (int i = 0; i < 2 && Take(":"); ++i) {
        if (!Is(":") && !Is("]") && !Is(",") && !Expression()) return false;
      }
    } while (Take(","));
    return true;
  }

  const std::vector<Token>& tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  // The expression that was recognized last, as token numbers.
  size_t expression_start_ = 0;
  size_t expression_end_ = 0;
  size_t operand_start_ = 0;  // without comparisons
  size_t operand_end_ = 0;
  int nested_ = 0;
  // The primary that was recognized last and may be annotated.
  size_t target_start_ = 0;
  size_t target_end_ = 0;
  // Functions and loops around the statement.
  int functions_ = 0;
  int loops_ = 0;
};

}  // namespace

std::optional<SyntaxProblem> FindSyntaxProblem(const Tokens& tokens) {
  Recognizer recognizer(tokens.list);
  const bool recognized = recognizer.Run();
  if (tokens.problem) {
    // Python asks for tokens one by one: what stands before is read first, but an error there gives
    // way to the tokenizer's, which looks through the rest of the file. Only a wrong indentation is
    // reported at once.
    if (!recognized && recognizer.at_indentation()) return recognizer.problem;
    return tokens.problem;
  }
  if (recognized) return recognizer.misplaced;
  if (!tokens.open.empty()) {
    const Tokens::Bracket& open = tokens.open.back();
    const Token& reached = tokens.list[std::min(recognizer.reached, tokens.list.size() - 1)];
    if (reached.kind == TK::kEnd || reached.line > open.line) {
      return SyntaxProblem{open.at, open.at + 1,
                           "'" + std::string(1, open.open) + "' was never closed"};
    }
  }
  return recognizer.problem;
}

}  // namespace wcheck::python
