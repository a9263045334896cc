// Whatever the names hold, every format stays what it is. Python's parsers are the judges.
#include <gtest/gtest.h>

#include "test_files.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

// Prints the first fault of the report on standard input, whose format is sys.argv[1].
constexpr std::string_view kJudge = R"py(
import json, sys, unicodedata
import xml.etree.ElementTree as ElementTree
report = sys.stdin.buffer.read()
kind = sys.argv[1]
text = report.decode("utf-8")  # strict
if kind in ("json", "sarif"):
    def no_duplicates(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            print("duplicate members", names)
        return dict(pairs)
    json.loads(text, object_pairs_hook=no_duplicates)
else:
    # Nothing that a terminal or a viewer would obey.
    for c in text:
        if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            print("not printable:", hex(ord(c)))
            break
if kind == "junit":
    ElementTree.fromstring(report)
)py";

TEST(WellFormed, EveryFormatOfEverySample) {
  ASSERT_EQ(ReportFormats().size(), 7u);
  for (const NamedSample& named : AllSamples()) {
    const Sample sample = named.make();
    for (const ReportFormat& format : ReportFormats()) {
      SCOPED_TRACE(std::string(named.name) + " as " + std::string(format.name));
      const std::string report = sample.Write(format.name);
      EXPECT_TRUE(report.ends_with('\n'));
      EXPECT_EQ(AskPython(kJudge, report, std::string(format.name)), "");
    }
  }
}

TEST(WellFormed, TheJudgeFindsFaults) {
  EXPECT_NE(AskPython(kJudge, "{\"a\": 1, \"a\": 2}", "json"), "");
  EXPECT_NE(AskPython(kJudge, "a\x1b[31m", "text"), "");
  EXPECT_NE(AskPython(kJudge, "a\xE2\x80\xAE", "markdown"), "");
}

TEST(WellFormed, FormatsAreFoundByName) {
  for (const ReportFormat& format : ReportFormats()) {
    EXPECT_EQ(FindReportFormat(format.name), &format);
  }
  EXPECT_EQ(FindReportFormat("xml"), nullptr);
}

}  // namespace
}  // namespace wcheck::testing
