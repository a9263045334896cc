// The examples of testdata/engines on every engine that answered them.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/simulation.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "report/simulation_json.h"

#include "truth.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

// An example with its parts read.
struct Example {
  std::string name;
  std::shared_ptr<const SourceFile> file;
  Registry registry;
  Layout layout;
  Layout given;  // its families are the keys to load
  Json given_keys;
  Json answers;
};

Example ReadExample(const std::string& line) {
  Example example;
  example.file = std::make_shared<const SourceFile>("example", line);
  Result<json::Value> value = json::Parse(*example.file);
  EXPECT_TRUE(value.ok());
  Result<Registry> registry = ReadJsonRegistry(example.file, *value->Find("registry"));
  EXPECT_TRUE(registry.ok()) << (registry.ok() ? "" : registry.error().ToString());
  Result<Layout> layout = ReadLayout(*value->Find("layout"));
  EXPECT_TRUE(layout.ok()) << (layout.ok() ? "" : layout.error().ToString());
  example.registry = *std::move(registry);
  example.layout = *std::move(layout);
  Json json = Json::parse(line);
  example.name = json["name"];
  example.given_keys = json["given"];
  example.answers = json["answers"];
  LayoutBuilder keys;
  for (const auto& [key, shape] : json["given"].items()) {
    keys.Add(key, shape.get<std::vector<int64_t>>(), "float32");
  }
  keys.FinishInto(&example.given);
  return example;
}

// What limits the transforms of a plan to sub-models, as far as anything does.
Json ScopesOf(const Json& mapping) {
  Json scopes = Json::array();
  for (const Json& transform : mapping) {
    Json scope = Json::object();
    for (const char* field : {"scope_prefix", "base_model_prefix", "prefix_to_remove",
                              "model_prefix"}) {
      if (transform.contains(field)) scope[field] = transform[field];
    }
    if (!scope.empty()) scopes.push_back(std::move(scope));
  }
  return scopes;
}

// The names in a pass where they are not those of another.
Json OtherNames(const Json& names, const Json& other) {
  Json out = Json::object();
  for (const auto& [key, name] : names.items()) {
    const Json before = other.contains(key) ? other[key][0] : Json(key);
    if (name[0] != before) out[key] = name[0];
  }
  return out;
}

// Our answer in the form of those of the file.
Json AnswerOf(const Example& example, const Engine& engine) {
  const CompiledRegistry compiled(example.registry, engine);
  if (!compiled.rejections().empty()) {
    return {{"rejected", compiled.rejections().front().error.ToString()}};
  }
  const Simulation simulation = Simulate(example.layout, compiled, {});
  if (simulation.save_fresh.error &&
      simulation.save_fresh.error->kind == EngineError::Kind::kTypeError &&
      simulation.reload.error) {
    return {{"oracle_error", simulation.save_fresh.error->ToString()}};
  }
  const Simulation loaded = Simulate(
      example.layout, compiled, {.load_only = true, .checkpoint = &example.given.families});
  const Json all = Json::parse(SimulationJson(simulation, &loaded));
  const Json& given = all["given"];
  Json answer;
  answer["save"] = all.contains("checkpoint") ? all["checkpoint"] : all["checkpoint_error"];
  if (all.contains("save_loaded") && all.contains("save_fresh")) {
    const Json names = OtherNames(all["save_loaded"], all["save_fresh"]);
    if (!names.empty()) answer["save_loaded"] = names;
  }
  if (given.contains("load_error")) {
    answer["load"] = given["load_error"];
  } else {
    answer["load"] = Json::object();
    for (const auto& [key, shape] : example.given_keys.items()) {
      answer["load"][key] = given["load"].contains(key) ? given["load"][key][0] : Json(key);
    }
    // Without a checkpoint, nothing is loaded.
    for (const char* field :
         {"missing", "unexpected", "unset", "stray", "mismatched", "load_failures"}) {
      const bool loads = !example.given_keys.is_null();
      if (loads && given.contains(field) && !given[field].empty()) answer[field] = given[field];
    }
  }
  const Json scopes = ScopesOf(all["mapping"]);
  if (!scopes.empty()) answer["scopes"] = scopes;
  return answer;
}

// Texts of errors count by their presence, and so does `force_cpu_in_reverse`, which is no name.
Json Comparable(Json answer) {
  answer.erase("force_cpu_in_reverse");
  for (const char* field : {"save", "load", "rejected", "oracle_error"}) {
    if (answer.contains(field) && answer[field].is_string()) answer[field] = "an error";
  }
  if (answer.contains("load_failures")) {
    for (auto& failure : answer["load_failures"]) failure = "an error";
  }
  for (const char* field : {"missing", "unexpected", "unset"}) {
    if (answer.contains(field)) std::sort(answer[field].begin(), answer[field].end());
  }
  return answer;
}

TEST(EngineExamples, HaveTheAnswersOfEveryEngine) {
  const std::string path = std::string(WCHECK_SOURCE_DIR) + "/testdata/engines/examples.jsonl";
  size_t answers = 0;
  for (const std::string& line : ReadLines(path)) {
    const Example example = ReadExample(line);
    for (const Json& group : example.answers) {
      for (const std::string release : group["engines"]) {
        const Engine* engine = FindEngine(release);
        ASSERT_NE(engine, nullptr) << release;
        EXPECT_EQ(Comparable(AnswerOf(example, *engine)), Comparable(group["answer"]))
            << example.name << " on " << release;
        ++answers;
      }
    }
  }
  EXPECT_EQ(answers, 63U * 20U);
}

TEST(EngineExamples, ForceCpuSurvivesAReverse) {
  const std::string path = std::string(WCHECK_SOURCE_DIR) + "/testdata/engines/examples.jsonl";
  for (const std::string& line : ReadLines(path)) {
    const Example example = ReadExample(line);
    for (const Json& group : example.answers) {
      if (!group["answer"].contains("force_cpu_in_reverse")) continue;
      for (const std::string release : group["engines"]) {
        const CompiledRegistry compiled(example.registry, *FindEngine(release));
        const auto& reverse = compiled.Find("toy")->front()->reverse();
        const Json& expected = group["answer"]["force_cpu_in_reverse"];
        EXPECT_EQ(std::get<Transform>(reverse).force_cpu, expected.is_boolean() && expected)
            << release;
      }
    }
  }
}

}  // namespace
}  // namespace wcheck
