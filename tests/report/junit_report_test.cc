// JUnit's XML, read back with Python's parser.
#include <gtest/gtest.h>
#include <llvm/Support/raw_ostream.h>

#include "test_files.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

// Prints the suites, and complains when the counts of a suite are not those of its cases.
constexpr std::string_view kReader = R"py(
import sys
import xml.etree.ElementTree as ElementTree
root = ElementTree.fromstring(sys.stdin.buffer.read())
tests = failures = 0
for suite in root:
    cases = suite.findall("testcase")
    found = (len(cases), len(suite.findall("testcase/failure")), len(suite.findall("testcase/skipped")))
    said = tuple(int(suite.get(name)) for name in ("tests", "failures", "skipped"))
    print(suite.get("name"), said)
    if found != said:
        print("but it has", found)
    if len({(case.get("classname"), case.get("name")) for case in cases}) != len(cases):
        print("two cases of one name")
    tests += found[0]
    failures += found[1]
    for case in cases[:3]:
        print(" ", case.get("name")[:40], sorted(child.tag for child in case))
if (tests, failures) != (int(root.get("tests")), int(root.get("failures"))):
    print("wrong sums")
)py";

std::string Write(const Sample& sample, Severity fail_on) {
  ReportInput input = sample.Input();
  input.fail_on = fail_on;
  std::string text;
  llvm::raw_string_ostream out(text);
  WriteJunitReport(input, &out);
  return text;
}

TEST(JunitReport, ACaseIsAClass) {
  EXPECT_EQ(AskPython(kReader, OrdinarySample().Write("junit")), R"out(lost-key (2, 2, 0)
  LlavaForConditionalGeneration ['failure']
  LlavaModel ['failure']
unescaped-dot (1, 0, 0)
  LlavaModel ['system-out']
unused-transform (1, 0, 0)
  registry ['system-out']
)out");
}

TEST(JunitReport, WhatFailsIsDecidedByTheThreshold) {
  const Sample sample = OrdinarySample();
  EXPECT_NE(AskPython(kReader, Write(sample, Severity::kWarning)).find("unescaped-dot (1, 1, 0)"),
            std::string::npos);
  EXPECT_NE(AskPython(kReader, Write(sample, Severity::kNote)).find("unused-transform (1, 1, 0)"),
            std::string::npos);
}

TEST(JunitReport, ACheckThatFoundNothingPasses) {
  Sample sample = CleanSample();
  sample.judgement.not_judged = {{"Broken", "no layout", ""}};
  EXPECT_EQ(AskPython(kReader, sample.Write("junit")), R"out(lost-key (1, 0, 0)
  all classes []
unescaped-dot (1, 0, 0)
  all classes []
unused-transform (1, 0, 0)
  all classes []
not judged (1, 0, 1)
  Broken ['skipped']
)out");
}

TEST(JunitReport, CountsHoldForEverySample) {
  for (const NamedSample& named : AllSamples()) {
    SCOPED_TRACE(named.name);
    const std::string read = AskPython(kReader, named.make().Write("junit"));
    EXPECT_EQ(read.find("but it has"), std::string::npos);
    EXPECT_EQ(read.find("two cases"), std::string::npos);
    EXPECT_EQ(read.find("wrong sums"), std::string::npos);
  }
}

// The text of a failure, as a viewer shows it.
TEST(JunitReport, AFailureTellsAll) {
  constexpr std::string_view kProgram = R"py(
import sys
import xml.etree.ElementTree as ElementTree
failure = ElementTree.fromstring(sys.stdin.buffer.read()).find(".//failure")
print(failure.get("message"), failure.get("type"))
print(failure.text, end="")
)py";
  EXPECT_EQ(AskPython(kProgram, OrdinarySample().Write("junit")),
            R"out(two model keys are saved under one name lost-key
src/mapping.py:3:24: error: two model keys are saved under one name
llava[0] WeightRenaming('^language_model' -> 'model.language_model')
  model.language_model.layers.{0...31}.norm.weight  is saved as  language_model.layers.{0...31}.norm.weight  (32 keys)
  lm_head.weight                                    goes nowhere
  … and 3 more families
note: llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower'): shadowed by this one
help: anchor the pattern at a dot
identity: lost-key|llava|WeightRenaming('^language_model' -> 'model.language_model')|something|two model keys are saved under one name
)out");
}

}  // namespace
}  // namespace wcheck::testing
