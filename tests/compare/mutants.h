// The one-edit mutations of the 5.16 registry, with the engine's verdict on each.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"

#include "truth.h"

namespace wcheck::testing {

// True if the engine refuses the mutant, saves other names with it, or does not bring the class
// back from save and load.
inline bool CallsForAnAlarm(const nlohmann::json& verdict) {
  // The reference was made with stand-in models without parameters: where that shows, the verdict
  // says nothing about the engine.
  const bool stand_in = verdict.value("checkpoint_error", "").rfind("AttributeError", 0) == 0;
  for (const char* field : {"rejected", "error", "save_fresh_error", "load_error"}) {
    if (verdict.contains(field)) return true;
  }
  if (verdict.contains("checkpoint_error") && !stand_in) return true;
  for (const char* field :
       {"missing", "unexpected", "save_collisions", "load_collisions", "reload_changed"}) {
    if (verdict.value(field, 0) != 0) return true;
  }
  return verdict.value("checkpoint_changed", false);
}

class MutantsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    corpus_ = FindCorpus();
    path_ = corpus_.folder + "/mutants.jsonl.xz";
    if (!std::filesystem::exists(path_)) {
      GTEST_SKIP() << "no mutants in " << corpus_.folder
                   << "; WCHECK_CORPUS names the reference corpus";
    }
    Result<std::string> text = ReadFile(corpus_.folder + "/registry-5.16.json", kMaxJsonFile);
    ASSERT_TRUE(text.ok());
    Result<Registry> registry =
        ReadJsonRegistry(std::make_shared<const SourceFile>("registry", *text));
    ASSERT_TRUE(registry.ok());
    registry_ = *std::move(registry);
    auto layouts = OpenLayouts(corpus_.folder + "/layouts-5.16.jsonl.xz");
    ASSERT_TRUE(layouts.ok());
    layouts_ = *std::move(layouts);
  }

  struct Mutant {
    std::string what;  // id, edit and class, for messages
    std::string edit;
    std::string class_name;
    bool alarm = false;
    std::string verdict;
    Registry registry;
  };

  // Calls f(mutant) for each.
  template <typename F>
  void ForEachMutant(F&& f) const {
    for (const std::string& line : ReadLines(path_)) {
      const nlohmann::json json = nlohmann::json::parse(line);
      auto file = std::make_shared<const SourceFile>("mutant", json["transforms"].dump());
      Result<json::Value> list = json::Parse(*file);
      ASSERT_TRUE(list.ok());
      Result<std::vector<TransformSpec>> transforms = ReadJsonTransforms(*list);
      ASSERT_TRUE(transforms.ok()) << transforms.error().ToString();
      Mutant mutant;
      mutant.edit = json["edit"];
      mutant.class_name = json["class"];
      mutant.what = json["id"].get<std::string>() + ' ' + mutant.edit + ' ' + mutant.class_name;
      mutant.alarm = CallsForAnAlarm(json["verdict"]);
      mutant.verdict = json["verdict"].dump();
      mutant.registry = registry_;
      mutant.registry.entries[json["entry"]].transforms = *std::move(transforms);
      mutant.registry.files.push_back(std::move(file));
      f(mutant);
    }
  }

  // The engine that gave the verdicts.
  const Engine& engine() const { return EngineOfFiles("5.16"); }

  Corpus corpus_;
  std::string path_;
  Registry registry_;
  std::unique_ptr<LayoutSource> layouts_;
};

}  // namespace wcheck::testing
