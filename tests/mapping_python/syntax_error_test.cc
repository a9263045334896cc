// Syntax errors are reported where CPython reports them (testdata/python/syntax-errors.json,
// written by generate_expectations.py), and the rest of the file is still read.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "python/parser.h"
#include "reading.h"

namespace wcheck {
namespace {

TEST(SyntaxErrorTest, StandsWherePythonReportsIt) {
  auto cases = nlohmann::json::parse(Fixture("syntax-errors.json"));
  ASSERT_GT(cases.size(), 50u);
  for (const auto& expected : cases) {
    std::string source = expected["source"];
    SourceFile file("broken.py", source);
    Result<python::SyntaxTree> tree = python::ParsePython(file);
    ASSERT_TRUE(tree) << source;
    const std::optional<python::SyntaxProblem>& problem = tree->problem;
    ASSERT_TRUE(problem.has_value()) << source;
    SourceFile::LineColumn at = file.At(problem->begin);
    EXPECT_EQ(at.line, expected["line"].get<uint32_t>())
        << source << "\n"
        << expected["message"] << " / " << problem->message;
    EXPECT_EQ(at.column, expected["column"].get<uint32_t>())
        << source << "\n"
        << expected["message"] << " / " << problem->message;
  }
}

// What Python finds only after parsing.
TEST(SyntaxErrorTest, IsFoundInATreeWithoutErrors) {
  Registry registry = ReadText("M = {'a': [WeightRenaming('1', '2')]}\nreturn M\n");
  EXPECT_EQ(Remarks(registry, ReaderRemark::Kind::kSyntaxError),
            std::vector<std::string>{"2:1 'return' outside function []"});
  EXPECT_EQ(Incomplete(registry), "");
}

TEST(SyntaxErrorTest, TheRestIsStillRead) {
  Registry registry = ReadText(
      "M = {\n"
      "    'a': [WeightRenaming('1', '2')],\n"
      "    'b': [WeightRenaming('3', '4') WeightRenaming('5', '6')],\n"
      "    'c': [WeightRenaming('7', '8')],\n"
      "}\n"
      "M['d'] = [WeightRenaming('9', '0')]\n");
  auto errors = Remarks(registry, ReaderRemark::Kind::kSyntaxError);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors[0].starts_with("3:11 invalid syntax")) << errors[0];
  EXPECT_TRUE(errors[0].ends_with(" [b]")) << errors[0];
  EXPECT_EQ(Incomplete(registry), "b");
  EXPECT_EQ(Remarks(registry, ReaderRemark::Kind::kUnsupportedConstruct).size(), 0u);
  ASSERT_NE(registry.Find("d"), nullptr);
  EXPECT_FALSE(registry.Find("d")->incomplete);
}

TEST(SyntaxErrorTest, AFileOfNothingElseIsAnError) { EXPECT_NE(ReadError("M = [\n").message, ""); }

}  // namespace
}  // namespace wcheck
