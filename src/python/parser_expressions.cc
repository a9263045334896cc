// Expressions, from those that bind least to atoms.
#include "python/parser_impl.h"

namespace wcheck::python {

Node* Parser::StarExpressionsOrYield() { return Is(Tok::kYield) ? Yield() : StarExpressions(); }

Node* Parser::Yield() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  if (functions_ == 0) Misplaced("'yield' outside function");
  Advance();
  const bool from = Take(Tok::kFrom);
  if (from) {
    if (!PushIf(Expression())) return nullptr;
  } else if (!AtEnd() && !Is(Tok::kCloseParen) && !Is(Tok::kAssign)) {
    if (!PushIf(StarExpressions())) return nullptr;
  }
  Node* node = FinishHere(Kind::kYield, begin, mark);
  if (from) node->flags |= Node::kFrom;
  return node;
}

// One expression, or several as a tuple.
Node* Parser::StarExpressions(bool named) {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Node* first = StarExpression(named);
  if (first == nullptr) return nullptr;
  if (!Is(Tok::kComma)) {
    if (first->kind == Kind::kListSplat) {
      Misplaced(first->begin, first->end, "can't use starred expression here");
    }
    return first;
  }
  Push(first);
  while (Take(Tok::kComma)) {
    if (!StartsExpression() && !Is(Tok::kStar)) break;
    if (!PushIf(StarExpression(named))) return nullptr;
  }
  return FinishHere(Kind::kTuple, begin, mark);
}

Node* Parser::StarExpression(bool named) {
  if (Is(Tok::kStar)) {
    const uint32_t begin = Now().begin;
    Advance();
    Node* inner = BitwiseOr();
    return inner == nullptr ? nullptr : Unary(Kind::kListSplat, begin, inner, Field::kNone);
  }
  if (named) return NamedExpression();
  ++nested_;
  Node* expression = Expression();
  --nested_;
  return expression;
}

Node* Parser::NamedExpression() {
  ++nested_;
  Node* node = nullptr;
  if (Is(Tok::kName) && Ahead(1).kind == Tok::kWalrus) {
    Node* name = Leaf(Kind::kIdentifier);
    Advance();
    Node* value = Expression();
    if (value != nullptr) {
      node = Pair(Kind::kNamedExpression, name, Field::kName, value, Field::kValue);
    }
  } else {
    node = Expression();
  }
  --nested_;
  return node;
}

Node* Parser::Expression() {
  Node* node = GoDeeper() ? ExpressionInner() : nullptr;
  --depth_;
  return node;
}

Node* Parser::ExpressionInner() {
  if (Is(Tok::kLambda)) return Lambda();
  const size_t start = at_;
  Node* value = Disjunction();
  if (value == nullptr) return nullptr;
  expression_start_ = start;
  expression_end_ = at_;
  if (!Is(Tok::kIf)) return value;
  Advance();
  Node* condition = Disjunction();
  if (condition == nullptr) return nullptr;
  if (!Is(Tok::kElse)) {
    if (Is(Tok::kColon)) {
      Fail();
    } else {
      FailAt(tokens_[start].begin, Now().end, "expected 'else' after 'if' expression");
    }
    return nullptr;
  }
  Advance();
  Node* otherwise = Expression();
  if (otherwise == nullptr) return nullptr;
  const size_t mark = stack_.size();
  Push(value, Field::kConsequence);
  Push(condition, Field::kCondition);
  Push(otherwise, Field::kAlternative);
  return Finish(Kind::kConditionalExpression, value->begin, otherwise->end, mark);
}

Node* Parser::Lambda() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  if (!Is(Tok::kColon)) {
    const uint32_t parameters = Now().begin;
    if (!Parameters(Tok::kColon, false)) return nullptr;
    Push(FinishHere(Kind::kParameters, parameters, mark), Field::kParameters);
  }
  if (!Expect(Tok::kColon)) return nullptr;
  // A `yield` in it is the lambda's own.
  bool ok = false;
  Within(functions_ + 1, loops_, [&] { return ok = PushIf(Expression(), Field::kBody); });
  return ok ? FinishHere(Kind::kLambda, begin, mark) : nullptr;
}

Node* Parser::Disjunction() {
  Node* first = Conjunction();
  if (first == nullptr || !Is(Tok::kOr)) return first;
  const size_t mark = stack_.size();
  Push(first);
  while (Take(Tok::kOr)) {
    if (!PushIf(Conjunction())) return nullptr;
  }
  Node* node = FinishHere(Kind::kBooleanOperator, first->begin, mark);
  node->op = Op::kOr;
  return node;
}

Node* Parser::Conjunction() {
  Node* first = Inversion();
  if (first == nullptr || !Is(Tok::kAnd)) return first;
  const size_t mark = stack_.size();
  Push(first);
  while (Take(Tok::kAnd)) {
    if (!PushIf(Inversion())) return nullptr;
  }
  Node* node = FinishHere(Kind::kBooleanOperator, first->begin, mark);
  node->op = Op::kAnd;
  return node;
}

Node* Parser::Inversion() {
  if (!Is(Tok::kNot)) return Comparison();
  const size_t first = at_;
  while (Take(Tok::kNot)) {
  }
  const size_t end = at_;
  Node* node = Comparison();
  for (size_t i = end; node != nullptr && i > first; --i) {
    node = Unary(Kind::kNotOperator, tokens_[i - 1].begin, node, Field::kArgument);
  }
  return node;
}

// The comparison that stands here, with its node; kNone if there is none.
Op Parser::TakeComparison(Node** at) {
  const uint32_t begin = Now().begin;
  Op op = Op::kNone;
  if (Now().kind >= Tok::kLess && Now().kind <= Tok::kNotEqual) {
    op = static_cast<Op>(static_cast<int>(Op::kLess) + static_cast<int>(Now().kind) -
                         static_cast<int>(Tok::kLess));
    Advance();
  } else if (Is(Tok::kNot) && Ahead(1).kind == Tok::kIn) {
    op = Op::kNotIn;
    Advance();
    Advance();
  } else if (Take(Tok::kIn)) {
    op = Op::kIn;
  } else if (Take(Tok::kIs)) {
    op = Take(Tok::kNot) ? Op::kIsNot : Op::kIs;
  } else {
    return Op::kNone;
  }
  *at = New(Kind::kOperator, begin, Last().end);
  (*at)->op = op;
  return op;
}

Node* Parser::Comparison() {
  Node* first = BitwiseOr();
  if (first == nullptr) return nullptr;
  const size_t mark = stack_.size();
  Node* op = nullptr;
  while (TakeComparison(&op) != Op::kNone) {
    if (stack_.size() == mark) Push(first);
    Push(op);
    if (!PushIf(BitwiseOr())) return nullptr;
  }
  if (stack_.size() == mark) return first;
  return FinishHere(Kind::kComparisonOperator, first->begin, mark);
}

Node* Parser::BitwiseOr() {
  const size_t start = at_;
  Node* node = Binary(1);
  if (node == nullptr) return nullptr;
  operand_start_ = start;
  operand_end_ = at_;
  return node;
}

namespace {

// How close a binary operator binds; 0 if the token is none (or `**`, which Factor takes).
int PrecedenceOf(Tok kind) {
  switch (kind) {
    case Tok::kBar:
      return 1;
    case Tok::kCaret:
      return 2;
    case Tok::kAmpersand:
      return 3;
    case Tok::kShiftLeft:
    case Tok::kShiftRight:
      return 4;
    case Tok::kPlus:
    case Tok::kMinus:
      return 5;
    case Tok::kStar:
    case Tok::kSlash:
    case Tok::kDoubleSlash:
    case Tok::kPercent:
    case Tok::kAt:
      return 6;
    default:
      return 0;
  }
}

Op BinaryOpOf(Tok kind) {
  return static_cast<Op>(static_cast<int>(Op::kAdd) + static_cast<int>(kind) -
                         static_cast<int>(Tok::kPlus));
}

}  // namespace

// Operators that bind at least as close as `least`.
Node* Parser::Binary(int least) {
  Node* left = Factor();
  while (left != nullptr) {
    const Tok kind = Now().kind;
    const int precedence = PrecedenceOf(kind);
    if (precedence < least || precedence == 0) return left;
    Advance();
    Node* right = Binary(precedence + 1);
    if (right == nullptr) return nullptr;
    left = Pair(Kind::kBinaryOperator, left, Field::kLeft, right, Field::kRight);
    left->op = BinaryOpOf(kind);
  }
  return left;
}

// Signs and powers: `-a ** -b ** c` is -(a ** (-(b ** c))). Read from the left, built from the
// right.
Node* Parser::Factor() {
  if (!Is(Tok::kMinus) && !Is(Tok::kPlus) && !Is(Tok::kTilde)) {
    Node* primary = AwaitPrimary();
    if (primary == nullptr || !Is(Tok::kDoubleStar)) return primary;
    Advance();
    Node* exponent = nullptr;
    if (GoDeeper()) exponent = Factor();
    --depth_;
    if (exponent == nullptr) return nullptr;
    Node* power = Pair(Kind::kBinaryOperator, primary, Field::kLeft, exponent, Field::kRight);
    power->op = Op::kPower;
    return power;
  }
  const size_t first = at_;
  while (Is(Tok::kMinus) || Is(Tok::kPlus) || Is(Tok::kTilde)) Advance();
  const size_t end = at_;
  Node* node = Factor();
  for (size_t i = end; node != nullptr && i > first; --i) {
    node = Unary(Kind::kUnaryOperator, tokens_[i - 1].begin, node, Field::kArgument);
    node->op = BinaryOpOf(tokens_[i - 1].kind);
  }
  return node;
}

Node* Parser::AwaitPrimary() {
  if (!Is(Tok::kAwait)) return Primary();
  const uint32_t begin = Now().begin;
  if (functions_ == 0) Misplaced("'await' outside function");
  Advance();
  Node* inner = Primary();
  return inner == nullptr ? nullptr : Unary(Kind::kAwait, begin, inner, Field::kNone);
}

Node* Parser::Primary() {
  const size_t start = at_;
  // What may be annotated: a name, an attribute or an item, in brackets or not.
  bool target = Is(Tok::kName) || Is(Tok::kOpenParen);
  Node* node = Atom();
  if (target && node != nullptr) {
    const Node* inner = node;
    while (inner->kind == Kind::kParenthesizedExpression) inner = inner->children[0];
    target = inner->kind == Kind::kIdentifier || inner->kind == Kind::kAttribute ||
             inner->kind == Kind::kSubscript;
  }
  while (node != nullptr) {
    switch (Now().kind) {
      case Tok::kDot:
        Advance();
        if (!Is(Tok::kName)) {
          Fail();
          return nullptr;
        }
        node = Pair(Kind::kAttribute, node, Field::kObject, Leaf(Kind::kIdentifier),
                    Field::kAttribute);
        target = true;
        break;
      case Tok::kOpenParen:
        node = Call(node);
        target = false;
        break;
      case Tok::kOpenBracket:
        node = SubscriptOf(node);
        target = true;
        break;
      default:
        if (target) {
          target_start_ = start;
          target_end_ = at_;
        }
        return node;
    }
  }
  return nullptr;
}

Node* Parser::Call(Node* function) {
  const size_t mark = stack_.size();
  Push(function, Field::kFunction);
  const size_t list = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  const int level = Last().level;
  while (!Is(Tok::kCloseParen)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    if (!EndItem(Argument(), Tok::kCloseParen, start, item, level)) return nullptr;
    if (!Take(Tok::kComma)) break;
  }
  if (!Close(Tok::kCloseParen)) return nullptr;
  Node* only = stack_.size() == list + 1 ? stack_.back() : nullptr;
  // f(x for x in y): the call's brackets are the generator's, unless it has its own.
  if (only != nullptr && only->kind == Kind::kGeneratorExpression &&
      only->begin == only->children[0]->begin) {
    only->begin = begin;
    only->end = Last().end;
    only->field = Field::kArguments;
  } else {
    Push(FinishHere(Kind::kArgumentList, begin, list), Field::kArguments);
  }
  return FinishHere(Kind::kCall, function->begin, mark);
}

bool Parser::Argument() {
  const uint32_t begin = Now().begin;
  if (Is(Tok::kStar) || Is(Tok::kDoubleStar)) {
    const Kind kind = Is(Tok::kStar) ? Kind::kListSplat : Kind::kDictionarySplat;
    Advance();
    Node* inner = Expression();
    return inner != nullptr && PushIf(Unary(kind, begin, inner, Field::kNone));
  }
  if (Is(Tok::kName) && Ahead(1).kind == Tok::kAssign) {
    Node* name = Leaf(Kind::kIdentifier);
    Advance();
    Node* value = Expression();
    return value != nullptr &&
           PushIf(Pair(Kind::kKeywordArgument, name, Field::kName, value, Field::kValue));
  }
  const size_t mark = stack_.size();
  if (!PushIf(NamedExpression())) return false;
  if (Is(Tok::kAssign)) {
    const Node& value = *stack_.back();
    const bool constant =
        value.kind == Kind::kTrue || value.kind == Kind::kFalse || value.kind == Kind::kNone;
    return FailAt(value, constant
                             ? "cannot assign to " + std::string(ExpressionName(value))
                             : "expression cannot contain assignment, perhaps you meant \"==\"?");
  }
  if (!Is(Tok::kFor) && !Is(Tok::kAsync)) return true;
  stack_.back()->field = Field::kBody;
  if (!Clauses()) return false;
  Push(FinishHere(Kind::kGeneratorExpression, begin, mark));
  return true;
}

Node* Parser::SubscriptOf(Node* value) {
  const size_t mark = stack_.size();
  Push(value, Field::kValue);
  Advance();
  const size_t items = stack_.size();
  const uint32_t begin = Now().begin;
  const int level = Last().level;
  if (Is(Tok::kCloseBracket)) {
    Fail();
    if (!recovering_) return nullptr;
    Push(Error(begin, begin, items));
  }
  bool comma = false;
  while (!Is(Tok::kCloseBracket)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    if (!EndItem(PushIf(Slice()), Tok::kCloseBracket, start, item, level)) return nullptr;
    if (!Take(Tok::kComma)) break;
    comma = true;
  }
  // Without an item, the bracket before may lie lines before the place of the missing one.
  const uint32_t end = std::max(begin, Last().end);
  if (!Close(Tok::kCloseBracket)) return nullptr;
  if (comma || stack_.size() != items + 1 || stack_.back()->kind == Kind::kListSplat) {
    Push(Finish(Kind::kTuple, begin, end, items));
  }
  stack_.back()->field = Field::kSubscript;
  return FinishHere(Kind::kSubscript, value->begin, mark);
}

Node* Parser::Slice() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  if (Is(Tok::kStar)) return StarExpression(true);
  if (!Is(Tok::kColon)) {
    Node* lower = NamedExpression();
    if (lower == nullptr || !Is(Tok::kColon)) return lower;
    Push(lower, Field::kLower);
  }
  for (const Field field : {Field::kUpper, Field::kStep}) {
    if (!Take(Tok::kColon)) break;
    const bool empty = Is(Tok::kColon) || Is(Tok::kCloseBracket) || Is(Tok::kComma);
    if (!empty && !PushIf(Expression(), field)) return nullptr;
  }
  return FinishHere(Kind::kSlice, begin, mark);
}

// --- atoms -----------------------------------------------------------------------------------

Node* Parser::Atom() {
  switch (Now().kind) {
    case Tok::kName:
      return Leaf(Kind::kIdentifier);
    case Tok::kNumber:
      return Number();
    case Tok::kString:
      return Strings();
    case Tok::kNone:
      return Leaf(Kind::kNone);
    case Tok::kTrue:
      return Leaf(Kind::kTrue);
    case Tok::kFalse:
      return Leaf(Kind::kFalse);
    case Tok::kEllipsis:
      return Leaf(Kind::kEllipsis);
    case Tok::kOpenParen:
      return Parenthesized();
    case Tok::kOpenBracket:
      return ListDisplay();
    case Tok::kOpenBrace:
      return Braces();
    default:
      Fail();
      return nullptr;
  }
}

Node* Parser::Number() {
  const std::string_view text = Text(Now());
  const bool prefixed = text.size() > 1 && text[0] == '0' && (text[1] | 0x20) >= 'a' &&
                        (text[1] | 0x20) != 'e' && (text[1] | 0x20) != 'j';
  if (prefixed) return Leaf(Kind::kInteger);
  if ((text.back() | 0x20) == 'j') return Leaf(Kind::kImaginary);
  return Leaf(text.find_first_of(".eE") == std::string_view::npos ? Kind::kInteger : Kind::kFloat);
}

// Items of a display up to `close`, or a comprehension, without its bracket.
Parser::Items Parser::ReadItems(Tok close, bool* comma) {
  const int level = Last().level;
  bool first = true;
  while (!Is(close)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    bool ok = PushIf(StarExpression(true));
    if (ok && first && (Is(Tok::kFor) || Is(Tok::kAsync))) {
      stack_.back()->field = Field::kBody;
      ok = Clauses() && Is(close);
      if (ok) return Items::kComprehension;
      if (!recovering_) {
        Fail();
        return Items::kFailed;
      }
    }
    if (!EndItem(ok, close, start, item, level)) return Items::kFailed;
    first = false;
    if (!Take(Tok::kComma)) break;
    *comma = true;
  }
  return Items::kList;
}

Node* Parser::Parenthesized() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  Items items = Items::kList;
  bool comma = false;
  if (Is(Tok::kYield)) {
    if (!PushIf(Yield())) return nullptr;
  } else {
    items = ReadItems(Tok::kCloseParen, &comma);
    if (items == Items::kFailed) return nullptr;
  }
  if (!Close(Tok::kCloseParen)) return nullptr;
  const bool one = stack_.size() == mark + 1 && !comma;
  const Kind kind = items == Items::kComprehension ? Kind::kGeneratorExpression
                    : one && stack_.back()->kind != Kind::kListSplat
                        ? Kind::kParenthesizedExpression
                        : Kind::kTuple;
  if (kind == Kind::kTuple && one &&
      !FailAt(*stack_.back(), "cannot use starred expression here") && !recovering_) {
    return nullptr;
  }
  return FinishHere(kind, begin, mark);
}

Node* Parser::ListDisplay() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  bool comma = false;
  const Items items = ReadItems(Tok::kCloseBracket, &comma);
  if (items == Items::kFailed || !Close(Tok::kCloseBracket)) return nullptr;
  return FinishHere(items == Items::kComprehension ? Kind::kListComprehension : Kind::kList, begin,
                    mark);
}

Node* Parser::Braces() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  const int level = Last().level;
  bool dict = Is(Tok::kCloseBrace) || Is(Tok::kDoubleStar);
  bool comprehension = false;
  while (!Is(Tok::kCloseBrace)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    bool ok = BraceItem(&dict, item == mark);
    if (ok && item == mark && (Is(Tok::kFor) || Is(Tok::kAsync))) {
      stack_.back()->field = Field::kBody;
      ok = Clauses();
      comprehension = ok && Is(Tok::kCloseBrace);
      if (comprehension) break;
      if (ok) ok = Fail();
    }
    if (!EndItem(ok, Tok::kCloseBrace, start, item, level)) return nullptr;
    if (!Take(Tok::kComma)) break;
  }
  if (!Close(Tok::kCloseBrace)) return nullptr;
  const Kind kind = comprehension
                        ? (dict ? Kind::kDictionaryComprehension : Kind::kSetComprehension)
                        : (dict ? Kind::kDictionary : Kind::kSet);
  return FinishHere(kind, begin, mark);
}

// An item of a dict or set; the first tells which it is.
bool Parser::BraceItem(bool* dict, bool first) {
  const uint32_t begin = Now().begin;
  if (*dict && Take(Tok::kDoubleStar)) {
    Node* inner = BitwiseOr();
    return inner != nullptr && PushIf(Unary(Kind::kDictionarySplat, begin, inner, Field::kNone));
  }
  const size_t mark = stack_.size();
  Node* key = StarExpression(true);
  if (key == nullptr) return false;
  if (first && Is(Tok::kColon) && key->kind != Kind::kListSplat) *dict = true;
  if (!*dict) return PushIf(key);
  if (!Is(Tok::kColon)) {
    return FailAt(Last().end - 1, Last().end, "':' expected after dictionary key");
  }
  const Token colon = Now();
  Advance();
  if (Is(Tok::kCloseBrace) || Is(Tok::kComma)) {
    FailAt(colon.begin, colon.end, "expression expected after dictionary key and ':'");
    if (!recovering_) return false;
  }
  // Recovering, a broken value costs the value alone.
  const size_t start = at_;
  const int level = colon.level;
  Push(key, Field::kKey);
  Node* value = Expression();
  const bool ends = Is(Tok::kComma) || Is(Tok::kCloseBrace) || Is(Tok::kFor) || Is(Tok::kAsync);
  if (value == nullptr || (recovering_ && !ends)) {
    value = RecoverItem(start, mark + 1, level);
    if (value == nullptr) return false;
  }
  Push(value, Field::kValue);
  Push(Finish(Kind::kPair, key->begin, std::max(key->end, value->end), mark));
  return true;
}

// The `for` and `if` clauses of a comprehension.
bool Parser::Clauses() {
  while (Is(Tok::kFor) || Is(Tok::kAsync)) {
    const size_t mark = stack_.size();
    const uint32_t begin = Now().begin;
    const bool async = Take(Tok::kAsync);
    if (!Expect(Tok::kFor)) return false;
    Node* targets = Targets();
    if (!PushIf(targets, Field::kLeft)) return false;
    if (Is(Tok::kIn) && !CheckTarget(*targets, TargetOf::kFor, "assign to")) return false;
    if (!Expect(Tok::kIn) || !PushIf(Disjunction(), Field::kRight)) return false;
    Node* clause = FinishHere(Kind::kForInClause, begin, mark);
    if (async) clause->flags |= Node::kAsync;
    Push(clause);
    while (Is(Tok::kIf)) {
      const uint32_t condition_begin = Now().begin;
      Advance();
      Node* condition = Disjunction();
      if (condition == nullptr) return false;
      Push(Unary(Kind::kIfClause, condition_begin, condition, Field::kNone));
    }
  }
  return true;
}

// What stands before `in`: expressions without comparisons.
Node* Parser::Targets() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  bool comma = false;
  do {
    if (comma && Is(Tok::kIn)) break;
    if (!PushIf(Is(Tok::kStar) ? StarExpression(false) : BitwiseOr())) return nullptr;
    if (Is(Tok::kComma)) comma = true;
  } while (Take(Tok::kComma));
  if (comma) return FinishHere(Kind::kTuple, begin, mark);
  Node* only = stack_.back();
  stack_.pop_back();
  return only;
}

}  // namespace wcheck::python
