#include "support/json.h"

#include <gtest/gtest.h>

#include "support/json_fields.h"
#include "support/limits.h"
#include "test_files.h"

namespace wcheck::json {
namespace {

Result<Value> ParseText(const std::string& text) {
  // The places of errors are plain values, so the file need not outlive them.
  return Parse(SourceFile("t.json", text));
}

std::string ErrorOf(const std::string& text) {
  Result<Value> value = ParseText(text);
  return value.ok() ? "no error" : value.error().ToString();
}

bool Same(const Value& a, const Value& b) {
  if (a.kind != b.kind || a.boolean != b.boolean || a.integer != b.integer ||
      a.number != b.number || a.string != b.string || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  for (size_t i = 0; i < a.items.size(); ++i) {
    if (!Same(a.items[i], b.items[i])) return false;
  }
  for (size_t i = 0; i < a.members.size(); ++i) {
    if (a.members[i].name != b.members[i].name) return false;
    if (!Same(a.members[i].value, b.members[i].value)) return false;
  }
  return true;
}

// The text that a value's range covers must be that value and nothing else.
void CheckRanges(const SourceFile& file, const Value& value) {
  const std::string text =
      file.text().substr(value.where.begin, value.where.end - value.where.begin);
  ASSERT_FALSE(text.empty());
  ASSERT_EQ(std::string(" \t\r\n").find(text.front()), std::string::npos);
  ASSERT_EQ(std::string(" \t\r\n").find(text.back()), std::string::npos);
  const SourceFile part("part", text);
  Result<Value> again = Parse(part);
  ASSERT_TRUE(again.ok()) << text << again.error().ToString();
  ASSERT_TRUE(Same(*again, value)) << text;
  for (const Value& item : value.items) ASSERT_NO_FATAL_FAILURE(CheckRanges(file, item));
  for (const auto& [name, member] : value.members) {
    const SourceRange& at = member.name_where;
    const SourceFile quoted("name", file.text().substr(at.begin, at.end - at.begin));
    Result<Value> spelled = Parse(quoted);
    ASSERT_TRUE(spelled.ok() && spelled->is_string()) << quoted.text();
    ASSERT_EQ(spelled->string, name);
    ASSERT_NO_FATAL_FAILURE(CheckRanges(file, member));
  }
}

TEST(JsonParseTest, ReadsEveryKindOfValue) {
  Result<Value> value = ParseText(
      R"( {"n": null, "t": true, "f": false, "i": -12, "big": 9223372036854775807,
           "huge": 9223372036854775808, "x": 1.5e1, "s": "a\"\u00e9\n", "l": [], "o": {}} )");
  ASSERT_TRUE(value.ok()) << value.error().ToString();
  EXPECT_TRUE(value->Find("n")->is_null());
  EXPECT_TRUE(value->Find("t")->boolean);
  EXPECT_FALSE(value->Find("f")->boolean);
  EXPECT_EQ(value->Find("i")->integer, -12);
  EXPECT_EQ(value->Find("big")->integer, INT64_MAX);
  EXPECT_EQ(value->Find("huge")->kind, Value::Kind::kFloat) << "does not fit into 64 bits";
  EXPECT_EQ(value->Find("x")->number, 15.0);
  EXPECT_EQ(value->Find("s")->string, "a\"\xC3\xA9\n");
  EXPECT_TRUE(value->Find("l")->is_array());
  EXPECT_TRUE(value->Find("o")->is_object());
  EXPECT_EQ(value->Find("absent"), nullptr);
  EXPECT_EQ(value->members.size(), 10u);
  EXPECT_EQ(value->members[1].name, "t") << "in the order written";
}

TEST(JsonParseTest, KnowsWhereEveryValueStands) {
  for (const std::string text :
       {R"([1,2 , 3])", R"({"a":1})", R"({"a":-1.5e3 ,"b" : [true,{"c":null}]})", "12", " 12 ",
        R"(["a\\\"]", "\u0041", ""])", "\xEF\xBB\xBF[0]", "[[[]],{}]", "[1\n,\n-2]"}) {
    const SourceFile file("t.json", text);
    Result<Value> value = Parse(file);
    ASSERT_TRUE(value.ok()) << text << value.error().ToString();
    ASSERT_NO_FATAL_FAILURE(CheckRanges(file, *value));
  }
}

TEST(JsonParseTest, KnowsWhereEveryValueOfARegistryStands) {
  const SourceFile file("r",
                        testing::Slurp(testing::ProjectFile("fixtures/subset/registry-5.16.json")));
  Result<Value> value = Parse(file);
  ASSERT_TRUE(value.ok());
  ASSERT_NO_FATAL_FAILURE(CheckRanges(file, *value));
}

TEST(JsonParseTest, SaysWhereTheTextIsWrong) {
  EXPECT_EQ(ErrorOf(""),
            "t.json:1:1: error: not valid JSON: unexpected end of input; expected '[', '{', or a "
            "literal");
  EXPECT_EQ(ErrorOf("[1,\n 2"),
            "t.json:2:3: error: not valid JSON: unexpected end of input; expected ']'");
  EXPECT_EQ(ErrorOf("{\"a\" 1}"),
            "t.json:1:6: error: not valid JSON: unexpected number literal; expected ':'");
  EXPECT_EQ(ErrorOf("[1,,2]"),
            "t.json:1:4: error: not valid JSON: unexpected ','; expected '[', '{', or a literal");
  EXPECT_EQ(ErrorOf("{} \"more\""),
            "t.json:1:4: error: not valid JSON: unexpected string literal; expected end of input");
  EXPECT_EQ(ErrorOf("[nan]"), "t.json:1:2: error: not valid JSON: invalid literal");
  EXPECT_EQ(ErrorOf("[1e999]"),
            "t.json:1:2: error: not valid JSON: number overflow parsing '1e999'");
  EXPECT_EQ(ErrorOf("[\"a\nb\"]"),
            "t.json:1:4: error: not valid JSON: invalid string: control character U+000A (LF) "
            "must be escaped to \\u000A or \\n");
  EXPECT_EQ(ErrorOf("[\"\xC3(\"]"),
            "t.json:1:3: error: found byte 0xC3, expected UTF-8 text\n"
            "  save the file as UTF-8");
}

TEST(JsonParseTest, RefusesWhatOthersPassOver) {
  for (const std::string& text :
       {std::string("{}\0", 3), std::string("{}\0 x", 5), std::string("[\0]", 3)}) {
    EXPECT_NE(ErrorOf(text).find("unexpected NUL byte"), std::string::npos) << ErrorOf(text);
  }
  for (const std::string text : {"[NaN]", "[Infinity]", "[-Infinity]", "[01]", "[1.]", "[.5]",
                                 "[+1]", "['a']", "{a: 1}", "[1,]", "{\"a\":1,}", "// c\n[]",
                                 "[\"\\ud800\"]", "[\"\\x41\"]", "[tru]", "[1] [2]", "]"}) {
    EXPECT_NE(ErrorOf(text).find("error: not valid JSON"), std::string::npos) << text;
  }
}

TEST(JsonParseTest, RefusesEveryTruncation) {
  const std::string text = R"({"a": [1, 2.5, "x\n", {"b": null}], "c": true})";
  ASSERT_TRUE(ParseText(text).ok());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseText(text.substr(0, size)).ok()) << size;
  }
}

TEST(JsonParseTest, NamesBothPlacesOfADuplicateKey) {
  EXPECT_EQ(ErrorOf("{\"a\": 1,\n \"b\": 2, \"a\": 3}"),
            "t.json:2:10: error: duplicate key \"a\"; first defined at line 1, column 2\n"
            "  remove or rename one of the two");
  EXPECT_NE(ErrorOf(R"([{"x": {"\u0061": 1, "a": 2}}])").find("duplicate key \"a\""),
            std::string::npos)
      << "keys are equal by what they say, not by how they are spelled";
  EXPECT_EQ(ErrorOf(R"({"a": {"a": 1}, "b": {"a": 1}})"), "no error");
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"key" + std::to_string(i) + "\": 0, ";
  EXPECT_EQ(ErrorOf(many + "\"last\": 0}"), "no error");
  EXPECT_NE(ErrorOf(many + "\"key517\": 0}").find("duplicate key \"key517\""), std::string::npos);
}

TEST(JsonParseTest, BoundsTheDepth) {
  auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(ErrorOf(nested(kMaxDepth)), "no error");
  EXPECT_EQ(ErrorOf(nested(kMaxDepth + 1)), "t.json:1:201: error: nested more than 200 deep");
  EXPECT_EQ(ErrorOf(std::string(1'000'000, '[')), "t.json:1:201: error: nested more than 200 deep");
}

TEST(JsonParseTest, BoundsTheNumberOfValues) {
  std::string text = "[0";
  for (size_t i = 2; i < kMaxJsonValues; ++i) text += ",0";
  EXPECT_TRUE(Parse(SourceFile("f.json", text + ']')).ok());
  const Result<Value> over = Parse(SourceFile("f.json", text + ",0]"));
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "more than 2000000 values");
}

TEST(JsonParseTest, ShiftsTheLinesOfErrors) {
  const SourceFile line("t.jsonl", "{\"a\": 1, \"a\": 2}");
  EXPECT_EQ(Parse(line, 7).error().ToString(),
            "t.jsonl:7:10: error: duplicate key \"a\"; first defined at line 7, column 2\n"
            "  remove or rename one of the two");
}

TEST(PeekStringTest, ReadsNoFurtherThanItMust) {
  EXPECT_EQ(PeekString(R"({"class": "A", broken)", "class"), "A");
  EXPECT_EQ(PeekString(R"({"x": {"class": "inner"}, "y": [{"class": 1}], "class": "A"})", "class"),
            "A");
  EXPECT_EQ(PeekString(R"({"x": broken, "class": "A"})", "class"), std::nullopt);
  EXPECT_EQ(PeekString(R"({"class": ["A"]})", "class"), std::nullopt);
  EXPECT_EQ(PeekString(R"([{"class": "A"}])", "class"), std::nullopt);
  EXPECT_EQ(PeekString(R"({"x": 1})", "class"), std::nullopt);
  EXPECT_EQ(PeekString("", "class"), std::nullopt);
  EXPECT_EQ(PeekString("\"class\"", "class"), std::nullopt);
}

TEST(CompactTest, KeepsTheValueAndDropsTheSpace) {
  const std::string text =
      testing::Slurp(testing::ProjectFile("fixtures/subset/registry-5.16.json"));
  const std::string compact = Compact(text, 3);
  EXPECT_LT(compact.size(), text.size() * 7 / 10);
  EXPECT_TRUE(Same(*ParseText(text), *ParseText(compact)));
  EXPECT_EQ(Compact("{ \"a b\\\" \": [ 1, { } ] , \"c\": [] }", 0),
            "{\"a b\\\" \":[1,{}],\"c\":[]}");
  EXPECT_EQ(Compact("{\"a\": [1, {\"x\": [2, 3]}], \"c\": []}", 2),
            "{\n\"a\":[\n1,\n{\"x\":[2,3]}],\n\"c\":[]}");
}

TEST(FieldsTest, RemembersTheFirstError) {
  const SourceFile file("t.json", R"({"name": 1, "size": "x", "odd": 2})");
  Result<Value> value = Parse(file);
  ASSERT_TRUE(value.ok());
  Fields fields(*value, "a thing");
  EXPECT_EQ(fields.String("name"), "");
  EXPECT_EQ(fields.IntegerOr("size", 7), 7);
  EXPECT_EQ(fields.Done().error().ToString(),
            "t.json:1:10: error: expected a string as \"name\", found an integer");
}

TEST(FieldsTest, RefusesWhatNobodyAskedFor) {
  const SourceFile file("t.json", R"({"name": "x", "odd": 2, "none": null})");
  Result<Value> value = Parse(file);
  ASSERT_TRUE(value.ok());
  Fields fields(*value, "a thing");
  EXPECT_EQ(fields.String("name"), "x");
  EXPECT_EQ(fields.OptionalString("none"), std::nullopt);
  EXPECT_TRUE(fields.BooleanOr("absent", true));
  EXPECT_EQ(fields.Done().error().ToString(),
            "t.json:1:15: error: unknown key \"odd\" in a thing\n"
            "  its keys are name, none, absent");
}

}  // namespace
}  // namespace wcheck::json
