// Statements.
#include "python/parser_impl.h"

namespace wcheck::python {

bool Parser::Statement() {
  const bool ok = GoDeeper() && StatementInner();
  --depth_;
  return ok;
}

bool Parser::StatementInner() {
  const uint32_t begin = Now().begin;
  switch (Now().kind) {
    case Tok::kIf:
      return If();
    case Tok::kWhile:
      return While();
    case Tok::kFor:
      return For(begin, false);
    case Tok::kTry:
      return Try();
    case Tok::kWith:
      return With(begin, false);
    case Tok::kDef:
      return Def(begin, false);
    case Tok::kClass:
      return Class();
    case Tok::kAt:
      return Decorated();
    case Tok::kAsync:
      Advance();
      if (Is(Tok::kDef)) return Def(begin, true);
      if (Is(Tok::kFor)) return For(begin, true);
      if (Is(Tok::kWith)) return With(begin, true);
      return Fail();
    case Tok::kName:
      return IsWord("match") && BeginsMatch() ? Match() : SimpleStatements();
    default:
      return SimpleStatements();
  }
}

// --- simple statements -----------------------------------------------------------------------

bool Parser::SimpleStatements() {
  while (true) {
    if (!SimpleStatement()) return false;
    if (Take(Tok::kNewline)) return true;
    if (!Expect(Tok::kSemicolon)) return false;
    if (!Is(Tok::kNewline)) continue;
    line_end_ = Last().end;
    Advance();
    return true;
  }
}

bool Parser::SimpleStatement() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  switch (Now().kind) {
    case Tok::kPass:
      Push(Leaf(Kind::kPassStatement));
      return true;
    case Tok::kBreak:
      if (loops_ == 0) Misplaced("'break' outside loop");
      Push(Leaf(Kind::kBreakStatement));
      return true;
    case Tok::kContinue:
      if (loops_ == 0) Misplaced("'continue' not properly in loop");
      Push(Leaf(Kind::kContinueStatement));
      return true;
    case Tok::kReturn:
      if (functions_ == 0) Misplaced("'return' outside function");
      Advance();
      if (!AtEnd() && !PushIf(StarExpressions())) return false;
      Push(FinishHere(Kind::kReturnStatement, begin, mark));
      return true;
    case Tok::kRaise:
      Advance();
      if (!AtEnd()) {
        if (!PushIf(Expression())) return false;
        if (Take(Tok::kFrom) && !PushIf(Expression(), Field::kCause)) return false;
      }
      Push(FinishHere(Kind::kRaiseStatement, begin, mark));
      return true;
    case Tok::kGlobal:
    case Tok::kNonlocal: {
      const Kind kind = Is(Tok::kGlobal) ? Kind::kGlobalStatement : Kind::kNonlocalStatement;
      do {
        Advance();
        if (!Is(Tok::kName)) return Fail();
        Push(Leaf(Kind::kIdentifier));
      } while (Is(Tok::kComma));
      Push(FinishHere(kind, begin, mark));
      return true;
    }
    case Tok::kDel:
      return Delete();
    case Tok::kAssert:
      Advance();
      if (!PushIf(Expression()) || (Take(Tok::kComma) && !PushIf(Expression()))) return false;
      Push(FinishHere(Kind::kAssertStatement, begin, mark));
      return true;
    case Tok::kImport:
      return PushIf(Import());
    case Tok::kFrom:
      return PushIf(ImportFrom());
    default:
      return ExpressionStatement();
  }
}

bool Parser::Delete() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  do {
    if (stack_.size() > mark && AtEnd()) break;
    Node* target = BitwiseOr();
    if (target == nullptr) return false;
    Push(target);
    if ((AtEnd() || Is(Tok::kComma)) && !CheckTarget(*target, TargetOf::kDelete, "delete")) {
      return false;
    }
  } while (Take(Tok::kComma));
  Push(FinishHere(Kind::kDeleteStatement, begin, mark));
  return true;
}

bool Parser::ExpressionStatement() {
  const size_t mark = stack_.size();
  const size_t start = at_;
  Node* first = StarExpressionsOrYield();
  if (first == nullptr) return false;
  if (Is(Tok::kColon)) return Annotation(start, mark, first);
  if (Now().kind >= Tok::kPlusAssign && Now().kind <= Tok::kDoubleStarAssign) {
    const auto op = static_cast<Op>(static_cast<int>(Op::kAdd) + static_cast<int>(Now().kind) -
                                    static_cast<int>(Tok::kPlusAssign));
    const Kind kind =
        first->kind == Kind::kParenthesizedExpression ? first->children[0]->kind : first->kind;
    if (kind != Kind::kIdentifier && kind != Kind::kAttribute && kind != Kind::kSubscript) {
      if (FailAt(*first, "'" + std::string(ExpressionName(*first)) +
                             "' is an illegal expression for augmented assignment") ||
          !recovering_) {
        return false;
      }
    }
    Push(first, Field::kLeft);
    Advance();
    if (!PushIf(Value(at_, stack_.size()), Field::kRight)) return false;
    Node* node = FinishHere(Kind::kAugmentedAssignment, first->begin, mark);
    node->op = op;
    Push(node);
    return true;
  }
  if (!Is(Tok::kAssign)) {
    Push(first);
    Push(FinishHere(Kind::kExpressionStatement, first->begin, mark));
    return true;
  }
  Node* last = first;
  while (Is(Tok::kAssign)) {
    if (!CheckTarget(*last, TargetOf::kAssignment, "assign to") && !recovering_) return false;
    Push(last, Field::kLeft);
    Advance();
    last = Value(at_, stack_.size());
    if (last == nullptr) return false;
  }
  Push(last, Field::kRight);
  Push(FinishHere(Kind::kAssignment, first->begin, mark));
  return true;
}

// What is assigned, from token `start`.
Node* Parser::Value(size_t start, size_t mark) {
  Node* value = StarExpressionsOrYield();
  if (value == nullptr) return RecoverLine(start, mark);
  if (recovering_ && !AtEnd() && !Is(Tok::kAssign)) {
    Push(value);
    return RecoverLine(start, mark);
  }
  return value;
}

// `: type`, and perhaps `= value`, behind a target that began at token `start`.
bool Parser::Annotation(size_t start, size_t mark, Node* target) {
  const size_t end = at_;
  const bool valid = target_start_ == start && target_end_ == end;
  Push(target, Field::kLeft);
  const size_t colon = at_;
  Advance();
  Node* type = Expression();
  if (type == nullptr && !valid) {
    // The colon has no place here, whatever follows it.
    at_ = colon;
    if (problem) problem.reset();
    return Fail();
  }
  if (!PushIf(type, Field::kType)) return false;
  if (!valid) {
    const bool several = target->kind == Kind::kTuple || target->kind == Kind::kList;
    return FailAt(*target, several ? "only single target (not " +
                                         std::string(ExpressionName(*target)) + ") can be annotated"
                                   : "illegal target for annotation");
  }
  if (Take(Tok::kAssign) && !PushIf(Value(at_, stack_.size()), Field::kRight)) return false;
  Push(FinishHere(Kind::kAnnotatedAssignment, target->begin, mark));
  return true;
}

// --- imports ---------------------------------------------------------------------------------

Node* Parser::DottedName() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  do {
    if (!Is(Tok::kName)) {
      Fail();
      return nullptr;
    }
    Push(Leaf(Kind::kIdentifier));
  } while (Take(Tok::kDot));
  return FinishHere(Kind::kDottedName, begin, mark);
}

// `name`, or `name as alias`.
Node* Parser::Aliased(Node* name) {
  if (name == nullptr || !Take(Tok::kAs)) return name;
  if (!Is(Tok::kName)) {
    Fail();
    return nullptr;
  }
  return Pair(Kind::kAliasedImport, name, Field::kName, Leaf(Kind::kIdentifier), Field::kAlias);
}

Node* Parser::Import() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  do {
    Advance();
    if (!PushIf(Aliased(DottedName()), Field::kName)) return nullptr;
  } while (Is(Tok::kComma));
  return FinishHere(Kind::kImportStatement, begin, mark);
}

Node* Parser::ImportFrom() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  const uint32_t module_begin = Now().begin;
  bool dots = false;
  while (Take(Tok::kDot) || Take(Tok::kEllipsis)) dots = true;
  if (!(dots && Is(Tok::kImport)) && !PushIf(DottedName())) return nullptr;
  if (dots) {
    Push(FinishHere(Kind::kRelativeImport, module_begin, mark), Field::kModuleName);
  } else {
    stack_.back()->field = Field::kModuleName;
  }
  if (!Expect(Tok::kImport)) return nullptr;
  if (Is(Tok::kStar)) {
    Push(Leaf(Kind::kWildcardImport));
    return FinishHere(Kind::kImportFromStatement, begin, mark);
  }
  const bool brackets = Take(Tok::kOpenParen);
  while (true) {
    if (!Is(Tok::kName)) {
      if (!brackets && Last().kind == Tok::kComma && Is(Tok::kNewline)) {
        Fail("trailing comma not allowed without surrounding parentheses");
      }
      Fail();
      return nullptr;
    }
    if (!PushIf(Aliased(Leaf(Kind::kIdentifier)), Field::kName)) return nullptr;
    if (!Take(Tok::kComma)) break;
    if (brackets && Is(Tok::kCloseParen)) break;
  }
  if (brackets && !Close(Tok::kCloseParen)) return nullptr;
  return FinishHere(Kind::kImportFromStatement, begin, mark);
}

// --- compound statements ---------------------------------------------------------------------

// Pushes the node of a compound statement, which ends where its last part does.
bool Parser::PushCompound(Kind kind, uint32_t begin, size_t mark, bool async) {
  Node* node = Finish(kind, begin, stack_.back()->end, mark);
  if (async) node->flags |= Node::kAsync;
  Push(node);
  return true;
}

// `: NEWLINE INDENT statements DEDENT`, or simple statements on the line.
Node* Parser::Block(std::string_view after, uint32_t line) {
  const size_t mark = stack_.size();
  if (!Take(Tok::kColon)) {
    // if x = 1:, if x not y:
    if ((Is(Tok::kAssign) || Is(Tok::kNot)) && operand_end_ == at_) {
      ++nested_;
      Fail();
      --nested_;
    } else {
      Fail("expected ':'");
    }
    return nullptr;
  }
  uint32_t begin = Now().begin;
  if (!Take(Tok::kNewline)) {
    if (!SimpleStatements()) return nullptr;
    return Finish(Kind::kBlock, begin, std::max(stack_.back()->end, line_end_), mark);
  }
  if (!Is(Tok::kIndent)) {
    Fail("expected an indented block after " + std::string(after) + " on line " +
         std::to_string(line));
    if (!recovering_) return nullptr;
    begin = Last().begin;
    Push(Error(begin, begin, mark));
    return Finish(Kind::kBlock, begin, begin, mark);
  }
  Advance();
  begin = Now().begin;
  while (!Is(Tok::kDedent) && !Is(Tok::kEnd)) {
    const size_t statement = at_;
    const size_t statement_mark = stack_.size();
    if (!Statement() && !RecoverStatement(statement, statement_mark)) return nullptr;
  }
  Take(Tok::kDedent);
  return Finish(Kind::kBlock, begin, std::max(stack_.back()->end, line_end_), mark);
}

// A keyword, its condition and its block.
bool Parser::Condition(std::string_view keyword) {
  const uint32_t line = Now().line;
  Advance();
  return PushIf(NamedExpression(), Field::kCondition) &&
         PushIf(Block("'" + std::string(keyword) + "' statement", line),
                keyword == "while" ? Field::kBody : Field::kConsequence);
}

// `else`, or nothing.
bool Parser::Otherwise(Field field) {
  if (!Is(Tok::kElse)) return true;
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  const uint32_t line = Now().line;
  Advance();
  if (!PushIf(Block("'else' statement", line), Field::kBody)) return false;
  PushCompound(Kind::kElseClause, begin, mark);
  stack_.back()->field = field;
  return true;
}

bool Parser::If() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  if (!Condition("if")) return false;
  while (Is(Tok::kElif)) {
    const size_t clause = stack_.size();
    const uint32_t clause_begin = Now().begin;
    if (!Condition("elif")) return false;
    PushCompound(Kind::kElifClause, clause_begin, clause);
    stack_.back()->field = Field::kAlternative;
  }
  return Otherwise(Field::kAlternative) && PushCompound(Kind::kIfStatement, begin, mark);
}

bool Parser::While() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  return Within(functions_, loops_ + 1, [&] { return Condition("while"); }) &&
         Otherwise(Field::kAlternative) && PushCompound(Kind::kWhileStatement, begin, mark);
}

bool Parser::For(uint32_t begin, bool async) {
  const size_t mark = stack_.size();
  const uint32_t line = Now().line;
  Advance();
  Node* targets = Targets();
  if (!PushIf(targets, Field::kLeft)) return false;
  if (Is(Tok::kIn) && !CheckTarget(*targets, TargetOf::kFor, "assign to")) return false;
  return Expect(Tok::kIn) && PushIf(StarExpressions(), Field::kRight) &&
         Within(functions_, loops_ + 1,
                [&] { return PushIf(Block("'for' statement", line), Field::kBody); }) &&
         Otherwise(Field::kAlternative) && PushCompound(Kind::kForStatement, begin, mark, async);
}

bool Parser::Try() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  uint32_t line = Now().line;
  Advance();
  if (!PushIf(Block("'try' statement", line), Field::kBody)) return false;
  bool handled = false;
  while (Is(Tok::kExcept)) {
    handled = true;
    const size_t clause = stack_.size();
    const uint32_t clause_begin = Now().begin;
    line = Now().line;
    Advance();
    const bool star = Take(Tok::kStar);
    if (star && Is(Tok::kColon)) return Fail("expected one or more exception types");
    if (!Is(Tok::kColon)) {
      if (!PushIf(Expression(), Field::kValue)) return false;
      if (Take(Tok::kAs)) {
        if (!Is(Tok::kName)) return Fail();
        Push(Leaf(Kind::kIdentifier), Field::kAlias);
      } else if (Is(Tok::kComma)) {
        return FailAt(*stack_.back(), "multiple exception types must be parenthesized");
      }
    }
    if (!PushIf(Block(star ? "'except*' statement" : "'except' statement", line), Field::kBody)) {
      return false;
    }
    PushCompound(Kind::kExceptClause, clause_begin, clause);
    if (star) stack_.back()->flags |= Node::kStar;
  }
  if (handled && !Otherwise(Field::kNone)) return false;
  const uint32_t last_begin = Now().begin;
  line = Now().line;
  if (Take(Tok::kFinally)) {
    const size_t clause = stack_.size();
    if (!PushIf(Block("'finally' statement", line), Field::kBody)) return false;
    PushCompound(Kind::kFinallyClause, last_begin, clause);
  } else if (!handled) {
    Fail("expected 'except' or 'finally' block");
    if (!recovering_) return false;
    const uint32_t end = stack_.back()->end;
    Push(Error(end, end, stack_.size()));
  }
  return PushCompound(Kind::kTryStatement, begin, mark);
}

bool Parser::WithItem() {
  const size_t mark = stack_.size();
  Node* value = Expression();
  if (value == nullptr) return false;
  Push(value, Field::kValue);
  if (Take(Tok::kAs)) {
    Node* target = Primary();
    if (!PushIf(target, Field::kAlias)) return false;
    const bool ends = Is(Tok::kComma) || Is(Tok::kColon) || Is(Tok::kCloseParen);
    if (ends && !CheckTarget(*target, TargetOf::kAssignment, "assign to")) return false;
  }
  Push(FinishHere(Kind::kWithItem, value->begin, mark));
  return true;
}

bool Parser::With(uint32_t begin, bool async) {
  const size_t mark = stack_.size();
  const uint32_t line = Now().line;
  Advance();
  // with (a as b, c): the form in brackets first.
  const bool in_brackets =
      Is(Tok::kOpenParen) && Speculate([&] {
        Advance();
        do {
          if (Is(Tok::kCloseParen)) break;
          if (!WithItem()) return false;
        } while (Take(Tok::kComma));
        return stack_.size() > mark && Take(Tok::kCloseParen) && Is(Tok::kColon);
      });
  if (!in_brackets) {
    do {
      if (!WithItem()) return false;
    } while (Take(Tok::kComma));
  }
  return PushIf(Block("'with' statement", line), Field::kBody) &&
         PushCompound(Kind::kWithStatement, begin, mark, async);
}

bool Parser::Def(uint32_t begin, bool async) {
  const size_t mark = stack_.size();
  const uint32_t line = Now().line;
  Advance();
  if (!Is(Tok::kName)) return Fail();
  Push(Leaf(Kind::kIdentifier), Field::kName);
  const size_t parameters = stack_.size();
  const uint32_t parameters_begin = Now().begin;
  if (!(Take(Tok::kOpenParen) || Fail("expected '('"))) return false;
  if (!Parameters(Tok::kCloseParen, true) || !Close(Tok::kCloseParen)) return false;
  Push(FinishHere(Kind::kParameters, parameters_begin, parameters), Field::kParameters);
  if (Take(Tok::kArrow) && !PushIf(Expression(), Field::kReturnType)) return false;
  return Within(functions_ + 1, 0,
                [&] { return PushIf(Block("function definition", line), Field::kBody); }) &&
         PushCompound(Kind::kFunctionDefinition, begin, mark, async);
}

bool Parser::Parameters(Tok close, bool annotations) {
  while (!Is(close)) {
    const size_t mark = stack_.size();
    const uint32_t begin = Now().begin;
    if (Is(Tok::kSlash)) {
      Push(Leaf(Kind::kPositionalSeparator));
    } else {
      const bool star = Take(Tok::kStar);
      const bool double_star = !star && Take(Tok::kDoubleStar);
      if (star && Is(Tok::kComma)) {
        Push(New(Kind::kKeywordSeparator, begin, Last().end));
      } else {
        if (!Is(Tok::kName)) return Fail();
        Push(Leaf(Kind::kIdentifier), Field::kName);
        if (annotations && Take(Tok::kColon) &&
            !PushIf(star ? StarExpression(false) : Expression(), Field::kType)) {
          return false;
        }
        if (!star && !double_star && Take(Tok::kAssign) && !PushIf(Expression(), Field::kValue)) {
          return false;
        }
        Push(FinishHere(star          ? Kind::kStarParameter
                        : double_star ? Kind::kDoubleStarParameter
                                      : Kind::kParameter,
                        begin, mark));
      }
    }
    if (!Take(Tok::kComma)) break;
  }
  return true;
}

bool Parser::Class() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  const uint32_t line = Now().line;
  Advance();
  if (!Is(Tok::kName)) return Fail();
  Push(Leaf(Kind::kIdentifier), Field::kName);
  if (Is(Tok::kOpenParen)) {
    const size_t list = stack_.size();
    const uint32_t list_begin = Now().begin;
    Advance();
    while (!Is(Tok::kCloseParen)) {
      if (!Argument()) return false;
      if (!Take(Tok::kComma)) break;
    }
    if (!Close(Tok::kCloseParen)) return false;
    Push(FinishHere(Kind::kArgumentList, list_begin, list), Field::kArguments);
  }
  return Within(0, 0, [&] { return PushIf(Block("class definition", line), Field::kBody); }) &&
         PushCompound(Kind::kClassDefinition, begin, mark);
}

bool Parser::Decorated() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  while (Is(Tok::kAt)) {
    const uint32_t at = Now().begin;
    Advance();
    Node* expression = NamedExpression();
    if (expression == nullptr || !(Is(Tok::kNewline) || Fail())) return false;
    Push(Unary(Kind::kDecorator, at, expression, Field::kNone));
    Advance();
  }
  if (!Is(Tok::kDef) && !Is(Tok::kClass) && !Is(Tok::kAsync)) {
    Fail();
    if (!recovering_) return false;
    Push(Error(begin, stack_.back()->end, mark));
    return true;
  }
  if (Is(Tok::kAsync) && Ahead(1).kind != Tok::kDef) {
    Advance();
    return Fail();
  }
  if (!Statement()) return false;
  stack_.back()->field = Field::kDefinition;
  return PushCompound(Kind::kDecoratedDefinition, begin, mark);
}

}  // namespace wcheck::python
