// Markdown, as GitHub's own renderer (cmark-gfm) makes HTML of it.
#include <gtest/gtest.h>

#include "support/printable.h"

#include "test_files.h"
#include "report/markdown_text.h"
#include "sample.h"

namespace wcheck::testing {
namespace {

// What every renderer of a comment would see: prints what is not ours, and with the argument "text"
// the text (code in «»).
constexpr std::string_view kReader = R"py(
import re, subprocess, sys
from html.parser import HTMLParser
rendered = subprocess.run(
    ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough"],
    input=sys.stdin.buffer.read(), stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
ALLOWED = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code",
           "pre", "ul", "li", "strong"}
class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""
    def handle_starttag(self, tag, attributes):
        if tag not in ALLOWED:
            print("element", tag)
        for name, value in attributes:
            if (name, value) not in (("align", "right"), ("class", "language-text")):
                print("attribute", name, value)
        self.open.append(tag)
        if tag == "code":
            self.text += "«"
    def handle_endtag(self, tag):
        if tag == "code":
            self.text += "»"
        if not self.open or self.open.pop() != tag:
            print("unbalanced", tag)
    def handle_data(self, data):
        if "code" not in self.open and re.search(r"[@#!~$<>`|\[\]]|www|://|\b[0-9a-f]{7,}\b", data):
            print("not in code:", data[:80])
        self.text += data
    def handle_comment(self, data):
        print("comment", data[:80])
    def unknown_decl(self, data):
        print("declaration", data[:80])
reader = Reader()
reader.feed(rendered)
reader.close()
if reader.open:
    print("still open", reader.open)
if sys.argv[1] == "text":
    print(reader.text)
)py";

TEST(MarkdownReport, ShowsWhatWasFound) {
  Sample sample = OrdinarySample();
  sample.judgement.findings.resize(2);
  EXPECT_EQ(AskPython(kReader, sample.Write("markdown"), "text"),
            R"out(wcheck failed: 1 error, 1 warning, 0 notes
1,626 classes with 1,041,733 keys judged.



check
errors
warnings
notes




«lost-key»
1
0
0


«unescaped-dot»
0
1
0



error «lost-key» by «llava[0]» in 2 classes
two model keys are saved under one name
«src/mapping.py:3
        WeightRenaming("^language_model", "model.language_model"),
                       ^~~~~~~~~~~~~~~~~
»
«LlavaForConditionalGeneration:
model.language_model.layers.{0...31}.norm.weight  is saved as  language_model.layers.{0...31}.norm.weight  (32 keys)
lm_head.weight                                    goes nowhere
… and 3 more families
in 2 classes: LlavaForConditionalGeneration, LlavaModel
»

«llava[1] WeightRenaming('vision.tower' -> 'model.vision_tower')»: shadowed by this one

Help: anchor the pattern at a dot

warning «unescaped-dot» by «llava[1]» in «LlavaModel»
the dot of «'vision.tower'» matches any character
«src/mapping.py:4
        WeightRenaming("vision.tower", "model.vision_tower"),
                       ^~~~~~~~~~~~~~
»
Fix: escape the dot
«- WeightRenaming("vision.tower", "model.vision_tower"),
+ WeightRenaming("vision\\.tower", "model.vision_tower"),
»


)out");
}

TEST(MarkdownReport, NamesStayText) {
  for (const NamedSample& named : AllSamples()) {
    SCOPED_TRACE(named.name);
    EXPECT_EQ(AskPython(kReader, named.make().Write("markdown"), ""), "");
  }
}

// Each name by itself in each place, since the report of all is cut.
TEST(MarkdownReport, EachNameComesThrough) {
  const Sample all = HostileSample();
  for (size_t i = 0; i < HostileNames().size(); ++i) {
    const std::string shown = ShowName(HostileNames()[i]);
    SCOPED_TRACE(shown);
    Sample one = HostileSample();
    one.judgement.findings = {all.judgement.findings[2 * i]};
    const std::string text = AskPython(kReader, one.Write("markdown"), "text");
    EXPECT_NE(text.find("\n" + shown + "  "), std::string::npos) << text;
    EXPECT_NE(text.find("«" + ShowName("entry " + HostileNames()[i]) + "[0]»"), std::string::npos);
  }
}

TEST(MarkdownReport, TheReaderFindsFaults) {
  for (const char* text : {"<script>x</script>", "[a](b)", "![a](b)", "@name", "www.a.example",
                           "<b onclick=x>", "</details>", "`code", "a #12", "<!-- x -->"}) {
    EXPECT_NE(AskPython(kReader, text), "") << text;
  }
}

TEST(MarkdownReport, KeepsItsLimitAndSaysWhatItLeftOut) {
  for (const NamedSample& named : AllSamples()) {
    EXPECT_LE(named.make().Write("markdown").size(), kMarkdownLimit) << named.name;
  }
  const Sample sample = LargeSample();
  const std::string report = sample.Write("markdown");
  EXPECT_GT(report.size(), kMarkdownLimit * 9 / 10);  // what fits is shown
  size_t shown = 0;
  for (size_t at = report.find("<details>"); at != std::string::npos;
       at = report.find("<details>", at + 1)) {
    ++shown;
  }
  const std::string end = "\n" + ShowNumber(sample.judgement.findings.size() - shown) +
                          " more findings (" + ShowNumber(396 - shown) +
                          " errors, 1 warning, 3 notes) would make this comment too long.\n";
  EXPECT_TRUE(report.ends_with(end)) << report.substr(report.size() - 200);
}

TEST(MarkdownReport, AnyNumberOfChecksFits) {
  Sample sample = CleanSample();
  std::vector<std::string> names;
  names.reserve(3'000);
  for (int i = 0; i < 3'000; ++i) names.push_back("check-" + std::to_string(i));
  for (const std::string& name : names) {
    Finding& finding = sample.judgement.findings.emplace_back();
    finding.check = name;
  }
  const std::string report = sample.Write("markdown");
  EXPECT_LE(report.size(), kMarkdownLimit);
  EXPECT_NE(report.find("3,000 errors"), std::string::npos);
  EXPECT_NE(report.find("2,940 more checks found something."), std::string::npos);
}

TEST(MarkdownText, ProseKeepsWordsAndFencesTheRest) {
  EXPECT_EQ(MarkdownProse("one key, saved twice (or 12 times): round-trip"),
            "one key, saved twice (or 12 times): round-trip");
  EXPECT_EQ(MarkdownProse("the dot of 'a.b c_d' matches @me"),
            "the dot of `'a.b c_d'` matches `@me`");
  EXPECT_EQ(MarkdownProse("is `x` here"), "is `` `x` `` here");
  EXPECT_EQ(MarkdownProse("commit 1234567"), "commit `1234567`");
  EXPECT_EQ(MarkdownCode("``"), "``` `` ```");
  EXPECT_EQ(MarkdownCode("a" + std::string(40, '`')).substr(0, 12), "<code>a&#96;");
  EXPECT_EQ(MarkdownBlock({"````"}), "`````text\n````\n`````\n");
}

}  // namespace
}  // namespace wcheck::testing
