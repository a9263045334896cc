// SARIF is validated against the published schema, by an independent validator.
#include <gtest/gtest.h>
#include <llvm/Support/raw_ostream.h>

#include "test_files.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

std::string Schema() { return ProjectFile("tests/report/data/sarif-2.1.0-rtm.5.json"); }

TEST(SarifReport, KeepsThePublishedSchema) {
  for (const NamedSample& named : AllSamples()) {
    SCOPED_TRACE(named.name);
    // Of the large one, what differs from the others is its size.
    if (named.name == "large") continue;
    EXPECT_EQ(ValidateJson(named.make().Write("sarif"), Schema()), "");
  }
}

TEST(SarifReport, TheSchemaRefusesOtherThings) {
  std::string report = OrdinarySample().Write("sarif");
  const size_t at = report.find("\"ruleId\"");
  ASSERT_NE(at, std::string::npos);
  report.replace(at, 8, "\"ruleID\"");
  EXPECT_NE(ValidateJson(report, Schema()), "");
}

TEST(SarifReport, HoldsTheFindings) {
  constexpr std::string_view kProgram = R"py(
import json, sys
run = json.load(sys.stdin)["runs"][0]
rules = run["tool"]["driver"]["rules"]
print([(rule["name"], rule["defaultConfiguration"]["level"]) for rule in rules])
for result in run["results"]:
    # The rule of the index is the rule of the name.
    print(rules[result["ruleIndex"]]["id"] == result["ruleId"], result["level"],
          len(result["partialFingerprints"]["wcheckIdentity/v1"]))
first = run["results"][0]
location = first["locations"][0]
print(location["physicalLocation"])
print([l.get("fullyQualifiedName", l["name"]) for l in location["logicalLocations"]])
steps = first["codeFlows"][0]["threadFlows"][0]["locations"]
print([step["location"]["message"]["text"] for step in steps])
print(first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"])
change = run["results"][1]["fixes"][0]["artifactChanges"][0]
print(change["artifactLocation"], change["replacements"])
)py";
  EXPECT_EQ(AskPython(kProgram, OrdinarySample().Write("sarif")),
            R"out([('LostKey', 'error'), ('UnescapedDot', 'warning'), ('UnusedTransform', 'note')]
True error 64
True warning 64
True note 64
True note 64
True note 64
{'artifactLocation': {'uri': 'src/mapping.py', 'uriBaseId': '%SRCROOT%'}, 'region': {'startLine': 3, 'startColumn': 24, 'endLine': 3, 'endColumn': 41}}
['llava[0]', 'LlavaForConditionalGeneration', 'LlavaModel']
['model.language_model.layers.{0...31}.norm.weight is saved as language_model.layers.{0...31}.norm.weight', 'lm_head.weight goes nowhere']
4
{'uri': 'src/mapping.py', 'uriBaseId': '%SRCROOT%'} [{'deletedRegion': {'startLine': 4, 'startColumn': 25, 'endLine': 4, 'endColumn': 37}, 'insertedContent': {'text': 'vision\\\\.tower'}}]
)out");
}

// The regions of a fix, applied by a reader that only knows the standard, give the fixed text.
TEST(SarifReport, FixesApply) {
  constexpr std::string_view kProgram = R"py(
import json, sys
run = json.load(sys.stdin)["runs"][0]
assert run["columnKind"] == "unicodeCodePoints"
lines = sys.argv[1].split("\n")
for result in run["results"]:
    for change in result["fixes"][0]["artifactChanges"]:
        for edit in reversed(change["replacements"]):
            region = edit["deletedRegion"]
            assert region["startLine"] == region["endLine"]
            line = lines[region["startLine"] - 1]
            lines[region["startLine"] - 1] = (
                line[:region["startColumn"] - 1] + edit["insertedContent"]["text"]
                + line[region["endColumn"] - 1:])
print("\n".join(lines))
)py";
  const std::string text = "first\nключ = a.b, 日本.c";
  Sample sample = CleanSample();
  const SourceFile& file = sample.AddFile("m.py", text);
  Finding finding;
  finding.check = "unescaped-dot";
  finding.where = Sample::Find(file, "a.b");
  finding.fix =
      Fix{"escape", {{Sample::Find(file, "a.b"), "A"}, {Sample::Find(file, "本.c"), "é"}}};
  sample.judgement.findings.push_back(finding);
  EXPECT_EQ(AskPython(kProgram, sample.Write("sarif"), text), "first\nключ = A, 日é\n");
}

TEST(SarifReport, TheFingerprintIsTheIdentityAlone) {
  constexpr std::string_view kProgram = R"py(
import json, sys
for result in json.load(sys.stdin)["runs"][0]["results"]:
    print(result["partialFingerprints"]["wcheckIdentity/v1"])
)py";
  Sample sample = OrdinarySample();
  sample.judgement.findings.resize(1);
  const std::string before = AskPython(kProgram, sample.Write("sarif"));
  Finding& finding = sample.judgement.findings[0];
  finding.message = "another";
  finding.classes.clear();
  finding.transform.reset();
  EXPECT_EQ(AskPython(kProgram, sample.Write("sarif")), before);
  finding.identity += "!";
  EXPECT_NE(AskPython(kProgram, sample.Write("sarif")), before);
}

TEST(SarifReport, RulesCarryTheirPages) {
  Sample sample = CleanSample();
  ReportInput input = sample.Input();
  input.page = [](std::string_view check) -> std::string_view {
    return check == "lost-key" ? "# lost-key\n\nA page." : "";
  };
  constexpr std::string_view kProgram = R"py(
import json, sys
for rule in json.load(sys.stdin)["runs"][0]["tool"]["driver"]["rules"]:
    print(rule["id"], rule["help"])
)py";
  std::string text;
  llvm::raw_string_ostream out(text);
  WriteSarifReport(input, &out);
  EXPECT_EQ(AskPython(kProgram, text),
            R"out(lost-key {'text': '# lost-key\n\nA page.', 'markdown': '# lost-key\n\nA page.'}
unescaped-dot {'text': 'a dot that matches anything'}
unused-transform {'text': 'a transform that never fires'}
)out");
}

}  // namespace
}  // namespace wcheck::testing
