// The JSON format is validated against its own schema, by an independent validator.
#include <gtest/gtest.h>
#include <llvm/Support/raw_ostream.h>

#include "test_files.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

std::string Schema() { return ProjectFile("docs/findings.schema.json"); }

TEST(JsonReport, KeepsItsSchema) {
  for (const NamedSample& named : AllSamples()) {
    SCOPED_TRACE(named.name);
    // Of the large one, what differs from the others is its size.
    if (named.name == "large") continue;
    EXPECT_EQ(ValidateJson(named.make().Write("json"), Schema()), "");
  }
}

TEST(JsonReport, TheSchemaRefusesOtherThings) {
  const std::string report = OrdinarySample().Write("json");
  auto replaced = [&](std::string_view what, std::string_view by) {
    std::string text = report;
    const size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  };
  EXPECT_NE(ValidateJson(replaced("\"version\": 3", "\"version\": 2"), Schema()), "");
  EXPECT_NE(ValidateJson(replaced("\"severity\": \"error\"", "\"severity\": \"bad\""), Schema()),
            "");
  EXPECT_NE(ValidateJson(replaced("\"cause\"", "\"couse\""), Schema()), "");
  EXPECT_NE(ValidateJson(replaced("\"line\": 3", "\"line\": 0"), Schema()), "");
}

// What a program reads out of the report is what the findings hold.
TEST(JsonReport, HoldsTheFindings) {
  constexpr std::string_view kProgram = R"py(
import json, sys
report = json.load(sys.stdin)
print(report["summary"])
first = report["findings"][0]
print(first["place"])
print(first["transform"])
print(first["classes"][0]["keys"][0]["count"], first["classes"][0]["omitted"])
print(first["related"][0]["place"]["line"], first["related"][0]["transform"]["blame"])
print(report["findings"][1]["fix"]["edits"])
print("place" in report["findings"][4], "transform" in report["findings"][4])
)py";
  EXPECT_EQ(
      AskPython(kProgram, OrdinarySample().Write("json")),
      R"out({'errors': 1, 'warnings': 1, 'notes': 3, 'classes': 1626, 'keys': 1041733, 'fail_on': 'error', 'outcome': 'findings', 'failed': True}
{'file': 'src/mapping.py', 'line': 3, 'column': 24, 'end_line': 3, 'end_column': 41}
{'entry': 'llava', 'index': 0, 'text': "WeightRenaming('^language_model' -> 'model.language_model')", 'blame': {'part': 'source', 'index': 0}}
32 3
4 {'part': 'target', 'index': 0}
[{'place': {'file': 'src/mapping.py', 'line': 4, 'column': 25, 'end_line': 4, 'end_column': 37}, 'replacement': 'vision\\\\.tower'}]
False False
)out");
  ;
}

// No name is elided or escaped here, but for bytes that are no UTF-8.
TEST(JsonReport, KeepsNamesWhole) {
  constexpr std::string_view kProgram = R"py(
import json, sys
for finding in json.load(sys.stdin)["findings"]:
    if finding["check"] == "lost-key":
        key = finding["classes"][0]["keys"][0]["key"]
        print(len(key), hash(key) == hash(finding["advice"]) if key else "advice" not in finding)
)py";
  const std::string lengths = AskPython(kProgram, HostileSample().Write("json"));
  EXPECT_NE(lengths.find("\n10000 True\n10000 True\n0 True\n"), std::string::npos) << lengths;
  EXPECT_EQ(lengths.find("False"), std::string::npos);
}

TEST(JsonReport, FileNamesAreRelativeInsideTheFolder) {
  Sample sample = CleanSample();
  for (const char* path : {"/repo/src/./a b.py", "/repository/b.py", "x/../c.py"}) {
    Finding finding;
    finding.check = "lost-key";
    finding.where = {&sample.AddFile(path, "x"), 0, 1};
    sample.judgement.findings.push_back(finding);
  }
  ReportInput input = sample.Input();
  input.folder = "/repo";
  auto write = [&](void (*report)(const ReportInput&, llvm::raw_ostream*)) {
    std::string text;
    llvm::raw_string_ostream out(text);
    report(input, &out);
    return text;
  };
  const std::string json = write(WriteJsonReport);
  for (const char* name : {"\"src/a b.py\"", "\"/repository/b.py\"", "\"c.py\""}) {
    EXPECT_NE(json.find(name), std::string::npos) << name;
  }
  const std::string sarif = write(WriteSarifReport);
  for (const char* name : {"\"src/a%20b.py\"", "\"file:///repository/b.py\"", "\"c.py\""}) {
    EXPECT_NE(sarif.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace wcheck::testing
