// The models that tests of explanations, tables and graphs run on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/simulation.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"

#include "truth.h"

namespace wcheck {

// A registry and a layout, with what they are read from.
struct TestModel {
  std::shared_ptr<Registry> registry;
  std::shared_ptr<CompiledRegistry> compiled;
  std::shared_ptr<Layout> layout;

  Simulation Run() const { return Simulate(*layout, *compiled, {}); }
};

inline TestModel MakeModel(const std::string& registry_text, const std::string& layout_text) {
  TestModel model;
  auto file = std::make_shared<const SourceFile>("registry.json", registry_text);
  Result<Registry> registry = ReadJsonRegistry(file);
  EXPECT_TRUE(registry.ok()) << (registry.ok() ? "" : registry.error().ToString());
  // Tests write modules as lists, and omit members that do not matter there.
  auto object = nlohmann::ordered_json::parse(layout_text);
  if (!object.contains("tied")) object["tied"] = nlohmann::json::object();
  if (!object.contains("declared_tied")) object["declared_tied"] = nullptr;
  for (auto& module : object["modules"]) {
    module = {{"path", module[0]}, {"class", module[1]}, {"model_type", module[2]}};
  }
  SourceFile layout_file("layout.json", object.dump());
  Result<json::Value> value = json::Parse(layout_file);
  EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().ToString());
  Result<Layout> layout = ReadLayout(*value);
  EXPECT_TRUE(layout.ok()) << (layout.ok() ? "" : layout.error().ToString());
  model.registry = std::make_shared<Registry>(*std::move(registry));
  model.compiled = std::make_shared<CompiledRegistry>(*model.registry, DefaultEngine());
  model.layout = std::make_shared<Layout>(*std::move(layout));
  return model;
}

// The registry and layouts of the corpus at hand that run as 5.15.
struct TestCorpus {
  std::string folder;
  Registry registry;
  std::unique_ptr<CompiledRegistry> compiled;
  std::unique_ptr<LayoutSource> layouts;
};

inline TestCorpus OpenCorpus(const std::string& folder) {
  TestCorpus corpus;
  corpus.folder = folder;
  std::string path = folder + "/registry-5.16.json";
  Result<std::string> text = ReadFile(path, kMaxJsonFile);
  EXPECT_TRUE(text.ok()) << path;
  Result<Registry> registry =
      ReadJsonRegistry(std::make_shared<const SourceFile>(path, *std::move(text)));
  EXPECT_TRUE(registry.ok());
  corpus.registry = *std::move(registry);
  corpus.compiled = std::make_unique<CompiledRegistry>(corpus.registry, *FindEngine("5.15"));
  auto layouts = OpenLayouts(folder + "/layouts-5.16.jsonl.xz");
  EXPECT_TRUE(layouts.ok());
  corpus.layouts = *std::move(layouts);
  return corpus;
}

// The models that the project carries itself.
inline std::string OwnCorpus() { return std::string(WCHECK_SOURCE_DIR) + "/fixtures/subset"; }

// Small cases made at random, with guards, lookarounds and errors.
inline std::vector<TestModel> GeneratedModels() {
  std::vector<TestModel> models;
  for (const std::string& line : ReadLines(OwnCorpus() + "/generated-5.16.jsonl.xz")) {
    nlohmann::json one = nlohmann::json::parse(line);
    for (auto& m : one["layout"]["modules"]) m = {m["path"], m["class"], m["model_type"]};
    models.push_back(MakeModel(one["registry"].dump(), one["layout"].dump()));
    if (!models.back().compiled->rejections().empty()) models.pop_back();
  }
  return models;
}

}  // namespace wcheck
