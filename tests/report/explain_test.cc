#include "analysis/explain.h"

#include <map>

#include <gtest/gtest.h>

#include "families/boxes.h"

#include "explain_models.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

constexpr const char* kRegistry = R"({"aliases": {}, "entries": {"m": [
  {"type": "WeightRenaming", "source": ["^old"], "target": ["new"]}]}})";
constexpr const char* kLayout = R"({"class": "M", "model_type": "m", "base_model_prefix": "base",
  "modules": [["", "M", "m"]], "keys": {"new.0.w": [[2], "float32"], "new.1.w": [[2], "float32"]}})";

// `returns` compared with the reference answers: for a key that no converter claims, the engine
// must load the name under which it saves it into that key.
TEST(Explain, ReturnsAsTheEngineSays) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  size_t compared = 0;
  for (const std::string& line : ReadLines(corpus.folder + "/truth-5.16.jsonl.xz")) {
    Json truth = Json::parse(line);
    if (!truth.contains("checkpoint") || !truth.contains("load")) continue;
    auto at = corpus.layouts->Find(truth["class"].get<std::string>());
    if (!at) continue;
    Result<Layout> layout = corpus.layouts->Read(*at);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    if (!s.load_collisions.empty() || !s.save_collisions.empty()) continue;
    auto name_of = [](const Json& field, const std::string& key, bool* claimed) {
      if (!field.contains(key)) return key;
      *claimed |= !field[key][1].is_null();
      return field[key][0].get<std::string>();
    };
    for (const LayoutFamily& family : layout->families) {
      std::string key = JoinNumbers(family.pattern, SmallestMember(family.numbers));
      bool claimed = false;
      std::string saved = name_of(truth["save_fresh"], key, &claimed);
      std::string back = name_of(truth["load"], saved, &claimed);
      if (claimed) continue;
      Result<ExplainReport> report = ExplainKey(s, key);
      ASSERT_TRUE(report.ok());
      for (const Explanation& e : report->explanations) {
        if (e.subject != Explanation::Subject::kModelKey) continue;
        EXPECT_EQ(e.returns, back == key)
            << s.layout->class_name << ' ' << key << ": " << e.verdict;
        ++compared;
      }
    }
  }
  std::cout << compared << " families compared\n";
  EXPECT_GT(compared, 1000U);
}

TEST(Explain, FindsOutWhoseKeyItIs) {
  TestModel model = MakeModel(kRegistry, kLayout);
  Simulation s = model.Run();
  auto subject = [&](const char* key) { return ExplainKey(s, key)->explanations.at(0).subject; };
  EXPECT_EQ(subject("new.0.w"), Explanation::Subject::kModelKey);
  EXPECT_EQ(subject("old.0.w"), Explanation::Subject::kCheckpointKey);
  EXPECT_EQ(subject("else.0.w"), Explanation::Subject::kGivenKey);
}

TEST(Explain, TakesFamilies) {
  TestModel model = MakeModel(kRegistry, kLayout);
  Simulation s = model.Run();
  EXPECT_EQ(ExplainKey(s, "new.{i}.w")->explanations.at(0).there.family, "new.{0...1}.w");
  EXPECT_EQ(ExplainKey(s, "new.{1}.w")->explanations.at(0).there.family, "new.1.w");
  EXPECT_EQ(ExplainKey(s, "new.{0...7}.w")->explanations.at(0).there.keys, 2U);
  EXPECT_FALSE(ExplainKey(s, "new.{2...7}.w").ok());
  EXPECT_FALSE(ExplainKey(s, "no.{i}.w").ok());
}

TEST(Explain, SurvivesAnyText) {
  TestModel model = MakeModel(kRegistry, kLayout);
  Simulation s = model.Run();
  for (const char* key :
       {"", "{", "}", "{}", "new.{", "new.{.w", "{{i}}", ".", "..", "new.{1...}.w", "new.{9...1}.w",
        "new.{i}{j}.w", "new.{99999999999}.w", "\n", "\xe2\x80\xae"}) {
    Result<ExplainReport> report = ExplainKey(s, key);
    if (!report.ok()) continue;
    EXPECT_FALSE(ExplainText(*report, true).empty()) << key;
  }
  std::string huge(10000, 'x');
  EXPECT_TRUE(ExplainKey(s, huge).ok());
}

TEST(Explain, UnderlinesWhatIsReplacedWhereItIs) {
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {"m": [
        {"type": "WeightRenaming", "source": ["(?<=b\\.)x"], "target": ["y"]}]}})",
      R"({"class": "M", "model_type": "m", "base_model_prefix": "",
        "modules": [["", "M", "m"]], "keys": {"x.b.x.w": [[2], "float32"]}})");
  Simulation s = model.Run();
  Result<ExplainReport> report = ExplainKey(s, "x.b.x.q");
  ASSERT_TRUE(report.ok());
  std::string text = ExplainText(*report, false);
  // The regex matches the second x; the engine replaces the first.
  EXPECT_NE(text.find("      x.b.x.q\n          ^\n      - is replaced"), std::string::npos)
      << text;
  EXPECT_NE(text.find("      y.b.x.q\n      +\n"), std::string::npos) << text;
}

TEST(Explain, JsonIsJson) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  for (size_t i = 0; i < corpus.layouts->size(); i += 7) {
    Result<Layout> layout = corpus.layouts->Read(i);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    Json json = Json::parse(ExplainJson({ExplainJsonModel(ExplainModel(s))}));
    EXPECT_EQ(json["models"][0]["class"], layout->class_name);
    EXPECT_LE(json["models"][0]["keys"].size(), kMaxEventful);
  }
}

}  // namespace
}  // namespace wcheck
