#include "mapping/python/plain_data.h"

#include <algorithm>
#include <utility>

namespace wcheck::python {
namespace {

// Data that is nested deeper than any table is left to tree-sitter.
constexpr int kMaxNesting = 8;

class Reader {
 public:
  Reader(const Tokens& tokens, Ast* ast) : tokens_(tokens.list), ast_(ast) {}

  std::vector<PlainData> FindAll() {
    std::vector<PlainData> found;
    std::vector<char> brackets;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (MayBegin(i, brackets)) {
        at_ = i;
        depth_ = 0;
        const size_t nodes = ast_->nodes.size();
        const size_t child_lists = ast_->child_lists.size();
        const Node* node = Item(1, 1);
        // A name or a number alone is no less to read.
        if (node != nullptr && node->kind != Kind::kIdentifier && at_ > i && MayEnd(at_)) {
          found.push_back({node, depth_, i, at_});
          i = at_ - 1;
          continue;
        }
        ast_->nodes.resize(nodes);
        ast_->child_lists.resize(child_lists);
      }
      if (tokens_[i].kind != Token::Kind::kOperator) continue;
      const char c = tokens_[i].text[0];
      if (c == '(' || c == '[' || c == '{') brackets.push_back(c);
      if ((c == ')' || c == ']' || c == '}') && !brackets.empty()) brackets.pop_back();
    }
    return found;
  }

 private:
  // Behind what opens an item within brackets, or the value of an assignment.
  bool MayBegin(size_t i, const std::vector<char>& brackets) const {
    if (i == 0) return false;
    const Token& before = tokens_[i - 1];
    if (before.kind == Token::Kind::kKeyword) return before.text == "return";
    if (before.kind != Token::Kind::kOperator || before.text.size() != 1) return false;
    switch (before.text[0]) {
      case '=':
        return true;
      case '(':
      case '[':
      case '{':
      case ',':
        return !brackets.empty();
      case ':':
        return !brackets.empty() && brackets.back() == '{';
      default:
        return false;
    }
  }

  bool MayEnd(size_t i) const {
    const Token& after = tokens_[i];
    if (after.level == 0 && after.kind == Token::Kind::kNewline) return true;
    if (after.kind != Token::Kind::kOperator || after.text.size() != 1) return false;
    const char c = after.text[0];
    return c == ')' || c == ']' || c == '}' || (c == ',' && after.level > 0);
  }

  const Token& Now() const { return tokens_[at_]; }
  bool Is(char op) const {
    return Now().kind == Token::Kind::kOperator && Now().text.size() == 1 && Now().text[0] == op;
  }
  bool Take(char op) {
    if (!Is(op)) return false;
    ++at_;
    return true;
  }

  Node* New(Kind kind, const char* name, uint32_t begin, uint32_t end) {
    Node& node = ast_->nodes.emplace_back();
    node.kind = kind;
    node.name = name;
    node.begin = begin;
    node.end = end;
    return &node;
  }
  Node* Leaf(Kind kind, const char* name, const Token& token) {
    return New(kind, name, token.begin, token.end);
  }
  Node* Leaf(Kind kind, const char* name) { return Leaf(kind, name, tokens_[at_++]); }
  Node* Parent(Kind kind, const char* name, uint32_t begin, uint32_t end,
               std::vector<const Node*> children) {
    Node* node = New(kind, name, begin, end);
    if (!children.empty()) node->children = ast_->child_lists.emplace_back(std::move(children));
    return node;
  }

  // One item; null if what stands here is not plain data. `nesting` counts the brackets around it,
  // `depth` the nodes.
  Node* Item(int nesting, int depth) {
    if (nesting > kMaxNesting) return nullptr;
    depth_ = std::max(depth_, depth + 2);
    switch (Now().kind) {
      case Token::Kind::kString:
        return Strings();
      case Token::Kind::kNumber: {
        const std::string_view text = Now().text;
        const bool digits =
            std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        return digits ? Leaf(Kind::kInteger, "integer") : nullptr;
      }
      case Token::Kind::kKeyword:
        if (Now().text == "True") return Leaf(Kind::kTrue, "true");
        if (Now().text == "False") return Leaf(Kind::kFalse, "false");
        if (Now().text == "None") return Leaf(Kind::kNone, "none");
        return nullptr;
      case Token::Kind::kName:
        return NameOrCall(nesting, depth);
      case Token::Kind::kOperator:
        if (Is('[')) return List(nesting, depth);
        if (Is('{')) return Dict(nesting, depth);
        return nullptr;
      default:
        return nullptr;
    }
  }

  Node* Strings() {
    Node* first = String();
    if (first == nullptr || Now().kind != Token::Kind::kString) return first;
    std::vector<const Node*> parts = {first};
    while (Now().kind == Token::Kind::kString) {
      const Node* part = String();
      if (part == nullptr) return nullptr;
      parts.push_back(part);
    }
    const uint32_t end = parts.back()->end;
    return Parent(Kind::kConcatenatedString, "concatenated_string", first->begin, end,
                  std::move(parts));
  }

  Node* String() {
    const Token& token = tokens_[at_++];
    const size_t quote_at = token.text.find_first_of("'\"");
    const std::string_view prefix = token.text.substr(0, quote_at);
    // Other prefixes: bytes, and f-strings, in which any expression may stand.
    if (prefix.size() > 1 || prefix.find_first_not_of("rRuU") != std::string_view::npos) {
      return nullptr;
    }
    const std::string_view quoted = token.text.substr(quote_at);
    const bool triple = quoted.size() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0];
    const uint32_t quotes = triple ? 3 : 1;
    const uint32_t open_end = token.begin + static_cast<uint32_t>(quote_at) + quotes;
    return Parent(Kind::kString, "string", token.begin, token.end,
                  {New(Kind::kStringStart, "string_start", token.begin, open_end),
                   New(Kind::kStringEnd, "string_end", token.end - quotes, token.end)});
  }

  // A name with attributes, and perhaps called.
  Node* NameOrCall(int nesting, int depth) {
    // Statements of Python 2 that the grammar still takes.
    if (Now().text == "print" || Now().text == "exec") return nullptr;
    Node* node = Leaf(Kind::kIdentifier, "identifier");
    while (Is('.')) {
      ++at_;
      if (Now().kind != Token::Kind::kName) return nullptr;
      node->field = Field::kObject;
      Node* attribute = Leaf(Kind::kIdentifier, "identifier");
      attribute->field = Field::kAttribute;
      const uint32_t end = attribute->end;
      node = Parent(Kind::kAttribute, "attribute", node->begin, end, {node, attribute});
      depth_ = std::max(depth_, ++depth + 2);
    }
    if (!Is('(')) return node;
    Node* arguments = Arguments(nesting, depth + 1);
    if (arguments == nullptr) return nullptr;
    node->field = Field::kFunction;
    arguments->field = Field::kArguments;
    return Parent(Kind::kCall, "call", node->begin, arguments->end, {node, arguments});
  }

  Node* Arguments(int nesting, int depth) {
    return Bracketed(Kind::kArgumentList, "argument_list", ')', [&]() -> Node* {
      const bool keyword = Now().kind == Token::Kind::kName &&
                           tokens_[at_ + 1].kind == Token::Kind::kOperator &&
                           tokens_[at_ + 1].text == "=";
      if (!keyword) return Item(nesting + 1, depth + 1);
      Node* name = Leaf(Kind::kIdentifier, "identifier");
      name->field = Field::kName;
      ++at_;
      return Pair(Kind::kKeywordArgument, "keyword_argument", name, nesting, depth);
    });
  }

  Node* List(int nesting, int depth) {
    return Bracketed(Kind::kList, "list", ']', [&] { return Item(nesting + 1, depth + 1); });
  }

  Node* Dict(int nesting, int depth) {
    return Bracketed(Kind::kDictionary, "dictionary", '}', [&]() -> Node* {
      Node* key = Item(nesting + 1, depth + 2);
      if (key == nullptr || !Take(':')) return nullptr;
      key->field = Field::kKey;
      return Pair(Kind::kPair, "pair", key, nesting, depth);
    });
  }

  // `first`, which has been read, and the value that belongs to it.
  Node* Pair(Kind kind, const char* kind_name, Node* first, int nesting, int depth) {
    Node* value = Item(nesting + 1, depth + 2);
    if (value == nullptr) return nullptr;
    value->field = Field::kValue;
    return Parent(kind, kind_name, first->begin, value->end, {first, value});
  }

  // Items with commas between them, from the bracket that opens them to `close`.
  template <typename F>
  Node* Bracketed(Kind kind, const char* kind_name, char close, F&& item) {
    const uint32_t begin = tokens_[at_++].begin;
    std::vector<const Node*> items;
    while (!Is(close)) {
      const Node* one = item();
      if (one == nullptr) return nullptr;
      items.push_back(one);
      if (!Take(',') && !Is(close)) return nullptr;
    }
    const uint32_t end = tokens_[at_++].end;
    return Parent(kind, kind_name, begin, end, std::move(items));
  }

  const std::vector<Token>& tokens_;
  Ast* ast_;
  size_t at_ = 0;
  int depth_ = 0;  // the deepest node of the item
};

}  // namespace

std::vector<PlainData> FindPlainData(const Tokens& tokens, Ast* ast) {
  return Reader(tokens, ast).FindAll();
}

WithoutPlainData::WithoutPlainData(std::string_view source, const Tokens& tokens,
                                   const std::vector<PlainData>& items) {
  uint32_t done = 0;
  for (const PlainData& item : items) {
    Append(source, done, tokens.list[item.first_token].begin);
    text_ += '_';
    for (size_t i = item.first_token; i + 1 < item.end_token; ++i) {
      const uint32_t begin = tokens.list[i].end;
      const uint32_t end = tokens.list[i + 1].begin;
      const bool comment = source.substr(begin, end - begin).find('#') != std::string_view::npos;
      if (comment) Append(source, begin, end);
    }
    done = tokens.list[item.end_token - 1].end;
  }
  Append(source, done, static_cast<uint32_t>(source.size()));
}

void WithoutPlainData::Append(std::string_view source, uint32_t begin, uint32_t end) {
  pieces_.push_back({static_cast<uint32_t>(text_.size()), begin});
  text_ += source.substr(begin, end - begin);
}

uint32_t WithoutPlainData::InSource(uint32_t at) const {
  auto after = std::upper_bound(pieces_.begin(), pieces_.end(), at,
                                [](uint32_t a, const Piece& piece) { return a < piece.at; });
  const Piece& piece = *std::prev(after);
  return piece.in_source + (at - piece.at);
}

}  // namespace wcheck::python
