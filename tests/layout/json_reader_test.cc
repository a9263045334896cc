#include "layout/json_reader.h"

#include <gtest/gtest.h>

#include "schema.h"
#include "show_layout.h"
#include "support/file.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::ProjectFile;
using testing::Slurp;
using testing::TempFolder;

constexpr std::string_view kTail =
    R"("model_type":"a","base_model_prefix":"","modules":[{"path":"","class":"A","model_type":""}],)"
    R"("keys":{},"tied":{}})";

std::string Line(std::string_view class_name) {
  return "{\"class\":\"" + std::string(class_name) + "\"," + std::string(kTail) + "\n";
}

std::string OpenError(const TempFolder& folder, std::string_view text) {
  Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(folder.Put("l.jsonl", text));
  return layouts.ok() ? "no error" : layouts.error().ToString().substr(folder.path().size() + 1);
}

TEST(JsonLayoutTest, AgreesWithItsSchema) {
  testing::CheckSamples(Slurp(ProjectFile("docs/layout.schema.json")),
                        Slurp(ProjectFile("tests/layout/samples.json")),
                        [](const json::Value& value) {
                          Result<Layout> layout = ReadLayout(value);
                          return layout.ok() ? std::string() : layout.error().ToString();
                        });
}

// Python writes out the same layouts, and the two texts must be equal.
TEST(JsonLayoutTest, ReadsTheCorpusAsPythonDoes) {
  const std::string path = testing::CorpusFolder() + "/layouts-5.16.jsonl.xz";
  Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(path);
  ASSERT_TRUE(layouts.ok()) << layouts.error().ToString();
  EXPECT_GE((*layouts)->size(), 70u);
  TempFolder folder;
  testing::AskPython(R"(
import json, lzma, os, sys
path, folder = sys.argv[1].split('|')
for number, line in enumerate(lzma.open(path, 'rt')):
    d = json.loads(line)
    with open(os.path.join(folder, str(number)), 'w') as out:
        print('class', d['class'], d['model_type'], d['base_model_prefix'], d.get('dir', ''), file=out)
        for m in d['modules']: print('module', m['path'], m['class'], m['model_type'], file=out)
        for line in sorted(f'key {k} {shape} {dtype}' for k, (shape, dtype) in d['keys'].items()):
            print(line, file=out)
        for a, b in d['tied'].items(): print('tied', a, b, file=out)
        declared = d.get('declared_tied')
        if declared is not None: print('declared', 'map' if isinstance(declared, dict) else 'list', file=out)
        for name in declared or []:
            print('declared', name, *[declared[name]] if isinstance(declared, dict) else [], file=out)
)",
                     "", path + "|" + folder.path());
  for (size_t i = 0; i < (*layouts)->size(); ++i) {
    Result<Layout> layout = (*layouts)->Read(i);
    ASSERT_TRUE(layout.ok()) << layout.error().ToString();
    EXPECT_EQ(layout->class_name, (*layouts)->class_name(i));
    EXPECT_EQ((*layouts)->Find(layout->class_name), i);
    ASSERT_EQ(testing::ShowLayout(*layout), Slurp(folder.File(std::to_string(i))));
  }
  EXPECT_EQ((*layouts)->Find("NoSuchClass"), std::nullopt);
}

TEST(JsonLayoutTest, TheSchemaAcceptsTheCorpus) {
  const SourceFile schema_file("schema", Slurp(ProjectFile("docs/layout.schema.json")));
  const Result<json::Value> schema = json::Parse(schema_file);
  ASSERT_TRUE(schema.ok());
  Result<std::string> text =
      ReadMaybeCompressed(testing::CorpusFolder() + "/layouts-5.16.jsonl.xz", kMaxLayoutsFile);
  ASSERT_TRUE(text.ok());
  std::istringstream lines(*text);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const SourceFile file("layout", line);
    const Result<json::Value> value = json::Parse(file);
    ASSERT_TRUE(value.ok());
    ASSERT_TRUE(testing::Schema(*schema).Accepts(*value)) << line.substr(0, 60);
  }
  EXPECT_GE(count, 70u);
}

TEST(JsonLayoutTest, HoldsTheLimitOfSubModels) {
  const auto read = [](size_t count) {
    std::string modules = R"({"path": "", "class": "T", "model_type": "t"})";
    for (size_t i = 1; i < count; ++i) {
      modules += R"(, {"path": "m)" + std::to_string(i) + R"(", "class": "C", "model_type": "c"})";
    }
    const SourceFile file("f.jsonl", R"({"class": "T", "model_type": "t", "base_model_prefix": "",
        "keys": {}, "tied": {}, "modules": [)" + modules + "]}");
    return ReadLayout(json::Parse(file).value());
  };
  EXPECT_TRUE(read(kMaxSubModels).ok());
  const Result<Layout> over = read(kMaxSubModels + 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "a model with more than 500 sub-models");
}

TEST(OpenLayoutsTest, TakesLinesAndSkipsBlankOnes) {
  TempFolder folder;
  Result<std::unique_ptr<LayoutSource>> layouts =
      OpenLayouts(folder.Put("l.jsonl", "\n" + Line("A") + " \r\n" + Line("B") + "\n"));
  ASSERT_TRUE(layouts.ok()) << layouts.error().ToString();
  ASSERT_EQ((*layouts)->size(), 2u);
  EXPECT_EQ((*layouts)->class_name(1), "B");
  EXPECT_EQ((*layouts)->Find("B"), 1u);
  EXPECT_TRUE((*layouts)->Read(1).ok());
}

TEST(OpenLayoutsTest, SaysWhatIsWrongAtOnce) {
  TempFolder folder;
  EXPECT_EQ(OpenError(folder, ""), "l.jsonl: error: expected layouts, found an empty file");
  EXPECT_EQ(OpenError(folder, "\n\n"), "l.jsonl: error: expected layouts, found an empty file");
  EXPECT_EQ(OpenError(folder, Line("A") + Line("B") + Line("A")),
            "l.jsonl:3: error: class \"A\" already has a layout, in line 1\n"
            "  keep one of the two");
  EXPECT_EQ(OpenError(folder, Line("A") + "{\"class\""),
            "l.jsonl:2:9: error: not valid JSON: unexpected end of input; expected ':'\n"
            "  the file contains one layout (an object) per line");
  EXPECT_EQ(OpenError(folder, Line("A") + "[]\n"),
            "l.jsonl:2:1: error: expected a layout (an object), found a list\n"
            "  the file contains one layout (an object) per line");
  EXPECT_EQ(OpenError(folder, "{\n"),
            "l.jsonl:1:2: error: not valid JSON: unexpected end of input; expected string literal\n"
            "  the file contains one layout (an object) per line");
  EXPECT_EQ(OpenError(folder, "{\"class\": 1}"),
            "l.jsonl:1:11: error: expected a string as \"class\", found an integer\n"
            "  the file contains one layout (an object) per line");
}

TEST(OpenLayoutsTest, ErrorsInsideALineNameTheLine) {
  TempFolder folder;
  auto read_second = [&](const std::string& line) {
    Result<std::unique_ptr<LayoutSource>> layouts =
        OpenLayouts(folder.Put("l.jsonl", Line("A") + "\n" + line));
    EXPECT_TRUE(layouts.ok());
    EXPECT_TRUE((*layouts)->Read(0).ok());
    Result<Layout> layout = (*layouts)->Read(1);
    return layout.ok() ? "no error" : layout.error().ToString().substr(folder.path().size() + 1);
  };
  EXPECT_EQ(read_second("{\"class\":\"B\", \"keys\": 3}"),
            "l.jsonl:3:1: error: expected a layout with a key \"model_type\"\n  add the key");
  EXPECT_EQ(read_second("{\"class\":\"B\", \"class\": \"C\"}"),
            "l.jsonl:3:15: error: duplicate key \"class\"; first defined at line 3, column 2\n"
            "  remove or rename one of the two");
  EXPECT_EQ(read_second("{\"class\":\"B\", \"\xC0\": \"C\"}"),
            "l.jsonl:3:16: error: found byte 0xC0, expected UTF-8 text\n"
            "  save the file as UTF-8");
  EXPECT_EQ(read_second("{\"class\":\"B\""),
            "l.jsonl:3:13: error: not valid JSON: unexpected end of input; expected '}'");
}

// Lines are read fast where they are as they should be; the answer is the strict reader's.
TEST(OpenLayoutsTest, ReadsKeysAsTheStrictReaderDoes) {
  TempFolder folder;
  size_t read = 0;
  for (const char* keys : {
           R"({})",
           R"({"a.0.w":[[4,6],"float32"],"a.1.w":[[4,6],"float32"],"s":[[],"int64"]})",
           R"( { "a.10.w" : [ [ 4 , 6 ] , "float32" ] , "a.9.w" : [ [4,6], "float16" ] } )",
           R"({"a\u002e0.w":[[4],"float32"],"a.1.w":[[4],"float32"]})",
           R"({"\"":[[4],"float32"],"b\\":[[4],"float32"]})",
           "{\"\u00e9.0\":[[4],\"float32\"]}",
           R"({"a":[[4],"float\u0033"]})",
           R"({"a.0":[[4],"f"],"a.1":[[4],"f"],"a.0":[[5],"f"]})",
           R"({"a.1":[[4],"f"],"a.0":[[4],"f"],"a.1":[[4],"f"]})",
           R"({"a":[[-1],"f"]})",
           R"({"a":[[1.0],"f"]})",
           R"({"a":[[1e2],"f"]})",
           R"({"a":[[01],"f"]})",
           R"({"a":[[99999999999999999999],"f"]})",
           R"({"a":[[9223372036854775807],"f"]})",
           R"({"a":[[true],"f"]})",
           R"({"a":[[4],""]})",
           R"({"a":[[4],5]})",
           R"({"a":[[4]]})",
           R"({"a":[[4],"f",1]})",
           R"({"a":[4,"f"]})",
           R"({"a":{"f":[4]}})",
           R"({"a":[[4],"f"],})",
           R"({"a":[[4],"f"]]})",
           R"({"a":[[4] "f"]})",
           R"({"a" [[4],"f"]})",
           "{\"a\x01\":[[4],\"f\"]}",
           "{\"a\xff\":[[4],\"f\"]}",
           R"([])",
           R"({"a":[[4],"f"]},"keys":{})",
           R"({"a":[[4],"f"]},"surplus":1)",
           R"({"a":[[4],"f"]}} {)",
       }) {
    const std::string line =
        R"({"class":"A","model_type":"a","base_model_prefix":"","modules":[{"path":"","class":"A",)"
        R"("model_type":""}],"keys":)" +
        std::string(keys) + R"(,"tied":{}})";
    const std::string path = folder.Put("l.jsonl", line);
    Result<Layout> strict = [&]() -> Result<Layout> {
      const SourceFile file(path, line);
      Result<json::Value> value = json::Parse(file);
      if (!value) return value.error();
      return ReadLayout(*value);
    }();
    Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(path);
    Result<Layout> lines = layouts ? (*layouts)->Read(0) : layouts.error();
    ASSERT_EQ(strict.ok(), lines.ok()) << keys;
    if (strict) {
      EXPECT_EQ(testing::ShowKeys(*strict), testing::ShowKeys(*lines)) << keys;
      ++read;
    } else {
      EXPECT_EQ(strict.error().ToString(), lines.error().ToString()) << keys;
    }
  }
  EXPECT_EQ(read, 8u);
}

TEST(OpenLayoutsTest, FilesThatCannotBeRead) {
  TempFolder folder;
  EXPECT_FALSE(OpenLayouts(folder.File("absent.jsonl")).ok());
  EXPECT_FALSE(OpenLayouts(folder.path()).ok());
  const std::string packed = Slurp(ProjectFile("fixtures/subset/layouts-5.16.jsonl.xz"));
  EXPECT_FALSE(OpenLayouts(folder.Put("l.jsonl.xz", packed.substr(0, packed.size() / 2))).ok());
  EXPECT_FALSE(OpenLayouts(folder.Put("l.jsonl", packed)).ok()) << "packed, but not called .xz";
}

}  // namespace
}  // namespace wcheck
