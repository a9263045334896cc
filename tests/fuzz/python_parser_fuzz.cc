// Whatever the bytes, the parser of Python ends, and its tree is one: every node lies in the file,
// its height is that of its children and one, and a file without a problem has no errors in its
// tree.
#include <algorithm>
#include <vector>

#include "python/parser.h"
#include "support/utf8.h"

#include "fuzz.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = wcheck::fuzz::File("fuzz.py", data, size);
  if (!wcheck::CheckUtf8(file->text(), file->path())) return 0;
  wcheck::Result<wcheck::python::SyntaxTree> tree = wcheck::python::ParsePython(*file, 3);
  if (!tree) {
    wcheck::fuzz::RequireError(tree.error());
    return 0;
  }
  Require(tree->problem.has_value() || tree->errors.empty());
  Require(!tree->problem || (tree->problem->begin <= size && !tree->problem->message.empty()));
  std::vector<const wcheck::python::Node*> waiting = {tree->root};
  while (!waiting.empty()) {
    const wcheck::python::Node* node = waiting.back();
    waiting.pop_back();
    Require(node->begin <= node->end && node->end <= size && node->file == 3);
    unsigned height = 0;
    for (const wcheck::python::Node* child : node->children) {
      height = std::max<unsigned>(height, child->height);
      waiting.push_back(child);
    }
    Require(node->height == height + 1);
  }
  for (const wcheck::SourceRange& comment : tree->comments) {
    Require(comment.begin < comment.end && comment.end <= size);
  }
  return 0;
}
