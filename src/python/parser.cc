#include "python/parser.h"

#include <algorithm>

#include "python/parser_impl.h"

namespace wcheck::python {

bool Parser::Run() {
  while (!Is(Tok::kEnd)) {
    const size_t start = at_;
    const size_t mark = stack_.size();
    if (Statement()) continue;
    if (too_deep || !RecoverStatement(start, mark)) {
      if (!problem) Fail();
      return false;
    }
  }
  tree_.root = Finish(Kind::kModule, 0, static_cast<uint32_t>(source_.size()), 0);
  return true;
}

bool Parser::at_indentation() const {
  const Tok kind = tokens_[reached].kind;
  return problem && problem->message.starts_with("unexpected ") &&
         (kind == Tok::kIndent || kind == Tok::kDedent);
}

bool Parser::Close(Tok kind) {
  if (!Is(kind)) return Fail();
  if (Now().missing) {
    const size_t mark = stack_.size();
    Push(Error(Now().begin, Now().begin, mark));
  }
  Advance();
  return true;
}

bool Parser::StartsExpression() const {
  switch (Now().kind) {
    case Tok::kName:
    case Tok::kNumber:
    case Tok::kString:
    case Tok::kNone:
    case Tok::kTrue:
    case Tok::kFalse:
    case Tok::kNot:
    case Tok::kLambda:
    case Tok::kAwait:
    case Tok::kOpenParen:
    case Tok::kOpenBracket:
    case Tok::kOpenBrace:
    case Tok::kMinus:
    case Tok::kPlus:
    case Tok::kTilde:
    case Tok::kEllipsis:
      return true;
    default:
      return false;
  }
}

// --- failure ---------------------------------------------------------------------------------

bool Parser::FailAt(uint32_t begin, uint32_t end, std::string message) {
  if (problem || recovering_ || speculating_ > 0) return false;
  reached = at_;
  if (message.empty()) {
    message = "invalid syntax";
    if (Is(Tok::kIndent)) {
      message = "unexpected indent";
      begin = end - 1;
    }
    if (Is(Tok::kDedent)) message = "unexpected unindent";
    // Python looks for the `in` of `not in`.
    if (Is(Tok::kNot) && operand_end_ == at_) {
      begin = Ahead(1).begin;
      end = Ahead(1).end;
    }
    DescribeUnexpected(&begin, &message);
  }
  problem = {begin, end, std::move(message)};
  return false;
}

// What Python guesses of a token that no rule takes.
void Parser::DescribeUnexpected(uint32_t* begin, std::string* message) {
  // print "x": a statement once.
  const Token& before = Last();
  const bool legacy =
      before.kind == Tok::kName && (Text(before) == "print" || Text(before) == "exec");
  if (legacy && StartsExpression() && !Is(Tok::kOpenParen)) {
    *begin = before.begin;
    *message = "Missing parentheses in call to '" + std::string(Text(before)) + "'";
  }
  // x = 1 where an expression must stand. Python looks at what follows before it says so.
  const size_t operand_start = operand_start_;
  if (Is(Tok::kAssign) && operand_end_ == at_ && nested_ > 0 && LooksAhead([&] {
        Advance();
        return BitwiseOr() != nullptr && !Is(Tok::kAssign) && !Is(Tok::kWalrus);
      })) {
    const Token& operand = tokens_[operand_start];
    const bool excluded = operand.kind == Tok::kOpenParen || operand.kind == Tok::kOpenBracket ||
                          operand.kind == Tok::kTrue || operand.kind == Tok::kFalse ||
                          operand.kind == Tok::kNone;
    if (!excluded) {
      *begin = operand.begin;
      *message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
    }
  }
  // Two expressions side by side within brackets.
  const bool inside = at_ > 0 && before.level > 0;
  if (inside && expression_end_ == at_ && StartsExpression() && !FirstIsNameThenString()) {
    const size_t start = expression_start_;
    if (LooksAhead([&] { return Expression() != nullptr; })) {
      *begin = tokens_[start].begin;
      *message = "invalid syntax. Perhaps you forgot a comma?";
    }
  }
}

// Tells whether a rule matches here. If Python comes to the end of the file in trying it, that is
// where it stops.
template <typename F>
bool Parser::LooksAhead(F&& rule) {
  const size_t here = at_;
  bool at_end = false;
  const bool matches = Speculate([&] {
    const bool ok = rule();
    at_end = Is(Tok::kEnd);
    return ok;
  });
  at_ = here;
  if (at_end) reached = tokens_.size() - 1;
  return matches;
}

bool Parser::FirstIsNameThenString() const {
  const Token& first = tokens_[expression_start_];
  if (first.kind != Tok::kName) return false;
  const std::string_view name = Text(first);
  const bool soft = name == "match" || name == "case" || name == "_";
  return soft || tokens_[std::min(expression_start_ + 1, tokens_.size() - 1)].kind == Tok::kString;
}

void Parser::Misplaced(std::string message) {
  Misplaced(Now().begin, Now().end, std::move(message));
}

void Parser::Misplaced(uint32_t begin, uint32_t end, std::string message) {
  if (!misplaced) misplaced = {begin, end, std::move(message)};
}

// --- nodes -----------------------------------------------------------------------------------

Node* Parser::Finish(Kind kind, uint32_t begin, uint32_t end, size_t mark) {
  Node* node = New(kind, begin, end);
  unsigned height = 0;
  for (size_t i = mark; i < stack_.size(); ++i) {
    height = std::max<unsigned>(height, stack_[i]->height);
  }
  node->height = static_cast<uint16_t>(std::min(height + 1, 0xFFFFu));
  node->children = tree_.arena.Copy(std::span<Node* const>(stack_).subspan(mark));
  stack_.resize(mark);
  return node;
}

Node* Parser::Unary(Kind kind, uint32_t begin, Node* operand, Field field) {
  const size_t mark = stack_.size();
  Push(operand, field);
  return Finish(kind, begin, operand->end, mark);
}

Node* Parser::Pair(Kind kind, Node* left, Field left_field, Node* right, Field right_field) {
  const size_t mark = stack_.size();
  Push(left, left_field);
  Push(right, right_field);
  return Finish(kind, left->begin, right->end, mark);
}

// --- the file --------------------------------------------------------------------------------

namespace {

wcheck::Error TooDeep(const SourceFile& file, uint32_t offset) {
  return {SourceRange{&file, offset, offset}.place(),
          "the source is nested deeper than " + std::to_string(kMaxTreeDepth) + " levels",
          "split the expression into named parts"};
}

// The first node of a tree that stands deeper than the limit.
const Node& FirstTooDeep(const Node& root) {
  const Node* node = &root;
  for (size_t depth = 1; depth <= kMaxTreeDepth; ++depth) {
    for (const Node* child : node->children) {
      if (depth + child->height > kMaxTreeDepth) {
        node = child;
        break;
      }
    }
  }
  return *node;
}

// What CPython reports of a file that a strict parse refused, or found something misplaced in.
std::optional<SyntaxProblem> FirstProblem(const Tokens& tokens, const Parser& parser, bool parsed) {
  if (tokens.problem) {
    // Python asks for tokens one by one: what stands before is read first, but an error there gives
    // way to the tokenizer's, which looks through the rest of the file. Only a wrong indentation is
    // reported at once.
    const bool before = !parsed && parser.reached + 1 < tokens.list.size();
    const bool at_once = parser.at_indentation() || tokens.found_late;
    return before && at_once ? parser.problem : tokens.problem;
  }
  if (parsed) return parser.misplaced;
  if (!tokens.open.empty()) {
    const Tokens::Bracket& open = tokens.open.back();
    const Token& reached = tokens.list[parser.reached];
    if (reached.kind == Tok::kEnd || reached.line > open.line) {
      return SyntaxProblem{open.at, open.at + 1,
                           "'" + std::string(1, open.open) + "' was never closed"};
    }
  }
  return parser.problem;
}

}  // namespace

Result<SyntaxTree> ParsePython(const SourceFile& file, FileId id) {
  SyntaxTree tree;
  tree.file = &file;
  tree.id = id;
  Tokens tokens = Tokenize(file.text());
  {
    Parser strict(tokens, &tree, /*recovering=*/false);
    const bool parsed = strict.Run();
    if (strict.too_deep) return TooDeep(file, *strict.too_deep);
    tree.problem = FirstProblem(tokens, strict, parsed);
    if (!parsed || tokens.problem) tree.root = nullptr;
  }
  if (tree.root == nullptr) {
    tree.arena = {};
    tokens = TokenizeRecovering(file.text(), tokens.open);
    Parser recovering(tokens, &tree, /*recovering=*/true);
    recovering.Run();
    if (recovering.too_deep) return TooDeep(file, *recovering.too_deep);
    std::sort(tree.errors.begin(), tree.errors.end(),
              [](const Node* a, const Node* b) { return a->begin < b->begin; });
  }
  if (tree.root->height > kMaxTreeDepth) return TooDeep(file, FirstTooDeep(*tree.root).begin);
  tree.comments.reserve(tokens.comments.size());
  for (const Span& comment : tokens.comments) {
    tree.comments.push_back({&file, comment.begin, comment.end});
  }
  return tree;
}

}  // namespace wcheck::python
