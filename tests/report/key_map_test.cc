#include "analysis/key_map.h"

#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "explain_models.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

// Every key of every class, compared with the reference answers.
TEST(KeyMap, ExpandedLoadIsWhatTheEngineSays) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  size_t keys = 0;
  size_t claimed = 0;
  for (const std::string& line : ReadLines(corpus.folder + "/truth-5.16.jsonl.xz")) {
    Json truth = Json::parse(line);
    if (!truth.contains("checkpoint") || !truth.contains("load")) continue;
    auto at = corpus.layouts->Find(truth["class"].get<std::string>());
    if (!at) continue;
    Result<Layout> layout = corpus.layouts->Read(*at);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    Result<KeyMap> map = BuildKeyMap(s, Direction::kLoad, Folding::kMembers);
    ASSERT_TRUE(map.ok());
    std::map<std::string, std::vector<const MapRow*>> rows;
    for (const MapRow& row : map->rows) {
      if (row.checkpoint) rows[row.checkpoint->ToString()].push_back(&row);
    }
    ASSERT_EQ(rows.size(), truth["checkpoint"].size()) << s.layout->class_name;
    for (const auto& [key, shape] : truth["checkpoint"].items()) {
      ASSERT_TRUE(rows.contains(key)) << s.layout->class_name << ' ' << key;
      const MapRow& row = *rows[key][0];
      EXPECT_EQ(Json(*row.checkpoint->shape), shape) << key;
      ++keys;
      const Json& load = truth["load"];
      bool claims = load.contains(key) && !load[key][1].is_null();
      EXPECT_EQ(row.converter != nullptr, claims) << s.layout->class_name << ' ' << key;
      claimed += claims;
      if (claims) continue;
      EXPECT_EQ(rows[key].size(), 1U);
      EXPECT_EQ(row.model->ToString(), load.contains(key) ? load[key][0] : Json(key));
    }
  }
  std::cout << keys << " keys, " << claimed << " claimed by converters\n";
  EXPECT_GT(claimed, 100U);
}

// Families give the same as their keys.
TEST(KeyMap, FamiliesAndKeysAgree) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  size_t classes = 0;
  for (size_t i = 0; i < corpus.layouts->size(); ++i) {
    Result<Layout> layout = corpus.layouts->Read(i);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    for (Direction direction : {Direction::kLoad, Direction::kSave}) {
      Result<KeyMap> families = BuildKeyMap(s, direction, Folding::kFamilies);
      Result<KeyMap> members = BuildKeyMap(s, direction, Folding::kMembers);
      ASSERT_EQ(families.ok(), members.ok());
      if (!families.ok()) continue;
      ++classes;
      auto sides = [](const KeyMap& map) {
        std::map<std::string, uint64_t> seen;  // family and status -> keys
        for (const MapRow& row : map.rows) {
          for (const auto* end : {&row.checkpoint, &row.model}) {
            if (!*end) continue;
            std::string what = (end == &row.model ? "m " : "c ") + (*end)->pattern;
            for (uint32_t t : row.transforms) what += ' ' + std::to_string(t);
            what += ' ' + std::string(StatusName(row.status));
            seen[what] += 1;
          }
        }
        std::set<std::string> out;
        for (const auto& [what, count] : seen) out.insert(what);
        return out;
      };
      EXPECT_EQ(sides(*families), sides(*members)) << s.layout->class_name;
    }
  }
  EXPECT_GT(classes, 60U);
}

TEST(KeyMap, HostileNamesStayInTheirCells) {
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {"m": []}})",
      R"({"class": "A|B\t\\", "model_type": "", "base_model_prefix": "", "modules": [["", "A|B\t\\", ""]],
        "keys": {"a\tb.w": [[1], "float32"], "a\nb.n": [[1], "float32"], "`|<b>": [[1], "float32"]}})");
  Simulation s = model.Run();
  Result<KeyMap> map = BuildKeyMap(s, Direction::kLoad, Folding::kFamilies);
  ASSERT_TRUE(map.ok());
  auto text = [&](MapFormat format) {
    MapDocument document(format);
    document.Add(*map);
    return std::move(document).Finish();
  };
  std::istringstream tsv(text(MapFormat::kTsv));
  std::set<std::string> names;
  size_t lines = 0;
  for (std::string line; std::getline(tsv, line); ++lines) {
    ASSERT_EQ(std::count(line.begin(), line.end(), '\t'), 9) << line;
    EXPECT_TRUE(lines == 0 || line.starts_with("A|B\\t\\\\\t")) << line;
    size_t first = line.find('\t') + 1;
    names.insert(line.substr(first, line.find('\t', first) - first));
  }
  EXPECT_EQ(lines, 4U);
  EXPECT_TRUE(names.contains("a\\tb.w"));
  EXPECT_TRUE(names.contains("a\\nb.n"));
  Json json = Json::parse(text(MapFormat::kJson));
  EXPECT_EQ(json["models"][0]["rows"].size(), 3U);
  EXPECT_EQ(json["models"][0]["class"], "A|B\t\\");
  std::istringstream markdown(text(MapFormat::kMarkdown));
  lines = 0;
  for (std::string line; std::getline(markdown, line); ++lines) {
    if (lines < 4) continue;
    size_t bars = 0;
    for (size_t i = 0; i < line.size(); ++i)
      bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_EQ(bars, 10U) << line;
  }
  EXPECT_EQ(lines, 7U);
}

TEST(KeyMap, CollisionsAreSaid) {
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {"m": [
        {"type": "WeightRenaming", "source": ["z"], "target": ["a"]},
        {"type": "WeightRenaming", "source": ["z"], "target": ["b"]}]}})",
      R"({"class": "M", "model_type": "m", "base_model_prefix": "", "modules": [["", "M", "m"]],
        "keys": {"a.w": [[1], "float32"], "b.w": [[1], "float32"], "c.w": [[1], "float32"]}})");
  Simulation s = model.Run();
  Result<KeyMap> map = BuildKeyMap(s, Direction::kSave, Folding::kFamilies);
  ASSERT_TRUE(map.ok());
  std::map<std::string, MapRow::Status> status;
  for (const MapRow& row : map->rows) status[row.model->ToString()] = row.status;
  EXPECT_EQ(status["a.w"], MapRow::Status::kCollides);
  EXPECT_EQ(status["b.w"], MapRow::Status::kCollides);
  EXPECT_EQ(status["c.w"], MapRow::Status::kOk);
}

}  // namespace
}  // namespace wcheck
