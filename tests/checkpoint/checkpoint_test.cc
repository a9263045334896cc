// Real checkpoints, compared with the engine's own answers, and small ones that the test writes
// itself.
#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "families/boxes.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "safetensors_writer.h"
#include "support/file.h"
#include "test_files.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

struct Registered {
  explicit Registered(Registry r) : registry(std::move(r)), compiled(registry, DefaultEngine()) {}
  Registry registry;
  CompiledRegistry compiled;
};

std::unique_ptr<Registered> RegistryOf(const std::string& text) {
  Result<Registry> registry =
      ReadJsonRegistry(std::make_shared<const SourceFile>("registry.json", text));
  EXPECT_TRUE(registry.ok()) << (registry.ok() ? "" : registry.error().ToString());
  return std::make_unique<Registered>(*std::move(registry));
}

Layout LayoutOf(const std::string& text) {
  SourceFile file("layout.json", text);
  Result<json::Value> value = json::Parse(file);
  EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().ToString());
  Result<Layout> layout = ReadLayout(*value);
  EXPECT_TRUE(layout.ok()) << (layout.ok() ? "" : layout.error().ToString());
  return *std::move(layout);
}

Checkpoint CheckpointAt(const std::string& path) {
  std::vector<std::string> paths{path};
  Result<Checkpoint> checkpoint = ReadCheckpoint(paths);
  EXPECT_TRUE(checkpoint.ok()) << (checkpoint.ok() ? "" : checkpoint.error().ToString());
  return checkpoint.ok() ? *std::move(checkpoint) : Checkpoint{};
}

// All keys of a family, one by one.
void AddKeys(std::string_view pattern, std::span<const IndexSet> numbers,
             std::set<std::string>* keys) {
  ForEachMember(numbers, [&](std::span<const uint32_t> member) {
    keys->insert(JoinNumbers(pattern, member));
  });
}

std::set<std::string> KeysOf(const std::vector<LayoutFamily>& families) {
  std::set<std::string> keys;
  for (const LayoutFamily& f : families) AddKeys(f.pattern, f.numbers, &keys);
  return keys;
}

template <typename Part>
std::set<std::string> KeysOf(const std::vector<Part>& parts,
                             const std::vector<LayoutFamily>& families) {
  std::set<std::string> keys;
  for (const Part& p : parts) AddKeys(families[p.family].pattern, p.numbers, &keys);
  return keys;
}

std::set<std::string> DriftedKeysOf(const CheckpointOutcome& j) {
  std::set<std::string> keys;
  for (const DriftedKeys& d : j.drifted) AddKeys(d.keys.pattern, d.keys.numbers, &keys);
  return keys;
}

std::set<std::string> AddedKeysOf(const CheckpointOutcome& j) {
  std::set<std::string> keys;
  for (const NameFamily& a : j.added) AddKeys(a.pattern, a.numbers, &keys);
  return keys;
}

using Keys = std::set<std::string>;

// --- published checkpoints
// --------------------------------------------------------------------------

class Published : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const char* corpus = std::getenv("WCHECK_CORPUS");
    if (corpus == nullptr) GTEST_SKIP() << "WCHECK_CORPUS does not name the reference corpus";
    folder_ = std::string(corpus) + "/checkpoints/" + GetParam();
    Result<std::string> registry = ReadFile(std::string(corpus) + "/registry-5.16.json", kMaxJsonFile);
    ASSERT_TRUE(registry.ok());
    registry_ = RegistryOf(*registry);
    bundled_ = std::string(corpus) + "/layouts-5.16.jsonl.xz";
  }

  std::string folder_;
  std::string bundled_;
  std::unique_ptr<Registered> registry_;
};

TEST_P(Published, IsJudgedAsTheEngineDoes) {
  Json truth = Json::parse(*ReadFile(folder_ + "/truth.json", kMaxJsonFile));
  Layout layout = LayoutOf(*ReadFile(folder_ + "/layout.json", kMaxJsonFile));
  Checkpoint checkpoint = CheckpointAt(folder_);
  EXPECT_EQ(checkpoint.key_count(), truth["load"].size());
  EXPECT_EQ(checkpoint.architectures, std::vector<std::string>{layout.class_name});
  EXPECT_FALSE(checkpoint.has_shapes);  // the corpus has no shards

  CheckpointOutcome j = SimulateCheckpoint(layout, registry_->compiled, checkpoint);
  std::cout << checkpoint.key_count() << " keys to " << layout.key_count() << "\n";
  EXPECT_TRUE(j.clean());
  EXPECT_FALSE(j.fitted);
  EXPECT_TRUE(j.counts.empty());

  // Key by key, as the engine loads them.
  std::map<std::string, std::string> loaded;
  for (const Trace& trace : j.simulation.load.traces) {
    Name name = j.simulation.load.NameOf(trace);
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      loaded[JoinNumbers(j.families[trace.family].pattern, member)] = name.Of(member);
    });
  }
  EXPECT_EQ(loaded.size(), truth["load"].size());
  for (const auto& [key, answer] : truth["load"].items()) {
    EXPECT_EQ(loaded[key], answer[0].get<std::string>()) << key;
  }
  // Ties play no part in the engine's answers: there the tied targets are missing, and saved.
  Keys tied;
  for (const Tie& tie : layout.tied) tied.insert(tie.target);
  Keys absent = KeysOf(j.missing, j.layout->families);
  Keys excused = KeysOf(j.tied, j.layout->families);
  absent.insert(excused.begin(), excused.end());
  EXPECT_EQ(absent, truth["missing"].get<Keys>());
  EXPECT_EQ(excused, tied);
  EXPECT_EQ(truth["unexpected"].size(), 0U);
  Keys saved = KeysOf(j.saved.tensors);
  saved.insert(tied.begin(), tied.end());
  EXPECT_EQ(saved, truth["saved"].get<Keys>());
  std::vector<size_t> used;
  for (size_t i = 0; i < j.simulation.load.used.size(); ++i) {
    if (j.simulation.load.used[i]) used.push_back(i);
  }
  EXPECT_EQ(used, truth["used"].get<std::vector<size_t>>());
}

// The layout of the class's default config has other numbers of layers; it is fitted.
TEST_P(Published, IsCleanWithTheFittedDefaultLayout) {
  Checkpoint checkpoint = CheckpointAt(folder_);
  auto layouts = OpenLayouts(bundled_);
  ASSERT_TRUE(layouts.ok());
  Result<Layout> layout = (*layouts)->Read(*(*layouts)->Find(checkpoint.architectures.at(0)));
  ASSERT_TRUE(layout.ok());
  CheckpointOutcome j =
      SimulateCheckpoint(*layout, registry_->compiled, checkpoint, {.default_layout = true});
  for (const CountDifference& c : j.counts) {
    std::cout << ShowFamily(c.part,
                            std::vector<IndexSet>(std::count(c.part.begin(), c.part.end(), kHole),
                                                  c.checkpoint))
              << ": layout " << c.layout.ToString() << ", checkpoint " << c.checkpoint.ToString()
              << "\n";
    EXPECT_TRUE(c.fitted);
  }
  EXPECT_TRUE(j.fitted);
  EXPECT_TRUE(j.clean());
  EXPECT_EQ(KeysOf(j.missing, j.layout->families), Keys{});
  EXPECT_EQ(KeysOf(j.unexpected, j.families), Keys{});
  EXPECT_EQ(DriftedKeysOf(j), Keys{});
  EXPECT_EQ(AddedKeysOf(j), Keys{});
}

INSTANTIATE_TEST_SUITE_P(Corpus, Published, ::testing::Values("mixtral-8x22b", "gemma3-27b"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace wcheck
