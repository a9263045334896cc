// The shape of the tree where CPython's `ast` has no say: fields, operators, brackets, files.
#include "python/parser.h"

#include <gtest/gtest.h>

namespace wcheck::python {
namespace {

std::string Show(const SyntaxTree& tree, const Node& node) {
  std::string out(KindName(node.kind));
  if (node.op != Op::kNone) out += '`' + std::string(OpText(node.op)) + '`';
  if (node.Has(Node::kAsync)) out += " async";
  if (node.children.empty()) return out + " " + std::string(tree.Text(node));
  out += '(';
  for (const Node* child : node.children) {
    if (child != node.children.front()) out += ", ";
    out += Show(tree, *child);
  }
  return out + ')';
}

// The tree of one statement.
std::string Tree(const std::string& text) {
  const SourceFile file("a.py", text + "\n");
  Result<SyntaxTree> tree = ParsePython(file);
  if (!tree) return tree.error().ToString();
  EXPECT_FALSE(tree->problem) << text << tree->problem->message;
  return Show(*tree, *tree->root->children[0]);
}

TEST(ParserTest, OperatorsBindAsInPython) {
  EXPECT_EQ(Tree("x = a + b * -c ** d"),
            "assignment(identifier x, binary_operator`+`(identifier a, binary_operator`*`("
            "identifier b, unary_operator`-`(binary_operator`**`(identifier c, identifier d)))))");
  EXPECT_EQ(Tree("a or b or not c"),
            "expression_statement(boolean_operator`or`(identifier a, identifier b, "
            "not_operator(identifier c)))");
  EXPECT_EQ(Tree("a not in b"),
            "expression_statement(comparison_operator(identifier a, operator`not in` not in, "
            "identifier b))");
}

TEST(ParserTest, ChildrenHaveTheirRoles) {
  const SourceFile file("a.py", "def f(a, /, b: int = 1, *c, **d) -> e:\n    return a[1::2]\n");
  Result<SyntaxTree> tree = ParsePython(file);
  ASSERT_TRUE(tree);
  const Node& function = *tree->root->children[0];
  EXPECT_EQ(tree->Text(*function.Child(Field::kName)), "f");
  EXPECT_EQ(tree->Text(*function.Child(Field::kReturnType)), "e");
  const Node& parameters = *function.Child(Field::kParameters);
  ASSERT_EQ(parameters.children.size(), 5u);
  EXPECT_EQ(parameters.children[1]->kind, Kind::kPositionalSeparator);
  EXPECT_EQ(tree->Text(*parameters.children[2]->Child(Field::kType)), "int");
  EXPECT_EQ(tree->Text(*parameters.children[2]->Child(Field::kValue)), "1");
  EXPECT_EQ(parameters.children[4]->kind, Kind::kDoubleStarParameter);
  const Node& slice =
      *function.Child(Field::kBody)->children[0]->children[0]->Child(Field::kSubscript);
  EXPECT_EQ(tree->Text(*slice.Child(Field::kLower)), "1");
  EXPECT_EQ(slice.Child(Field::kUpper), nullptr);
  EXPECT_EQ(tree->Text(*slice.Child(Field::kStep)), "2");
}

TEST(ParserTest, PlacesOfSeveralFilesAreKeptApart) {
  const SourceFile one("one.py", "a\n");
  const SourceFile two("two.py", "b\n");
  Result<SyntaxTree> first = ParsePython(one, 0);
  Result<SyntaxTree> second = ParsePython(two, 7);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->root->children[0]->file, 0);
  EXPECT_EQ(second->root->children[0]->file, 7);
  EXPECT_EQ(second->Text(*second->root->children[0]), "b");
}

TEST(ParserTest, CommentsAreListed) {
  const SourceFile file("a.py", "# one\nx = [  # two\n]\r\n# three");
  Result<SyntaxTree> tree = ParsePython(file);
  ASSERT_TRUE(tree);
  std::vector<std::string> comments;
  for (const SourceRange& range : tree->comments) {
    comments.push_back(file.text().substr(range.begin, range.end - range.begin));
  }
  EXPECT_EQ(comments, (std::vector<std::string>{"# one", "# two", "# three"}));
}

TEST(ParserTest, ALongRunOfCommentsIsNothing) {
  for (const size_t lines : {65'536u, 1'000'000u}) {
    std::string text;
    for (size_t i = 0; i < lines; ++i) text += "# comment\n";
    const SourceFile file("a.py", text + "x = 1\n");
    Result<SyntaxTree> tree = ParsePython(file);
    ASSERT_TRUE(tree);
    EXPECT_FALSE(tree->problem);
    EXPECT_EQ(tree->comments.size(), lines);
    EXPECT_EQ(tree->root->children.size(), 1u);
  }
}

// Chains of any length are read without recursion; what nests too deep is refused.
TEST(ParserTest, DepthIsBounded) {
  auto repeat = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  auto parses = [](const std::string& text) {
    const SourceFile file("a.py", text + "\n");
    return static_cast<bool>(ParsePython(file));
  };
  EXPECT_TRUE(parses("x = " + repeat("a or ", 100'000) + "b"));
  EXPECT_TRUE(parses("x = " + repeat("a < ", 100'000) + "b"));
  EXPECT_TRUE(parses("if a: b\n" + repeat("elif c: d\n", 100'000)));
  EXPECT_TRUE(parses("x = " + repeat("(", 199) + repeat(")", 199)));
  for (const std::string& deep :
       {"x = " + repeat("a + ", 100'000) + "b", "x = a" + repeat(".b", 100'000),
        "x = a" + repeat("()", 100'000), "x = " + repeat("-", 100'000) + "a",
        "x = " + repeat("not ", 100'000) + "a", "x = " + repeat("lambda: ", 100'000) + "a",
        "x = " + repeat("a if b else ", 100'000) + "c", "x = " + repeat("a ** ", 100'000) + "b",
        "x = " + repeat("a ** -", 100'000) + "b", repeat("if a: ", 100'000) + "b",
        "x = a" + repeat("[b", 100'000), repeat("if a:\n", 1'000)}) {
    const SourceFile file("a.py", deep + "\n");
    Result<SyntaxTree> tree = ParsePython(file);
    if (tree) {
      EXPECT_TRUE(tree->problem) << deep.substr(0, 30);
    } else {
      EXPECT_EQ(tree.error().message, "the source is nested deeper than 400 levels");
    }
  }
}

}  // namespace
}  // namespace wcheck::python
