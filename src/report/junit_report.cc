// JUnit's XML, in the form that GitLab, Jenkins and others read: one test suite per check, one test
// case per model class. A case fails if the class has a finding that makes the run fail; milder
// findings are its output. A check without findings is one passing case, so that it is visible that
// it ran.
#include <algorithm>
#include <map>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

// `text` is printable except for line breaks: it contains no character that XML forbids.
std::string Escape(std::string_view text) { return Escaped(text, Medium::kXml); }

struct Case {
  std::string failure;  // the text of the findings that make the run fail
  std::string first;    // the message of the first of them
  std::string output;   // of the others
  std::string file;     // of the first finding, if it has one
};

struct Suite {
  std::map<std::string, Case> cases;  // by class

  size_t failures() const {
    size_t count = 0;
    for (const auto& [name, test] : cases) count += test.failure.empty() ? 0 : 1;
    return count;
  }
};

class JUnitWriter {
 public:
  JUnitWriter(const ReportInput& input, llvm::raw_ostream* out) : input_(input), out_(*out) {}

  void Write() {
    for (const CheckInfo& check : input_.checks) suites_[check.name];
    for (const Finding& finding : input_.judgement.findings) Add(finding);
    size_t tests = input_.judgement.not_judged.size();
    size_t failures = UnjudgedFailures();
    for (const auto& [name, suite] : suites_) {
      tests += std::max<size_t>(suite.cases.size(), 1);
      failures += suite.failures();
    }
    out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wcheck\" tests=\""
         << tests << "\" failures=\"" << failures << "\" errors=\"0\">\n";
    WriteScopeSuite();
    for (const auto& [name, suite] : suites_) WriteSuite(name, suite);
    WriteNotJudged();
    out_ << "</testsuites>\n";
  }

 private:
  void Add(const Finding& finding) {
    Suite& suite = suites_[finding.check];
    if (finding.classes.empty()) AddTo(finding, nullptr, &suite.cases["registry"]);
    for (const ClassEvidence& evidence : finding.classes) {
      AddTo(finding, &evidence, &suite.cases[ShowName(evidence.class_name)]);
    }
  }

  void AddTo(const Finding& finding, const ClassEvidence* evidence, Case* test) {
    const SourceRange where = finding.place();
    const std::string message = ShowSentence(finding.message);
    std::string text;
    if (HasFile(where)) {
      const std::string file = Printable(FileName(where, input_.folder));
      const Region region = RegionOf(where);
      text = file + ':' + std::to_string(region.line) + ':' + std::to_string(region.column) + ": ";
      if (test->file.empty()) test->file = file;
    }
    text += std::string(SeverityName(finding.severity)) + ": " + message + '\n';
    if (finding.transform) text += ShowTransform(*finding.transform) + '\n';
    if (evidence != nullptr) {
      for (const std::string& line : EvidenceLines(*evidence)) text += "  " + line + '\n';
    }
    for (const RelatedTransform& related : finding.related) {
      text +=
          "note: " + ShowTransform(related.transform) + ": " + ShowSentence(related.message) + '\n';
    }
    if (!finding.advice.empty()) text += "help: " + ShowSentence(finding.advice) + '\n';
    text += "identity: " + Printable(finding.identity) + '\n';
    if (!input_.Fails(finding)) {
      test->output += text;
      return;
    }
    if (test->failure.empty()) test->first = message;
    test->failure += text;
  }

  void WriteSuite(std::string_view check, const Suite& suite) {
    const std::string name = Escape(Printable(check));
    out_ << "  <testsuite name=\"" << name << "\" tests=\""
         << std::max<size_t>(suite.cases.size(), 1) << "\" failures=\"" << suite.failures()
         << "\" errors=\"0\" skipped=\"0\">\n";
    if (suite.cases.empty()) {
      out_ << "    <testcase classname=\"wcheck." << name << "\" name=\"all classes\"/>\n";
    }
    for (const auto& [class_name, test] : suite.cases) {
      out_ << "    <testcase classname=\"wcheck." << name << "\" name=\"" << Escape(class_name)
           << '"';
      if (!test.file.empty()) out_ << " file=\"" << Escape(test.file) << '"';
      out_ << ">\n";
      if (!test.failure.empty()) {
        out_ << "      <failure type=\"" << name << "\" message=\"" << Escape(test.first) << "\">"
             << Escape(test.failure) << "</failure>\n";
      }
      if (!test.output.empty()) {
        out_ << "      <system-out>" << Escape(test.output) << "</system-out>\n";
      }
      out_ << "    </testcase>\n";
    }
    out_ << "  </testsuite>\n";
  }

  // A suite without cases, since the format has properties only there.
  void WriteScopeSuite() {
    const std::string scope = ShowScope(input_.scope);
    if (scope.empty()) return;
    out_ << "  <testsuite name=\"judged\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
         << "    <properties>\n      <property name=\"judged\" value=\"" << Escape(scope)
         << "\"/>\n    </properties>\n  </testsuite>\n";
  }

  // A run that fails for this reason alone must not look green.
  size_t UnjudgedFailures() const {
    if (input_.outcome != Outcome::kNotJudged) return 0;
    return static_cast<size_t>(std::ranges::count(input_.judgement.not_judged, false,
                                                  &NotJudged::known));
  }

  void WriteNotJudged() {
    const std::vector<NotJudged>& list = input_.judgement.not_judged;
    if (list.empty()) return;
    const size_t failures = UnjudgedFailures();
    out_ << "  <testsuite name=\"not judged\" tests=\"" << list.size() << "\" failures=\"" << failures
         << "\" errors=\"0\" skipped=\"" << list.size() - failures << "\">\n";
    for (const NotJudged& one : list) {
      const bool fail = failures > 0 && !one.known;
      out_ << "    <testcase classname=\"wcheck.not-judged\" name=\"" << Escape(ShowName(one.what))
           << "\">\n      <" << (fail ? "failure" : "skipped") << " message=\""
           << Escape(ShowSentence(one.reason)) << "\"/>\n    </testcase>\n";
    }
    out_ << "  </testsuite>\n";
  }

  const ReportInput& input_;
  llvm::raw_ostream& out_;
  std::map<std::string_view, Suite> suites_;
};

}  // namespace

void WriteJunitReport(const ReportInput& input, llvm::raw_ostream* out) {
  JUnitWriter(input, out).Write();
}

}  // namespace wcheck
