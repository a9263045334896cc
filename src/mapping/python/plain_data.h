// Plain data: literals, and lists, dicts and calls of them, as a registry consists of.
//
// tree-sitter keeps every way open in which a piece of Python might go on, and that takes it most
// of the time that reading a registry takes, although nearly all of it is a table. An item of a
// table that is plain data reads the same wherever it stands as a value. So such items are read
// here, from the tokens, and tree-sitter is shown a name in place of each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/python/ast.h"
#include "python/tokenizer.h"

namespace wcheck::python {

struct PlainData {
  const Node* node = nullptr;  // the tree that tree-sitter would make of it
  int depth = 0;               // of that tree, in nodes
  size_t first_token = 0;
  size_t end_token = 0;  // the one behind it
};

// The items of plain data in a file without a syntax error, outermost and in their order. Their
// nodes are added to `ast`.
std::vector<PlainData> FindPlainData(const Tokens& tokens, Ast* ast);

// A source with a name of one letter in place of each item. Comments between the tokens of an item
// stand behind its name.
class WithoutPlainData {
 public:
  WithoutPlainData(std::string_view source, const Tokens& tokens,
                   const std::vector<PlainData>& items);

  const std::string& text() const { return text_; }
  // Where in the source a byte of the text stands. The end of a name is the end of its item, if
  // there are no comments in it.
  uint32_t InSource(uint32_t at) const;

 private:
  struct Piece {
    uint32_t at;         // in the text
    uint32_t in_source;  // the same byte
  };

  void Append(std::string_view source, uint32_t begin, uint32_t end);

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace wcheck::python
