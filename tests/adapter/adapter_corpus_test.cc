// Every adapter of the reference cases, by every pair of releases that was asked, on both routes: the
// verdict, the keys that reach nothing, the parameters that nothing fills, and whether the scale of
// what arrives is the one that it was trained with.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapter/adapter_verdict.h"
#include "adapter/sized_layout.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"
#include "support/json.h"
#include "wcheck/release.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

fs::path Corpus() {
  const char* folder = std::getenv("WCHECK_CORPUS");
  return folder == nullptr ? fs::path() : fs::path(folder);
}

fs::path Cases() {
  if (const char* folder = std::getenv("WCHECK_CASES")) return fs::path(folder) / "peft";
  return Corpus().empty() ? fs::path() : Corpus().parent_path() / "cases" / "peft";
}

json::Value ReadJson(const fs::path& path) {
  Result<std::string> text = ReadFile(path.string(), uint64_t{64} << 20);
  EXPECT_TRUE(text) << path;
  const SourceFile file(path.string(), *std::move(text));
  Result<json::Value> value = json::Parse(file);
  EXPECT_TRUE(value) << path;
  return *std::move(value);
}

std::string Text(const json::Value& value, std::string_view name) {
  const json::Value* found = value.Find(name);
  return found == nullptr ? "" : found->string;
}

std::set<std::string> Names(const json::Value& value, std::string_view name) {
  std::set<std::string> names;
  const json::Value* found = value.Find(name);
  if (found == nullptr) return names;
  for (const json::Value& item : found->items) names.insert(item.string);
  for (const json::Member& item : found->members) names.insert(item.name);
  return names;
}

std::string Show(const std::set<std::string>& names) {
  std::string shown = std::to_string(names.size());
  size_t n = 0;
  for (const std::string& name : names) {
    if (++n > 3) break;
    shown += " " + name;
  }
  return shown;
}

// The module that a name of an adapter belongs to is in the model. A layout is that of one release, and
// an answer may be about another, whose class has other modules.
bool OfThisModel(const BaseModel& model, std::string name) {
  constexpr std::string_view kWrapper = "base_model.model.";
  if (name.starts_with(kWrapper)) name.erase(0, kWrapper.size());
  const size_t end = name.find(".lora_");
  if (end == std::string::npos) return true;
  name.resize(end);
  for (size_t at; (at = name.find(".base_layer")) != std::string::npos;) name.erase(at, 11);
  return model.Find(name) != nullptr;
}

bool OfThisModel(const BaseModel& model, const AdapterFolder& folder, const json::Value& answer) {
  for (const std::string& name : Names(answer, "not_loaded")) {
    if (!OfThisModel(model, name)) return false;
  }
  const std::set<std::string> unexpected = Names(answer, "unexpected");
  const std::set<std::string> elsewhere = Names(answer, "elsewhere");
  if (Text(answer, "verdict") == "error") return true;
  return std::ranges::all_of(folder.keys, [&](const auto& key) {
    return unexpected.contains(key.first) || elsewhere.contains(key.first) || OfThisModel(model, key.first);
  });
}

class Releases {
 public:
  struct Release {
    std::shared_ptr<const Registry> registry;
    std::unique_ptr<CompiledRegistry> compiled;
  };
  const Release* Get(const std::string& version) {
    auto& release = releases_[version];
    if (release.registry) return &release;
    const std::string path = (Corpus() / ("registry-" + version + ".json")).string();
    Result<std::string> text = ReadFile(path, uint64_t{64} << 20);
    const Engine* engine = FindEngine(version);
    if (!text || engine == nullptr) return nullptr;
    Result<Registry> registry = ReadJsonRegistry(std::make_shared<const SourceFile>(path, *std::move(text)));
    if (!registry) return nullptr;
    release.registry = std::make_shared<const Registry>(*std::move(registry));
    release.compiled = std::make_unique<CompiledRegistry>(*release.registry, *engine);
    return &release;
  }

 private:
  std::map<std::string, Release> releases_;
};

// One answer of the oracle, for one pair.
struct Asked {
  std::string where;
  const json::Value* answer;
  std::string pair;
};

void Compare(const AdapterLoad& load, const Asked& asked) {
  const json::Value& answer = *asked.answer;
  std::string verdict = Text(answer, "verdict");
  if (verdict == "error") verdict = "raises";
  const bool scale = load.verdict == AdapterVerdict::kWrongScale;
  EXPECT_EQ(scale ? "all" : VerdictName(load.verdict), verdict)
      << asked.where << ": " << load.raises << Text(answer, "error")
      << (load.not_judged.empty() ? "" : load.not_judged.front());
  if (verdict == "raises" || load.verdict == AdapterVerdict::kRaises) return;
  const std::set<std::string> unexpected(load.unexpected.begin(), load.unexpected.end());
  const std::set<std::string> not_loaded(load.not_loaded.begin(), load.not_loaded.end());
  EXPECT_EQ(unexpected, Names(answer, "unexpected"))
      << asked.where << ": has " << Show(unexpected) << ", wants " << Show(Names(answer, "unexpected"));
  EXPECT_EQ(not_loaded, Names(answer, "not_loaded"))
      << asked.where << ": has " << Show(not_loaded) << ", wants " << Show(Names(answer, "not_loaded"));
  const json::Value* delta = answer.Find("delta");
  const std::string measured = delta == nullptr ? "" : Text(*delta, asked.pair);
  if (verdict == "all" && (measured == "same" || measured.starts_with("differs"))) {
    EXPECT_EQ(scale, measured != "same") << asked.where;
  }
}

struct Case {
  std::string name;
  AdapterFolder folder;
  std::unique_ptr<LayoutSource> layouts;
  json::Value expect;
  fs::path path;
};

std::vector<Case> ReadCases() {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(Cases())) {
    if (!fs::exists(entry.path() / "expect.json") || !fs::exists(entry.path() / "layout.jsonl")) continue;
    Case one;
    one.path = entry.path();
    one.name = entry.path().filename().string();
    Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts((entry.path() / "layout.jsonl").string());
    Result<AdapterFolder> folder = ReadAdapterFolder(entry.path().string());
    EXPECT_TRUE(layouts && folder) << one.name;
    if (!layouts || !folder) continue;
    one.layouts = *std::move(layouts);
    one.folder = *std::move(folder);
    one.expect = ReadJson(entry.path() / "expect.json");
    cases.push_back(std::move(one));
  }
  return cases;
}

// Calls f(route, transformers, peft, asked) with every pair that was asked about a case.
template <typename F>
void ForEachPair(const Case& one, const BaseModel& model, size_t* others, F f) {
  for (const AdapterRoute route : {AdapterRoute::kPeft, AdapterRoute::kTransformers}) {
    const json::Value* answers = one.expect.Find(RouteName(route));
    if (answers == nullptr) continue;
    for (const json::Value& answer : answers->items) {
      if (!OfThisModel(model, one.folder, answer)) {
        ++*others;
        continue;
      }
      for (const json::Value& pairs : answer.Find("releases")->items) {
        for (const std::string& transformers : Names(pairs, "transformers")) {
          for (const std::string& peft : Names(pairs, "peft")) {
            const std::string pair = transformers + " x " + peft;
            f(route, transformers, peft,
              Asked{one.name + ", " + std::string(RouteName(route)) + ", " + pair, &answer, pair});
          }
        }
      }
    }
  }
}

TEST(AdapterCorpus, EveryCaseAndPair) {
  if (!fs::is_directory(Cases())) GTEST_SKIP() << "WCHECK_CASES names no folder with a folder peft";
  Releases releases;
  size_t asked = 0;
  size_t others = 0;
  for (const Case& one : ReadCases()) {
    const Result<Layout> layout = one.layouts->Read(0);
    ASSERT_TRUE(layout) << one.name;
    const BaseModel model(*layout);
    ForEachPair(one, model, &others,
                [&](AdapterRoute route, const std::string& transformers, const std::string& peft, const Asked& pair) {
                  const Releases::Release* release = releases.Get(transformers);
                  const Result<const PeftRelease*> found = FindPeft(peft);
                  if (release == nullptr || !found) return;
                  ++asked;
                  Compare(LoadAdapter(one.folder, model, *release->compiled, **found, route), pair);
                });
  }
  EXPECT_GT(asked, 0U);
  EXPECT_LE(others, asked / 20 + 1);
}

// The same with the layout of the class's default configuration, sized by config.json.
TEST(AdapterCorpus, DefaultLayouts) {
  if (!fs::is_directory(Cases())) GTEST_SKIP() << "WCHECK_CASES names no folder with a folder peft";
  Releases releases;
  size_t asked = 0;
  size_t others = 0;
  const std::map<std::string, std::string> kLayouts = {
      {"5.8.1", "5.8"}, {"5.12.1", "5.12"}, {"5.16.1", "5.16"}, {"5.24.0", "5.24"}};
  std::map<std::string, std::unique_ptr<LayoutSource>> sources;
  for (const auto& [transformers, file] : kLayouts) {
    Result<std::unique_ptr<LayoutSource>> source = OpenLayouts((Corpus() / ("layouts-" + file + ".jsonl.xz")).string());
    if (!source) GTEST_SKIP() << "WCHECK_CORPUS names no folder with layouts";
    sources[transformers] = *std::move(source);
  }
  for (const Case& one : ReadCases()) {
    const Result<Layout> small = one.layouts->Read(0);
    const Result<ModelConfig> config = ModelConfig::Read((one.path / "config.json").string());
    ASSERT_TRUE(small && config) << one.name;
    ForEachPair(one, BaseModel(*small), &others,
                [&](AdapterRoute route, const std::string& transformers, const std::string& peft, const Asked& pair) {
                  const auto source = sources.find(transformers);
                  const Releases::Release* release = releases.Get(transformers);
                  const Result<const PeftRelease*> found = FindPeft(peft);
                  if (source == sources.end() || release == nullptr || !found) return;
                  const std::optional<size_t> index = source->second->Find(small->class_name);
                  if (!index) return;
                  const Result<Layout> layout = source->second->Read(*index);
                  ASSERT_TRUE(layout) << one.name;
                  const SizedLayout sized = SizeLayout(*layout, &*config, one.folder.keys);
                  const BaseModel model(sized.layout, sized.known, config->ties());
                  ++asked;
                  Compare(LoadAdapter(one.folder, model, *release->compiled, **found, route), pair);
                });
  }
  EXPECT_GT(asked, 0U);
}

}  // namespace
}  // namespace wcheck
