#include "sample.h"

#include <gtest/gtest.h>
#include <llvm/Support/raw_ostream.h>

#include "report/check_page.h"
#include "test_files.h"

namespace wcheck::testing {
namespace {

constexpr std::string_view kMapping = R"py(MAPPING = {
    "llava": [
        WeightRenaming("^language_model", "model.language_model"),
        WeightRenaming("vision.tower", "model.vision_tower"),
    ],
}
)py";

std::vector<CheckInfo> SomeChecks() {
  return {{"lost-key", "round trip", Severity::kError, "a key that does not come back"},
          {"unescaped-dot", "patterns", Severity::kWarning, "a dot that matches anything"},
          {"unused-transform", "reach", Severity::kNote, "a transform that never fires"}};
}

Finding MakeFinding(std::string_view check, Severity severity, std::string message,
                    std::optional<TransformRef> transform) {
  Finding finding;
  finding.check = check;
  finding.severity = severity;
  finding.message = std::move(message);
  finding.cause = "something";
  finding.transform = std::move(transform);
  finding.identity =
      std::string(check) + '|' +
      (finding.transform ? finding.transform->entry + '|' + ShowTransform(*finding.transform->spec)
                         : "|") +
      "|something|" + finding.message;
  return finding;
}

Sample SampleIn(std::string path) {
  Sample sample;
  sample.checks = SomeChecks();
  const SourceFile& file = sample.AddFile(std::move(path), std::string(kMapping));
  const TransformRef language =
      sample.AddRenaming(file, "^language_model", "model.language_model", "llava", 0);
  const TransformRef vision =
      sample.AddRenaming(file, "vision.tower", "model.vision_tower", "llava", 1);

  Finding lost = MakeFinding("lost-key", Severity::kError,
                             "two model keys are saved under one name", language);
  lost.blame = {Blame::Part::kSource, 0};
  lost.advice = "anchor the pattern at a dot";
  lost.classes = {{"LlavaForConditionalGeneration",
                   {{"model.language_model.layers.{0...31}.norm.weight", "is saved as",
                     "language_model.layers.{0...31}.norm.weight", 32},
                    {"lm_head.weight", "goes nowhere", "", 1}},
                   3},
                  {"LlavaModel", {{"norm.weight", "is saved as", "x", 1}}, 0}};
  lost.related = {{vision, {Blame::Part::kTarget, 0}, "shadowed by this one"}};
  sample.judgement.findings.push_back(lost);

  Finding dot = MakeFinding("unescaped-dot", Severity::kWarning,
                            "the dot of 'vision.tower' matches any character", vision);
  dot.blame = {Blame::Part::kSource, 0};
  dot.fix = Fix{"escape the dot", {{Sample::Find(file, "vision.tower"), "vision\\\\.tower"}}};
  dot.classes = {{"LlavaModel", {}, 0}};
  sample.judgement.findings.push_back(dot);
  sample.judgement.findings.push_back(MakeFinding(
      "unused-transform", Severity::kNote, "fires on no key of any class that has it", vision));

  Finding alias = MakeFinding("unused-transform", Severity::kNote, "no class has the entry", {});
  alias.where = Sample::Find(file, "\"llava\"");
  sample.judgement.findings.push_back(alias);
  sample.judgement.findings.push_back(
      MakeFinding("unused-transform", Severity::kNote, "the registry is old", {}));
  sample.judgement.classes = 1626;
  sample.judgement.keys = 1041733;
  return sample;
}

}  // namespace

SourceRange Sample::Find(const SourceFile& file, std::string_view text) {
  const size_t at = file.text().find(text);
  EXPECT_NE(at, std::string::npos) << text;
  return {&file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + text.size())};
}

const SourceFile& Sample::AddFile(std::string path, std::string text) {
  files.push_back(std::make_unique<SourceFile>(std::move(path), std::move(text)));
  return *files.back();
}

TransformRef Sample::AddRenaming(const SourceFile& file, std::string source, std::string target,
                                 std::string entry, uint32_t index) {
  auto origin = std::make_shared<Origin>();
  origin->sources = {Find(file, '"' + source + '"')};
  origin->targets = {Find(file, '"' + target + '"')};
  origin->call = {&file, origin->sources[0].begin, origin->targets[0].end};
  auto spec = std::make_unique<TransformSpec>();
  spec->sources = {std::move(source)};
  spec->targets = {std::move(target)};
  spec->origin = std::move(origin);
  specs.push_back(std::move(spec));
  return {specs.back().get(), std::move(entry), index};
}

ReportInput Sample::Input() const {
  ReportInput input{.judgement = judgement, .checks = checks, .version = "1.2.3"};
  input.page = CheckPage;
  input.outcome = OutcomeOf(judgement, input.fail_on, /*allow_unjudged=*/true);
  return input;
}

std::string Sample::Write(std::string_view format) const {
  const ReportFormat* found = FindReportFormat(format);
  EXPECT_NE(found, nullptr) << format;
  std::string text;
  llvm::raw_string_ostream out(text);
  found->write(Input(), &out);
  out.flush();
  return text;
}

Sample OrdinarySample() { return SampleIn("src/mapping.py"); }

Sample BundledSample() { return SampleIn("<registry of transformers 5.16>"); }

Sample CleanSample() {
  Sample sample;
  sample.checks = SomeChecks();
  sample.judgement.classes = 2;
  sample.judgement.keys = 10;
  return sample;
}

const std::vector<std::string>& HostileNames() {
  static const std::vector<std::string> kNames{
      "<script>alert(1)</script>",
      "</style></code></details>-->",
      "\"quoted\" 'twice' \\back\\",
      "line one\nline two\r\n::error::forged",
      "\x1b[31mred\x1b[0m\a\b",
      ("abc\xE2\x80\xAE"
       "def\xE2\x81\xA6\xE2\x80\x8Bghi\xEF\xBB\xBF"),  // bidi, zero width, BOM
      "]]>&amp;&#x41;<![CDATA[",
      "```` ``` `` ` end`",
      "a | b || c",
      "@everyone #12 !7 ~label deadbeef123 https://a.example www.a.example",
      "[link](javascript:alert(1)) ![image](x) **bold** _it_ ~~no~~ $x$ # h",
      std::string("nul\0byte", 8),
      "bad utf8 \xFF\xC3(\xED\xA0\x80",
      "%0A::error file=x,line=1::100%",
      " leading and trailing ",
      "\xEF\xBF\xBE \xEF\xBF\xBF \xC2\x85 \xE2\x80\xA8",  // noncharacters, NEL, line separator
      "日本語 ключ",
      std::string(10'000, 'k'),
      std::string(5'000, '`') + std::string(5'000, '<'),
      "",
  };
  return kNames;
}

Sample HostileSample() {
  Sample sample;
  sample.checks = SomeChecks();
  for (const std::string& name : HostileNames()) {
    // As in a source: a line with the name as it is, and with the quotes around it.
    const SourceFile& file = sample.AddFile(
        "dir " + name + "/a:b,c%.py", "x = [R(\"" + name + "\", \"t" + name + "\")] # é\t!\n");
    const TransformRef transform = sample.AddRenaming(file, name, "t" + name, "entry " + name, 0);
    Finding finding = MakeFinding("lost-key", Severity::kError, "message " + name, transform);
    finding.blame = {Blame::Part::kSource, 0};
    finding.subject = name;
    finding.advice = name;
    finding.classes = {{"Class" + name, {{name, name, name, 2}, {name, "and", "", 1}}, 1}};
    finding.related = {{transform, {}, name}};
    finding.fix = Fix{name, {{transform.spec->origin->sources[0], '"' + name + name + '"'}}};
    sample.judgement.findings.push_back(finding);
    sample.judgement.findings.push_back(
        MakeFinding("unused-transform", Severity::kNote, name, transform));
    sample.judgement.not_judged.push_back({name, "reason " + name, name});
  }
  sample.judgement.classes = sample.judgement.findings.size();
  return sample;
}

Sample LargeSample() {
  Sample sample = OrdinarySample();
  const Finding finding = sample.judgement.findings[0];
  const std::string filler(150, 'f');
  for (int i = 0; i < 395; ++i) {
    Finding& copy = sample.judgement.findings.emplace_back(finding);
    copy.message += ' ' + filler + std::to_string(i);
    copy.classes.clear();
    for (int c = 0; c < 10; ++c) {
      copy.classes.push_back(
          {"Class" + std::to_string(c), {{filler, "is saved as", filler, 1}}, 0});
    }
  }
  return sample;
}

const std::vector<NamedSample>& AllSamples() {
  static const std::vector<NamedSample> kSamples{{"ordinary", OrdinarySample},
                                                 {"bundled", BundledSample},
                                                 {"clean", CleanSample},
                                                 {"hostile", HostileSample},
                                                 {"large", LargeSample}};
  return kSamples;
}

std::string ValidateJson(std::string_view json, const std::string& schema_path) {
  // The package is installed for Debian's own python3, which need not be the first of the PATH.
  constexpr std::string_view kProgram = R"py(
import json, os, sys
try:
    import jsonschema
except ImportError:
    if os.environ.get("WCHECK_TRIED"):
        sys.exit("python3-jsonschema is not installed")
    os.environ["WCHECK_TRIED"] = "1"
    os.execv("/usr/bin/python3", ["python3"] + sys.argv)
with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
errors = validator(schema).iter_errors(json.load(sys.stdin))
for error in list(errors)[:5]:
    print("/".join(str(step) for step in error.absolute_path), error.message[:500])
)py";
  return AskPython(kProgram, json, schema_path);
}

}  // namespace wcheck::testing
