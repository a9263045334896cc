// The tree has the nodes of CPython's `ast`, at their places: for every construct of the grammar
// (grammar.py), and for 300 files of the standard library.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "ask_python.h"
#include "ast_lines.h"
#include "python/parser.h"

namespace wcheck::python {
namespace {

constexpr int kLibraryFiles = 300;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The lines that stand in `lines` and not in `others`, both sorted as they are.
std::string Extra(std::vector<std::string> lines, std::vector<std::string> others) {
  std::sort(lines.begin(), lines.end());
  std::sort(others.begin(), others.end());
  std::vector<std::string> extra;
  std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(),
                      std::back_inserter(extra));
  std::string out;
  for (const std::string& line : extra) out += line + "; ";
  return out;
}

// How many nodes were compared.
size_t ExpectTheTreesOfPython(const std::vector<std::string>& paths) {
  const std::vector<std::string> answers = AskPython("", paths);
  size_t nodes = 0;
  size_t files = 0;
  for (size_t at = 0; at + 1 < answers.size(); ++files) {
    const std::string& path = answers[at];
    const size_t count = std::stoul(answers[at + 1]);
    at += 2;
    const std::vector<std::string> expected(answers.begin() + static_cast<ptrdiff_t>(at),
                                            answers.begin() + static_cast<ptrdiff_t>(at + count));
    at += count;
    nodes += count;
    const SourceFile file(path, ReadFile(path));
    Result<SyntaxTree> tree = ParsePython(file);
    if (!tree) {
      ADD_FAILURE() << path << ": " << tree.error().ToString();
      continue;
    }
    if (tree->problem) {
      const SourceFile::LineColumn place = file.At(tree->problem->begin);
      ADD_FAILURE() << path << ':' << place.line << ':' << place.column << ": "
                    << tree->problem->message;
      continue;
    }
    const std::vector<std::string> actual = AstLines(*tree);
    EXPECT_TRUE(actual == expected) << path << "\nonly ours: " << Extra(actual, expected)
                                    << "\nonly Python's: " << Extra(expected, actual);
  }
  EXPECT_EQ(files, paths.size());
  return nodes;
}

TEST(AstTest, EveryConstructOfTheGrammarIsPythons) {
  if (!HasPython311()) GTEST_SKIP() << "the places of nodes are those of CPython 3.11";
  EXPECT_GT(ExpectTheTreesOfPython({WCHECK_SOURCE_DIR "/tests/python/grammar.py"}), 1000u);
}

TEST(AstTest, TheStandardLibraryIsPythons) {
  if (!HasPython311()) GTEST_SKIP() << "the places of nodes are those of CPython 3.11";
  const std::vector<std::string> paths =
      AskPython("--library " + std::to_string(kLibraryFiles), {});
  ASSERT_GE(paths.size(), 50u);  // some systems have little of it
  EXPECT_GT(ExpectTheTreesOfPython(paths), 50'000u);
}

}  // namespace
}  // namespace wcheck::python
