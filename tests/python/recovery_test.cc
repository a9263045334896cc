// What is still read of a broken file.
#include <gtest/gtest.h>

#include "ast_lines.h"
#include "python/parser.h"

namespace wcheck::python {
namespace {

// The texts of the pieces that are lost, and the statements of the module.
struct Recovered {
  std::vector<std::string> lost;
  std::vector<std::string> statements;
};

Recovered Recover(const std::string& text) {
  const SourceFile file("a.py", text);
  Result<SyntaxTree> tree = ParsePython(file);
  Recovered recovered;
  if (!tree) {
    ADD_FAILURE() << tree.error().ToString();
    return recovered;
  }
  EXPECT_TRUE(tree->problem) << text;
  for (const Node* error : tree->errors) recovered.lost.emplace_back(tree->Text(*error));
  for (const Node* statement : tree->root->children) {
    recovered.statements.emplace_back(KindName(statement->kind));
  }
  return recovered;
}

using Texts = std::vector<std::string>;

TEST(RecoveryTest, AnItemCostsItself) {
  EXPECT_EQ(Recover("x = [a, b c, d]\n").lost, Texts{"b c"});
  EXPECT_EQ(Recover("x = f(a, b = = c, d)\n").lost, Texts{"b = = c"});
  EXPECT_EQ(Recover("x = {'a': 1, 'b': 2 3, 'c': 4}\n").lost, Texts{"2 3"});
  EXPECT_EQ(Recover("x = {'a': 1, 'b', 'c': 4}\n").lost, Texts{"'b'"});
  EXPECT_EQ(Recover("x = {'a': [f(1), g(2) h(3)], 'b': [i($)]}\n").lost, (Texts{"g(2) h(3)", "$"}));
}

TEST(RecoveryTest, ALineCostsItself) {
  const Recovered recovered = Recover("a = 1\nb = = 2\nc d\ndef e(:\n    f = 1\ng = 3\n");
  EXPECT_EQ(recovered.statements,
            (Texts{"assignment", "assignment", "error", "error", "assignment"}));
  EXPECT_EQ(recovered.lost, (Texts{"= 2", "c d", "def e(:\n    f = 1"}));
}

TEST(RecoveryTest, AnEmptySubscriptEndsBehindItsBeginning) {
  const SourceFile file("a.py", "f(1, g(2)(x\n\ny = {\n    z[\n");
  Result<SyntaxTree> tree = ParsePython(file);
  ASSERT_TRUE(tree) << tree.error().ToString();
  std::vector<const Node*> waiting = {tree->root};
  while (!waiting.empty()) {
    const Node* node = waiting.back();
    waiting.pop_back();
    EXPECT_LE(node->begin, node->end) << KindName(node->kind);
    waiting.insert(waiting.end(), node->children.begin(), node->children.end());
  }
}

TEST(RecoveryTest, AnOpenBracketEndsBeforeWhatCannotBelongToIt) {
  const Recovered recovered = Recover(
      "M = {\n"
      "    'a': [f(1)],\n"
      "    'b': [f(2),\n"
      "    'c': [f(3)],\n"
      "}\n"
      "M['d'] = 4\n");
  EXPECT_EQ(recovered.statements, (Texts{"assignment", "assignment"}));
  EXPECT_EQ(recovered.lost, Texts{""});  // the bracket behind f(2)
  EXPECT_EQ(Recover("x = (1,\ndef f(): pass\ny = 2\n").statements,
            (Texts{"assignment", "function_definition", "assignment"}));
  EXPECT_EQ(Recover("x = [1, 2)\ny = 2\n").statements, (Texts{"assignment", "assignment"}));
}

TEST(RecoveryTest, StringsEndWithTheirLine) {
  const Recovered recovered = Recover("x = ['a, b]\ny = f'{c d}'\nz = 1\n");
  EXPECT_EQ(recovered.statements, (Texts{"assignment", "assignment", "assignment"}));
  EXPECT_EQ(Recover("x = 1\ny = '''a\nb\n").statements[0], "assignment");
}

TEST(RecoveryTest, BlocksAreKept) {
  EXPECT_EQ(Recover("if a\n    b = 1\nc = 2\n").statements, (Texts{"error", "assignment"}));
  EXPECT_EQ(Recover("def f():\na = 1\n").statements, (Texts{"function_definition", "assignment"}));
  EXPECT_EQ(Recover("try:\n    a\nb = 1\n").statements, (Texts{"try_statement", "assignment"}));
  EXPECT_EQ(Recover("a = 1\n    b = 2\nc = 3\n").statements,
            (Texts{"assignment", "error", "assignment"}));
  EXPECT_EQ(Recover("if a:\n        b\n    c\nd\n").statements,
            (Texts{"if_statement", "expression_statement"}));
  EXPECT_EQ(Recover("match a:\n    case 1: b\n    c\n    case 2: d\ne\n").statements,
            (Texts{"match_statement", "expression_statement"}));
}

// Whatever is cut off a file, reading it ends, and every node lies within its parent's file.
TEST(RecoveryTest, EveryPrefixIsRead) {
  const std::string text =
      "@a\ndef f(b, c={'d': [e for e in g if h]}, *i) -> j:\n    with k as l:\n"
      "        x = f'{m!r:>{n}}' if o else (yield)\n    match p:\n        case {'q': [r, *s]}:\n"
      "            return lambda t=1: t\n    try:\n        del u[1:2]\n    except v as w: raise\n";
  for (size_t length = 0; length <= text.size(); ++length) {
    for (const std::string& end : {std::string(), std::string(")"), std::string("\n  $ x")}) {
      const SourceFile file("a.py", text.substr(0, length) + end);
      Result<SyntaxTree> tree = ParsePython(file);
      ASSERT_TRUE(tree);
      std::vector<const Node*> waiting = {tree->root};
      while (!waiting.empty()) {
        const Node* node = waiting.back();
        waiting.pop_back();
        ASSERT_LE(node->begin, node->end) << file.text();
        ASSERT_LE(node->end, file.text().size()) << file.text();
        waiting.insert(waiting.end(), node->children.begin(), node->children.end());
      }
    }
  }
}

}  // namespace
}  // namespace wcheck::python
