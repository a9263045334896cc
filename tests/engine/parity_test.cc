// wcheck's answers against the engine's own, class by class and case by case: 0 differences.
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>

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
  Result<std::string> text = ReadFile(path, kMaxJsonFile);
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

// Of the answers of one file: how many differ, and in which fields.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)) {}

  void Add(const std::string& name, const std::vector<std::string>& differences) {
    ++compared_;
    if (differences.empty()) return;
    ++differing_;
    std::set<std::string> fields;
    for (const std::string& line : differences) fields.insert(line.substr(0, line.find(':')));
    for (const std::string& field : fields) ++by_field_[field];
    for (size_t i = 0; i < differences.size() && i < 4 && shown_.size() < kShownDifferences; ++i) {
      shown_.push_back(name + ": " + differences[i]);
    }
  }

  void Report() const {
    std::cout << what_ << ": " << compared_ << " compared, " << differing_ << " differ";
    for (const auto& [field, count] : by_field_) std::cout << ", " << field << " " << count;
    std::cout << "\n";
    for (const std::string& line : shown_) std::cout << "  " << line << "\n";
    EXPECT_GT(compared_, 0U) << what_;
    EXPECT_EQ(differing_, 0U) << what_;
  }

 private:
  std::string what_;
  size_t compared_ = 0;
  size_t differing_ = 0;
  std::map<std::string, size_t> by_field_;
  std::vector<std::string> shown_;
};

// Answers on classes: truth-`answers`, of the release's engine on its registry and on some layouts.
struct ClassAnswers {
  const char* release;
  const char* answers;
  const char* layouts;
};

constexpr ClassAnswers kClassAnswers[] = {
    {"5.0.0", "5.0.0", "small-5.8"},    {"5.4.0", "5.4.0", "small-5.8"},
    {"5.6.2", "5.6.2", "small-5.8"},    {"5.8.1", "5.8.1", "small-5.8"},
    {"5.8", "5.8", "5.8"},              {"5.9.0", "5.9.0", "small-5.12"},
    {"5.10.4", "5.10.4", "small-5.12"}, {"5.12", "5.12", "5.12"},
    {"5.13.1", "5.13.1", "small-5.16"}, {"5.14.1", "5.14.1", "small-5.16"},
    {"5.15.1", "5.15.1", "small-5.16"}, {"5.16", "5.16", "5.16"},
    {"5.16.1", "5.16.1", "small-5.16"}, {"5.20.2", "5.20.2", "small-5.24"},
    {"5.21.1", "5.21.1", "small-5.24"}, {"5.22.2", "5.22.2", "small-5.24"},
    {"5.23.0", "5.23.0", "small-5.24"}, {"5.24.0", "5.24.0", "5.24"},
    {"5.24.0", "small-5.24.0", "small-5.24"},
};

std::string TestName(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  return "v" + name;
}

class Classes : public testing::TestWithParam<ClassAnswers> {};

TEST_P(Classes, OfTheCorpus) {
  const ClassAnswers& given = GetParam();
  Corpus corpus = FindCorpus();
  const std::string path = corpus.folder + "/truth-" + given.answers + ".jsonl.xz";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "there is no " << path << "; WCHECK_CORPUS names the reference corpus";
  }
  Registry registry = LoadRegistry(corpus.folder + "/registry-" + given.release + ".json");
  CompiledRegistry compiled(registry, EngineOfFiles(given.release));
  EXPECT_TRUE(compiled.rejections().empty());
  auto layouts = OpenLayouts(corpus.folder + "/layouts-" + given.layouts + ".jsonl.xz");
  ASSERT_TRUE(layouts.ok()) << layouts.error().ToString();
  std::map<std::string_view, size_t> by_class;
  for (size_t i = 0; i < (*layouts)->size(); ++i) by_class[(*layouts)->class_name(i)] = i;

  SimulationOptions options;
  Tally tally("classes of " + std::string(given.answers));
  for (const std::string& line : ReadLines(path)) {
    Json truth = Json::parse(line);
    std::string class_name = truth["class"];
    ASSERT_TRUE(by_class.count(class_name)) << class_name;
    Result<Layout> layout = (*layouts)->Read(by_class[class_name]);
    ASSERT_TRUE(layout.ok()) << layout.error().ToString();
    options.save_again = truth.contains("save_again") || truth.contains("save_again_error");
    Simulation simulation = Simulate(*layout, compiled, options);
    tally.Add(class_name, Differences(truth, Json::parse(SimulationJson(simulation)),
                                      IsSnapshot(given.release)));
  }
  tally.Report();
}

INSTANTIATE_TEST_SUITE_P(Releases, Classes, testing::ValuesIn(kClassAnswers),
                         [](const auto& info) { return TestName(info.param.answers); });

// The checkpoint that comes with a case, or nothing.
std::optional<Layout> ReadGiven(const json::Value& object) {
  const json::Value* given = object.Find("given");
  if (given == nullptr) return std::nullopt;
  LayoutBuilder builder;
  for (const auto& [key, sizes] : given->members) {
    std::vector<int64_t> shape;
    for (const json::Value& size : sizes.items) shape.push_back(size.integer);
    builder.Add(key, shape, "float32");
  }
  Layout keys;
  builder.FinishInto(&keys);
  return keys;
}

class Generated : public testing::TestWithParam<const char*> {};

TEST_P(Generated, Cases) {
  std::string release = GetParam();
  Corpus corpus = FindCorpus();
  std::string path = corpus.folder + "/generated-" + release + ".jsonl.xz";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "there is no " << path << "; WCHECK_CORPUS names the reference corpus";
  }
  SimulationOptions options;
  options.save_again = true;
  Tally tally("generated cases of " + release);
  size_t number = 0;
  for (const std::string& line : ReadLines(path)) {
    ++number;
    ParsedText parsed = ParseText(line);
    Json truth = Json::parse(line)["truth"];
    Result<Registry> registry = ReadJsonRegistry(parsed.file, *parsed.value.Find("registry"));
    ASSERT_TRUE(registry.ok()) << number << registry.error().ToString();
    Result<Layout> layout = ReadLayout(*parsed.value.Find("layout"));
    ASSERT_TRUE(layout.ok()) << number << layout.error().ToString();
    CompiledRegistry compiled(*registry, EngineOfFiles(release));
    std::string ours;
    if (!compiled.rejections().empty()) {
      ours = RejectedJson(layout->class_name, compiled.rejections()[0].error);
    } else {
      Simulation simulation = Simulate(*layout, compiled, options);
      std::optional<Simulation> loaded;
      std::optional<Layout> given = ReadGiven(parsed.value);
      if (given) {
        SimulationOptions load;
        load.load_only = true;
        load.checkpoint = &given->families;
        loaded = Simulate(*layout, compiled, load);
      }
      ours = SimulationJson(simulation, loaded ? &*loaded : nullptr);
    }
    tally.Add(std::to_string(number) + " " + layout->class_name,
              Differences(truth, Json::parse(ours), IsSnapshot(release)));
  }
  tally.Report();
}

INSTANTIATE_TEST_SUITE_P(Releases, Generated,
                         testing::Values("5.0.0", "5.4.0", "5.6.2", "5.8.1", "5.8", "5.9.0",
                                         "5.10.4", "5.12", "5.13.1", "5.14.1", "5.15.1", "5.16",
                                         "5.16.1", "5.20.2", "5.21.1", "5.22.2", "5.23.0",
                                         "5.24.0"),
                         [](const auto& info) { return TestName(info.param); });

}  // namespace
}  // namespace wcheck
