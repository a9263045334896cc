#include "sections/sections.h"

#include <algorithm>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "schema.h"
#include "support/limits.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::ProjectFile;
using testing::Slurp;

Result<Sections> Read(const std::string& path, const std::string& text) {
  auto file = std::make_shared<const SourceFile>(path, text);
  Result<json::Value> root = json::Parse(*file);
  if (!root) return root.error();
  return ReadSections(std::move(file), *root);
}

Result<Sections> ReadFixture() {
  const std::string path = ProjectFile("fixtures/sections/sections.json");
  return Read(path, Slurp(path));
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The lists are written by hand.
TEST(SectionsTest, TheFixturesFlattenToTheirLeaves) {
  const Result<Sections> sections = ReadFixture();
  ASSERT_TRUE(sections.ok()) << sections.error().ToString();
  EXPECT_EQ(sections->models.size(), 13U);
  for (const auto& [name, model] : sections->models) {
    std::vector<std::string> leaves;
    for (const Leaf& leaf : model.leaves) leaves.push_back(ShowLeaf(leaf));
    EXPECT_EQ(leaves, Lines(Slurp(ProjectFile("fixtures/sections/leaves/" + name + ".txt"))))
        << name;
  }
}

// Both ways, by name: what the model has, and what a checkpoint of the matching class has.
TEST(SectionsTest, TheFixturesCoverTheirLayouts) {
  const Result<Sections> sections = ReadFixture();
  ASSERT_TRUE(sections.ok());
  for (const auto& [name, model] : sections->models) {
    std::multiset<std::string> internal;
    std::multiset<std::string> exported;
    for (const Leaf& leaf : model.leaves) {
      internal.insert(leaf.internal.begin(), leaf.internal.end());
      exported.insert(leaf.exported.begin(), leaf.exported.end());
    }
    ASSERT_TRUE(model.parameters && model.exported) << name;
    EXPECT_EQ(internal,
              std::multiset<std::string>(model.parameters->begin(), model.parameters->end()))
        << name;
    EXPECT_EQ(exported, std::multiset<std::string>(model.exported->begin(), model.exported->end()))
        << name;
  }
}

TEST(SectionsTest, TyingDropsTheOutputProjection) {
  const Result<Sections> sections = ReadFixture();
  ASSERT_TRUE(sections.ok());
  for (const char* name :
       {"LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "MixtralForCausalLM"}) {
    const auto& untied = *sections->models.find(name)->second.exported;
    const auto& tied = *sections->models.find(std::string(name) + "-tied")->second.exported;
    EXPECT_EQ(untied.size(), tied.size() + 1) << name;
    EXPECT_EQ(std::count(tied.begin(), tied.end(), "lm_head.weight"), 0) << name;
  }
}

TEST(SectionsTest, TheSchemaAcceptsTheFixture) {
  const SourceFile schema("schema", Slurp(ProjectFile("docs/sections.schema.json")));
  const SourceFile file("s", Slurp(ProjectFile("fixtures/sections/sections.json")));
  const Result<json::Value> schema_root = json::Parse(schema);
  const Result<json::Value> root = json::Parse(file);
  ASSERT_TRUE(schema_root.ok() && root.ok());
  EXPECT_TRUE(testing::Schema(*schema_root).Accepts(*root));
}

// A file with one section and one model around a declaration.
std::string WithDeclaration(const std::string& declaration, const std::string& config,
                            const std::string& sections = "") {
  return R"({"dialect": "sections", "sections": {"s": {"declarations": {"d": )" + declaration +
         "}}" + (sections.empty() ? "" : ", " + sections) +
         R"(}, "models": {"M": {"section": "s", "config": )" + config + "}}}";
}

std::string LeavesOf(const Result<Sections>& sections) {
  if (!sections) return sections.error().ToString();
  std::string text;
  for (const Leaf& leaf : sections->models.begin()->second.leaves) text += ShowLeaf(leaf) + '\n';
  return text;
}

constexpr const char* kNorm =
    R"("n": {"declarations": {"w": {"type": "Weight", "name": "w", "export": "v"}}})";

TEST(SectionsTest, Repeats) {
  EXPECT_EQ(
      LeavesOf(Read(
          "s.json",
          WithDeclaration(
              R"({"type": "Repeat", "prefix": "a.{2*i+1}", "export": "b.{i}", "section": "n", "count": 3})",
              "{}", kNorm))),
      "a.1.w = b.0.v\na.3.w = b.1.v\na.5.w = b.2.v\n");
}

TEST(SectionsTest, JoinsEmptyPrefixes) {
  EXPECT_EQ(LeavesOf(Read("s.json",
                          WithDeclaration(
                              R"({"type": "Nested", "prefix": "", "export": "b", "section": "n"})",
                              "{}", kNorm))),
            "w = b.v\n");
  EXPECT_EQ(
      LeavesOf(Read("s.json",
                    WithDeclaration(
                        R"({"type": "Linear", "prefix": "", "export": "b", "bias": true})", "{}"))),
      "weight = b.weight\nbias = b.bias\n");
}

TEST(SectionsTest, AnOptionalConfigMayBeNull) {
  const std::string leaf = R"({"type": "Weight", "name": "x", "export": "y"}, "e": )";
  const std::string nested =
      R"({"type": "Nested", "prefix": "a", "export": "b", "section": "n", "config": "c", "optional": true})";
  EXPECT_EQ(LeavesOf(Read("s.json", WithDeclaration(leaf + nested, R"({"c": null})", kNorm))),
            "x = y\n");
  EXPECT_EQ(LeavesOf(Read("s.json", WithDeclaration(leaf + nested, R"({"c": {}})", kNorm))),
            "x = y\na.w = b.v\n");
}

TEST(SectionsTest, AModelWithoutLeavesIsAnError) {
  const std::string nested =
      R"({"type": "Nested", "prefix": "a", "export": "b", "section": "n", "config": "c", "optional": true})";
  const Result<Sections> sections =
      Read("s.json", WithDeclaration(nested, R"({"c": null})", kNorm));
  ASSERT_FALSE(sections.ok());
  EXPECT_EQ(sections.error().message, "model \"M\" comes to no leaf at all");
}

TEST(SectionsTest, HoldsTheLimits) {
  const auto repeat = [](size_t count, const std::string& name, const std::string& section) {
    return Read("s.json", WithDeclaration(
                              R"({"type": "Repeat", "prefix": "a.{i}", "export": "b.{i}",)"
                              R"( "section": "n", "count": )" +
                                  std::to_string(count) + "}, \"x\": " +
                                  R"({"type": "Weight", "name": ")" + name + R"(", "export": "y"})",
                              "{}", section));
  };
  EXPECT_TRUE(repeat(kMaxLeaves - 1, "x", kNorm).ok());
  const std::string begin = "for this config the sections come to more than ";
  EXPECT_EQ(repeat(kMaxLeaves, "x", kNorm).error().message, begin + "50000 leaves");
  EXPECT_TRUE(repeat(1, std::string(kMaxKeyBytes, 'x'), kNorm).ok());
  EXPECT_EQ(repeat(1, std::string(kMaxKeyBytes + 1, 'x'), kNorm).error().message,
            begin + "16384 bytes in a name");

  const std::string empty = R"("n": {"declarations": {}})";
  EXPECT_TRUE(repeat(kMaxWalkedSections - 1, "x", empty).ok());
  const std::string twice =
      R"("m": {"declarations": {}}, "n": {"declarations": {"r": {"type": "Repeat", "prefix": "",)"
      R"( "export": "", "section": "m", "count": 1000}}})";
  EXPECT_EQ(repeat(kMaxWalkedSections / 1000, "x", twice).error().message,
            begin + "1000000 sections");

  const std::string long_names = R"("n": {"declarations": {"w": {"type": "Weight", "name": ")" +
                                 std::string(5000, 'w') + R"(", "export": "v"}}})";
  // A repetition counts its prefix, "a.7", and the two names of its leaf; the last leaf is "x" and
  // "y".
  size_t count = 0;
  uint64_t left = kMaxLeafNameBytes - 1;
  while (left > kMaxKeyBytes) {
    left -= 3 * ("a." + std::to_string(count++)).size() + (1 + 5000) + (1 + 1);
  }
  EXPECT_TRUE(repeat(count, std::string(left, 'x'), long_names).ok());
  EXPECT_EQ(repeat(count, std::string(left + 1, 'x'), long_names).error().message,
            begin + "67108864 bytes of names");
}

struct Case {
  const char* what;
  std::string text;
  std::string place;  // the text that the place points to
  std::string error;
};

TEST(SectionsTest, EveryFaultHasItsPlace) {
  const std::string linear = R"({"type": "Linear", "prefix": "a", "export": "b")";
  const std::string nested = R"({"type": "Nested", "prefix": "a", "export": "b", "section": "n")";
  const std::string dispatch =
      R"({"type": "Dispatch", "prefix": "a", "export": "b", "config": "c", "registry": {"x": "n"}})";
  const std::string sequence =
      R"({"type": "BlockSequence", "prefix": "a", "export": "b", "section": "n", "config": "c"})";
  const std::vector<Case> cases = {
      {"neither bias", WithDeclaration(linear + "}", "{}"), linear,
       "expected exactly one of \"bias\" and \"bias_from\", found neither"},
      {"both biases", WithDeclaration(linear + R"(, "bias": true, "bias_from": "x"})", "{}"),
       linear, "expected exactly one of \"bias\" and \"bias_from\", found both"},
      {"neither count",
       WithDeclaration(
           R"({"type": "Repeat", "prefix": "a.{i}", "export": "b.{i}", "section": "n"})", "{}",
           kNorm),
       R"({"type": "Repeat")",
       "expected exactly one of \"count\" and \"count_from\", found neither"},
      {"an unknown attribute",
       WithDeclaration(linear + R"(, "bias_from": "x.y"})", R"({"x": {"z": true}})"), "\"x.y\"",
       "has no attribute \"y\" of the path \"x.y\""},
      {"a null for a switch", WithDeclaration(linear + R"(, "bias_from": "x"})", R"({"x": null})"),
       "null", "expected true or false as \"x\", found null"},
      {"a null config", WithDeclaration(nested + R"(, "config": "c"})", R"({"c": null})", kNorm),
       "\"c\"", "the config's \"c\" is null, and the declaration is not optional"},
      {"a type without a section", WithDeclaration(dispatch, R"({"c": {"type": "y"}})", kNorm),
       dispatch, "declaration \"d\" has no section for the type \"y\""},
      {"no type at all", WithDeclaration(dispatch, R"({"c": {}})", kNorm), dispatch,
       "has no attribute \"type\""},
      {"an unknown sequence",
       WithDeclaration(sequence, R"({"c": {"type": "random", "num_blocks": 1}})", kNorm),
       "\"random\"", "unknown type of block sequence \"random\""},
      {"an unknown block",
       WithDeclaration(
           sequence,
           R"({"c": {"type": "pattern", "num_blocks": 1, "pattern": ["p"], "blocks": {"q": {}}}})",
           kNorm),
       "\"p\"", "there is no block \"p\""},
      {"too many blocks",
       WithDeclaration(sequence,
                       R"({"c": {"type": "fixed", "num_blocks": 1000000000, "block": {}}})", kNorm),
       sequence, "a count of 1000000000 is too large"},
      {"a section that is not there", WithDeclaration(nested + "}", "{}"), "\"n\"",
       "there is no section \"n\""},
      {"a section in itself",
       WithDeclaration(R"({"type": "Nested", "prefix": "a", "export": "b", "section": "s"})",
                       "{\"e\": 1}"),
       "{\"e\": 1}", "is nested more than 64 deep here"},
      {"an unknown type of declaration",
       WithDeclaration(R"({"type": "Wait", "name": "a", "export": "b"})", "{}"), "\"Wait\"",
       "unknown declaration type \"Wait\""},
      {"a misspelled field",
       WithDeclaration(R"({"type": "Weight", "name": "a", "exports": "b"})", "{}"),
       R"({"type": "Weight")", "expected \"export\" in declaration \"d\""},
      {"one name for two",
       WithDeclaration(R"({"type": "Weight", "name": "a", "export": ["b", "c"]})", "{}"),
       R"({"type": "Weight")",
       "expected as many exported names as internal ones in Weight \"d\", found 1 and 2"},
      {"three keys and values",
       WithDeclaration(R"({"type": "KeyValue", "name": "a", "export": ["b", "c", "e"]})", "{}"),
       R"({"type": "KeyValue")", "expected two exported names, key and value"},
      {"a pattern for a name",
       WithDeclaration(R"({"type": "Weight", "name": "a.*", "export": "b"})", "{}"), "\"a.*\"",
       "expected letters, digits, '_', '-' and '.' in a name"},
      {"an index below 0",
       WithDeclaration(
           R"({"type": "Repeat", "prefix": "a.{i-1}", "export": "b.{i}", "section": "n", "count": 1})",
           "{}", kNorm),
       "\"a.{i-1}\"", "an index below 0"},
      {"a faulty index",
       WithDeclaration(
           R"({"type": "Repeat", "prefix": "a.{j}", "export": "b.{i}", "section": "n", "count": 1})",
           "{}", kNorm),
       "\"a.{j}\"", "a faulty index"},
      {"both configs",
       R"({"dialect": "sections", "sections": {}, "models": {"M": {"section": "s", "config": {}, "config_file": "c"}}})",
       R"({"section")", "expected exactly one of \"config\" and \"config_file\", found both"},
      {"no model", R"({"dialect": "sections", "sections": {}, "models": {}})", "{}}",
       "expected at least one model, found none"},
      {"an unknown parent",
       R"({"dialect": "sections", "sections": {"a": {"extends": "b", "declarations": {}}}, "models": {}})",
       "\"b\"", "section \"a\" extends \"b\", which is not there"},
      {"a circle",
       R"({"dialect": "sections", "sections": {"a": {"extends": "b", "declarations": {}}, "b": {"extends": "a", "declarations": {}}}, "models": {}})",
       "\"a\", \"declarations\": {}}}", "section \"a\" extends itself, by way of \"b\""},
      {"nothing to drop",
       R"({"dialect": "sections", "sections": {"a": {"declarations": {"x": null}}}, "models": {}})",
       "null", "nothing to drop: \"a\" inherits no \"x\""},
  };
  for (const Case& one : cases) {
    const Result<Sections> sections = Read("s.json", one.text);
    ASSERT_FALSE(sections.ok()) << one.what;
    const Error& error = sections.error();
    EXPECT_NE(error.message.find(one.error), std::string::npos)
        << one.what << ": " << error.message;
    EXPECT_EQ(error.place.file, "s.json") << one.what;
    EXPECT_EQ(error.place.line, 1U) << one.what;
    EXPECT_EQ(one.text.substr(error.place.column - 1, one.place.size()), one.place)
        << one.what << ": " << error.ToString();
  }
}

}  // namespace
}  // namespace wcheck
