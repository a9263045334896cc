// The match statement and its patterns.
#include "python/parser_impl.h"

namespace wcheck::python {

bool Parser::BeginsMatch() {
  const size_t here = at_;
  const bool begins = Speculate([&] {
    const size_t mark = stack_.size();
    Advance();
    const bool ok = StarExpressions(true) != nullptr && Take(Tok::kColon) && Take(Tok::kNewline) &&
                    Take(Tok::kIndent) && IsWord("case");
    stack_.resize(mark);
    return ok;
  });
  at_ = here;
  return begins;
}

bool Parser::Match() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  if (!PushIf(StarExpressions(true), Field::kSubject)) return false;
  Advance();  // the colon, the line end and the indentation, which BeginsMatch saw
  Advance();
  Advance();
  while (!Is(Tok::kDedent) && !Is(Tok::kEnd)) {
    const size_t clause = at_;
    const size_t clause_mark = stack_.size();
    if (IsWord("case") ? Case() : Fail()) continue;
    if (!RecoverStatement(clause, clause_mark)) return false;
  }
  Take(Tok::kDedent);
  return PushCompound(Kind::kMatchStatement, begin, mark);
}

bool Parser::Case() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  const uint32_t line = Now().line;
  Advance();
  if (!PushIf(OpenPattern(), Field::kPattern)) return false;
  if (Take(Tok::kIf) && !PushIf(NamedExpression(), Field::kGuard)) return false;
  return PushIf(Block("'case' statement", line), Field::kBody) &&
         PushCompound(Kind::kCaseClause, begin, mark);
}

// A pattern, or several with commas between them.
Node* Parser::OpenPattern() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Node* first = Is(Tok::kStar) ? StarPattern() : Pattern();
  if (first == nullptr) return nullptr;
  if (!Is(Tok::kComma) && first->kind != Kind::kStarPattern) return first;
  Push(first);
  if (!Is(Tok::kComma)) {
    Fail();
    return nullptr;
  }
  while (Take(Tok::kComma)) {
    if (Is(Tok::kColon) || Is(Tok::kIf)) break;
    if (!PushIf(Is(Tok::kStar) ? StarPattern() : Pattern())) return nullptr;
  }
  return FinishHere(Kind::kSequencePattern, begin, mark);
}

Node* Parser::Pattern() {
  const uint32_t begin = Now().begin;  // of a bracket, which is no node
  Node* pattern = OrPattern();
  if (pattern == nullptr || !Take(Tok::kAs)) return pattern;
  if (!Is(Tok::kName)) {
    Fail();
    return nullptr;
  }
  Node* node =
      Pair(Kind::kAsPattern, pattern, Field::kPattern, Leaf(Kind::kIdentifier), Field::kName);
  node->begin = begin;
  return node;
}

Node* Parser::OrPattern() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Node* first = ClosedPattern();
  if (first == nullptr || !Is(Tok::kBar)) return first;
  Push(first);
  while (Take(Tok::kBar)) {
    if (!PushIf(ClosedPattern())) return nullptr;
  }
  return FinishHere(Kind::kOrPattern, begin, mark);
}

Node* Parser::ClosedPattern() {
  Node* pattern = nullptr;
  if (GoDeeper()) {
    switch (Now().kind) {
      case Tok::kName:
        pattern = NameOrClassPattern();
        break;
      case Tok::kOpenParen:
      case Tok::kOpenBracket:
        pattern = SequencePattern();
        break;
      case Tok::kOpenBrace:
        pattern = MappingPattern();
        break;
      default:
        pattern = LiteralPattern();
    }
  }
  --depth_;
  return pattern;
}

// Strings, None, True and False, and numbers: with a sign, and perhaps an imaginary part.
Node* Parser::LiteralExpression() {
  switch (Now().kind) {
    case Tok::kString:
      return Strings();
    case Tok::kNone:
      return Leaf(Kind::kNone);
    case Tok::kTrue:
      return Leaf(Kind::kTrue);
    case Tok::kFalse:
      return Leaf(Kind::kFalse);
    case Tok::kMinus:
    case Tok::kNumber: {
      const uint32_t begin = Now().begin;
      const bool negative = Take(Tok::kMinus);
      if (!Is(Tok::kNumber)) {
        Fail();
        return nullptr;
      }
      Node* value = Number();
      if (negative) {
        value = Unary(Kind::kUnaryOperator, begin, value, Field::kArgument);
        value->op = Op::kSubtract;
      }
      if (Is(Tok::kPlus) || Is(Tok::kMinus)) {
        const Op op = Is(Tok::kPlus) ? Op::kAdd : Op::kSubtract;
        Advance();
        if (!Is(Tok::kNumber)) {
          Fail();
          return nullptr;
        }
        Node* imaginary = Number();
        if (imaginary->kind != Kind::kImaginary &&
            !FailAt(*imaginary, "imaginary number required in complex literal") && !recovering_) {
          return nullptr;
        }
        value = Pair(Kind::kBinaryOperator, value, Field::kLeft, imaginary, Field::kRight);
        value->op = op;
      }
      return value;
    }
    default:
      Fail();
      return nullptr;
  }
}

Node* Parser::LiteralPattern() {
  Node* value = LiteralExpression();
  return value == nullptr ? nullptr
                          : Unary(Kind::kValuePattern, value->begin, value, Field::kExpression);
}

// A name with attributes.
Node* Parser::NameAndAttributes() {
  Node* name = Leaf(Kind::kIdentifier);
  while (Take(Tok::kDot)) {
    if (!Is(Tok::kName)) {
      Fail();
      return nullptr;
    }
    name = Pair(Kind::kAttribute, name, Field::kObject, Leaf(Kind::kIdentifier), Field::kAttribute);
  }
  return name;
}

Node* Parser::NameOrClassPattern() {
  const bool wildcard = IsWord("_");
  Node* name = NameAndAttributes();
  if (name == nullptr) return nullptr;
  if (!Is(Tok::kOpenParen)) {
    if (name->kind == Kind::kAttribute)
      return Unary(Kind::kValuePattern, name->begin, name, Field::kExpression);
    if (wildcard) return New(Kind::kWildcardPattern, name->begin, name->end);
    return Unary(Kind::kCapturePattern, name->begin, name, Field::kName);
  }
  const size_t mark = stack_.size();
  Push(name, Field::kFunction);
  Advance();
  while (!Is(Tok::kCloseParen)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    const int level = Last().level;
    if (!EndItem(ClassPatternItem(), Tok::kCloseParen, start, item, level)) return nullptr;
    if (!Take(Tok::kComma)) break;
  }
  if (!Close(Tok::kCloseParen)) return nullptr;
  return FinishHere(Kind::kClassPattern, name->begin, mark);
}

bool Parser::ClassPatternItem() {
  if (!Is(Tok::kName) || Ahead(1).kind != Tok::kAssign) return PushIf(Pattern());
  Node* name = Leaf(Kind::kIdentifier);
  Advance();
  Node* value = Pattern();
  return value != nullptr &&
         PushIf(Pair(Kind::kKeywordPattern, name, Field::kName, value, Field::kValue));
}

Node* Parser::StarPattern() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  if (!Is(Tok::kName)) {
    Fail();
    return nullptr;
  }
  if (IsWord("_")) {
    Advance();
  } else {
    Push(Leaf(Kind::kIdentifier), Field::kName);
  }
  return FinishHere(Kind::kStarPattern, begin, mark);
}

// [a, *b], (a, b), or one pattern in brackets.
Node* Parser::SequencePattern() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  const bool paren = Is(Tok::kOpenParen);
  const Tok close = paren ? Tok::kCloseParen : Tok::kCloseBracket;
  Advance();
  bool comma = false;
  while (!Is(close)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    const int level = Last().level;
    if (!EndItem(PushIf(Is(Tok::kStar) ? StarPattern() : Pattern()), close, start, item, level))
      return nullptr;
    if (!Take(Tok::kComma)) break;
    comma = true;
  }
  if (!Close(close)) return nullptr;
  const bool group = paren && !comma && stack_.size() == mark + 1 &&
                     stack_.back()->kind != Kind::kStarPattern &&
                     stack_.back()->kind != Kind::kError;
  if (group) {
    Node* inner = stack_.back();
    stack_.pop_back();
    return inner;
  }
  return FinishHere(Kind::kSequencePattern, begin, mark);
}

Node* Parser::MappingPattern() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  Advance();
  while (!Is(Tok::kCloseBrace)) {
    const size_t start = at_;
    const size_t item = stack_.size();
    const int level = Last().level;
    if (!EndItem(MappingItem(), Tok::kCloseBrace, start, item, level)) return nullptr;
    if (!Take(Tok::kComma)) break;
  }
  if (!Close(Tok::kCloseBrace)) return nullptr;
  return FinishHere(Kind::kMappingPattern, begin, mark);
}

bool Parser::MappingItem() {
  const size_t mark = stack_.size();
  const uint32_t begin = Now().begin;
  if (Take(Tok::kDoubleStar)) {
    if (!Is(Tok::kName)) return Fail();
    Push(Leaf(Kind::kIdentifier), Field::kName);
    Push(FinishHere(Kind::kDoubleStarPattern, begin, mark));
    return true;
  }
  Node* key = Is(Tok::kName) ? NameAndAttributes() : LiteralExpression();
  if (key == nullptr) return false;
  // A name alone would be a capture, which is no key.
  if (key->kind == Kind::kIdentifier) return Fail();
  if (!Expect(Tok::kColon)) return false;
  Node* value = Pattern();
  return value != nullptr &&
         PushIf(Pair(Kind::kPatternPair, key, Field::kKey, value, Field::kValue));
}

}  // namespace wcheck::python
