// Verdicts on small random mappings, compared with the engine's answers: a mapping with a clean
// round trip gets no error, except those that can occur with a clean one (docs/checks/README.md,
// Severities).
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "wcheck/judge.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"

#include "truth.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

// The same mapping reads back the names of the first five; the others are about tensors, which the
// answers of a load do not show.
constexpr std::array<std::string_view, 7> kBesideACleanRoundTrip = {
    "leaked-child-mapping", "lost-backreference", "mangled-name",  "mid-token-match",
    "misplaced-replacement", "operation-error",   "shape-mismatch"};

// What is wrong with an entry that no class reaches is in no answer about a class.
bool IsAboutAClass(const Finding& finding) {
  return std::ranges::any_of(finding.classes, [](const ClassEvidence& evidence) {
    return !evidence.class_name.empty();
  });
}

bool IsClean(const Json& truth) {
  if (truth.contains("rejected") || !truth.contains("checkpoint")) return false;
  for (const auto& [field, value] : truth.items()) {
    if (field.ends_with("_error")) return false;
  }
  for (const char* field : {"missing", "unexpected", "save_collisions", "load_collisions"}) {
    if (!truth[field].empty()) return false;
  }
  const Json reload = truth.value("reload", Json::object());
  return std::all_of(reload.items().begin(), reload.items().end(),
                     [](const auto& one) { return one.value()[0] == one.key(); });
}

class OneLayout : public LayoutSource {
 public:
  explicit OneLayout(const Json& layout) : file_("layout", layout.dump()) {}
  size_t size() const override { return 1; }
  std::string_view class_name(size_t i) const override { return "the class"; }
  Result<Layout> Read(size_t i) const override {
    const Result<json::Value> value = json::Parse(file_);
    if (!value) return value.error();
    return ReadLayout(*value);
  }

 private:
  SourceFile file_;
};

class Generated : public testing::TestWithParam<const char*> {};

TEST_P(Generated, CleanOnesGetNoError) {
  const std::string path = FindCorpus().folder + "/generated-" + GetParam() + ".jsonl.xz";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "there is no " << path << "; WCHECK_CORPUS names the reference corpus";
  }
  JudgeOptions options;
  options.jobs = 1;
  options.engine = &EngineOfFiles(GetParam());
  size_t clean = 0;
  std::map<std::string, size_t> beside;
  for (const std::string& line : ReadLines(path)) {
    const Json one = Json::parse(line);
    if (!IsClean(one["truth"])) continue;
    ++clean;
    const auto file = std::make_shared<const SourceFile>("registry", one["registry"].dump());
    const Result<Registry> registry = ReadJsonRegistry(file);
    ASSERT_TRUE(registry.ok()) << registry.error().ToString();
    const OneLayout layout(one["layout"]);
    const Result<Judgement> judgement = Judge(*registry, layout, {0}, true, options);
    ASSERT_TRUE(judgement.ok()) << judgement.error().ToString();
    for (const Finding& finding : judgement->findings) {
      if (finding.severity != Severity::kError || !IsAboutAClass(finding)) continue;
      ++beside[std::string(finding.check)];
      EXPECT_NE(
          std::find(kBesideACleanRoundTrip.begin(), kBesideACleanRoundTrip.end(), finding.check),
          kBesideACleanRoundTrip.end())
          << finding.check << ": " << finding.message << "\n"
          << one["registry"].dump() << "\n"
          << one["layout"].dump();
    }
  }
  EXPECT_GT(clean, 0U);
  std::cout << clean << " clean ones";
  for (const auto& [check, count] : beside) std::cout << ", " << count << " " << check;
  std::cout << "\n";
}

INSTANTIATE_TEST_SUITE_P(Releases, Generated, testing::Values("5.16", "5.12", "5.8"),
                         [](const testing::TestParamInfo<const char*>& info) {
                           std::string name(info.param);
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return 'v' + name;
                         });

}  // namespace
}  // namespace wcheck
