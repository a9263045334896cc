// How the recovering reading goes on behind an error.
#include <algorithm>

#include "python/parser_impl.h"

namespace wcheck::python {

Node* Parser::Error(uint32_t begin, uint32_t end, size_t mark) {
  Node* node = Finish(Kind::kError, begin, end, mark);
  tree_.errors.push_back(node);
  return node;
}

Node* Parser::RecoverItem(size_t start, size_t mark, int level) {
  if (!recovering_ || too_deep) return nullptr;
  // Comma or closing bracket of this very bracket. Levels count what is open behind a token.
  auto ends = [&](const Token& token) {
    switch (token.kind) {
      case Tok::kComma:
        return token.level == level;
      case Tok::kCloseParen:
      case Tok::kCloseBracket:
      case Tok::kCloseBrace:
        return token.level < level;
      case Tok::kNewline:
      case Tok::kEnd:
        return true;
      default:
        return false;
    }
  };
  while (!ends(Now())) Advance();
  const uint32_t begin = tokens_[start].begin;
  const uint32_t end = at_ > start ? Last().end : begin;
  return Error(begin, end, mark);
}

Node* Parser::RecoverLine(size_t start, size_t mark) {
  if (!recovering_ || too_deep) return nullptr;
  while (!Is(Tok::kNewline) && !Is(Tok::kEnd)) Advance();
  const uint32_t begin = tokens_[start].begin;
  return Error(begin, at_ > start ? Last().end : begin, mark);
}

bool Parser::RecoverStatement(size_t start, size_t mark) {
  if (!recovering_ || too_deep) return false;
  const uint32_t begin = tokens_[start].begin;
  if (Is(Tok::kDedent) && at_ == start) {
    Advance();
    return true;
  }
  while (!Is(Tok::kNewline) && !Is(Tok::kEnd) && !Is(Tok::kIndent) && !Is(Tok::kDedent)) Advance();
  uint32_t end = std::max(begin, Last().end);
  if (Is(Tok::kNewline)) {
    end = std::max(begin, Now().begin);
    Advance();
  }
  // What is indented under a broken line, or for no reason, is read all the same.
  if (Is(Tok::kIndent)) {
    const size_t inner = stack_.size();
    const uint32_t block_begin = Now().end;
    Advance();
    if (!GoDeeper()) return false;
    while (!Is(Tok::kDedent) && !Is(Tok::kEnd)) {
      const size_t statement = at_;
      const size_t statement_mark = stack_.size();
      if (!Statement() && !RecoverStatement(statement, statement_mark)) return false;
    }
    --depth_;
    Take(Tok::kDedent);
    if (stack_.size() > inner) end = std::max(end, stack_.back()->end);
    Push(Finish(Kind::kBlock, block_begin, end, inner), Field::kBody);
  }
  Push(Error(begin, end, mark));
  return true;
}

}  // namespace wcheck::python
