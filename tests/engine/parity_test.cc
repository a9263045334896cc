// wcheck's answers against the engine's own, class by class and case by case: 0 differences.
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include <gtest/gtest.h>

#include "engine/simulation.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "report/simulation_json.h"
#include "support/file.h"

#include "truth.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

constexpr size_t kShownDifferences = 40;

Registry LoadRegistry(const std::string& path) {
  Result<std::string> text = ReadFile(path);
  EXPECT_TRUE(text.ok()) << path;
  auto file = std::make_shared<const SourceFile>(path, *text);
  Result<Registry> registry = ReadJsonRegistry(file);
  EXPECT_TRUE(registry.ok()) << (registry.ok() ? "" : registry.error().ToString());
  return *std::move(registry);
}

// Reads one JSON text that is a part of a test's own data.
struct ParsedText {
  std::shared_ptr<const SourceFile> file;
  json::Value value;
};
ParsedText ParseText(const std::string& text) {
  auto file = std::make_shared<const SourceFile>("case", text);
  Result<json::Value> value = json::Parse(*file);
  EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().ToString());
  return {file, value.ok() ? *std::move(value) : json::Value{}};
}

void Report(const std::string& what, size_t compared, size_t differing,
            const std::vector<std::string>& shown) {
  std::cout << what << ": " << compared << " compared, " << differing << " with differences\n";
  EXPECT_GT(compared, 0U) << what;
  EXPECT_EQ(differing, 0U);
  for (const std::string& line : shown) std::cout << "  " << line << "\n";
}

class Parity : public testing::TestWithParam<const char*> {};

TEST_P(Parity, ClassesOfTheCorpus) {
  std::string release = GetParam();
  Corpus corpus = FindCorpus();
  if (!std::filesystem::exists(corpus.folder + "/truth-" + release + ".jsonl.xz")) {
    GTEST_SKIP() << "no answers of " << release << " in " << corpus.folder
                 << "; WCHECK_CORPUS names the reference corpus";
  }
  Registry registry = LoadRegistry(corpus.folder + "/registry-" + release + ".json");
  CompiledRegistry compiled(registry);
  EXPECT_TRUE(compiled.rejections().empty());
  auto layouts = OpenLayouts(corpus.folder + "/layouts-" + release + ".jsonl.xz");
  ASSERT_TRUE(layouts.ok()) << layouts.error().ToString();
  std::map<std::string_view, size_t> by_class;
  for (size_t i = 0; i < (*layouts)->size(); ++i) by_class[(*layouts)->class_name(i)] = i;

  SimulationOptions options;
  options.profile = FindProfile(release);
  std::vector<std::string> shown;
  size_t compared = 0;
  size_t differing = 0;
  for (const std::string& line : ReadLines(corpus.folder + "/truth-" + release + ".jsonl.xz")) {
    Json truth = Json::parse(line);
    std::string class_name = truth["class"];
    ASSERT_TRUE(by_class.count(class_name)) << class_name;
    Result<Layout> layout = (*layouts)->Read(by_class[class_name]);
    ASSERT_TRUE(layout.ok()) << layout.error().ToString();
    Simulation simulation = Simulate(*layout, compiled, options);
    std::vector<std::string> diff = Differences(truth, Json::parse(SimulationJson(simulation)));
    ++compared;
    differing += diff.empty() ? 0 : 1;
    for (size_t i = 0; i < diff.size() && i < 4 && shown.size() < kShownDifferences; ++i) {
      shown.push_back(class_name + ": " + diff[i]);
    }
  }
  Report("classes of " + release, compared, differing, shown);
}

TEST_P(Parity, GeneratedCases) {
  std::string release = GetParam();
  Corpus corpus = FindCorpus();
  std::string path = corpus.folder + "/generated-" + release + ".jsonl.xz";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no generated cases of " << release << " in " << corpus.folder
                 << "; WCHECK_CORPUS names the reference corpus";
  }
  SimulationOptions options;
  options.profile = FindProfile(release);
  options.save_again = true;
  std::vector<std::string> shown;
  size_t compared = 0;
  size_t differing = 0;
  for (const std::string& line : ReadLines(path)) {
    ParsedText parsed = ParseText(line);
    Json truth = Json::parse(line)["truth"];
    Result<Registry> registry = ReadJsonRegistry(parsed.file, *parsed.value.Find("registry"));
    ASSERT_TRUE(registry.ok()) << registry.error().ToString();
    Result<Layout> layout = ReadLayout(*parsed.value.Find("layout"));
    ASSERT_TRUE(layout.ok()) << layout.error().ToString();
    CompiledRegistry compiled(*registry);
    std::string ours = compiled.rejections().empty()
                           ? SimulationJson(Simulate(*layout, compiled, options))
                           : RejectedJson(layout->class_name, compiled.rejections()[0].error);
    std::vector<std::string> diff = Differences(truth, Json::parse(ours));
    ++compared;
    differing += diff.empty() ? 0 : 1;
    for (size_t i = 0; i < diff.size() && i < 2 && shown.size() < kShownDifferences; ++i) {
      shown.push_back(layout->class_name + ": " + diff[i]);
    }
  }
  Report("generated cases of " + release, compared, differing, shown);
}

INSTANTIATE_TEST_SUITE_P(Releases, Parity, testing::Values("5.16", "5.12", "5.8"),
                         [](const testing::TestParamInfo<const char*>& release) {
                           std::string name = release.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return "v" + name;
                         });

}  // namespace
}  // namespace wcheck
