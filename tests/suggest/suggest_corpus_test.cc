// Suggestions for the classes of the reference data, against the reference answers: how many are right,
// and whether those that are not say so.
//
// WCHECK_SUGGEST_ONLY names one class to run, and prints what it gets.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/simulation.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "report/simulation_json.h"
#include "suggest/suggest.h"
#include "support/file.h"

#include "truth.h"

namespace wcheck::suggest {
namespace {

using Json = nlohmann::json;

// One tensor or several that become one or several: sources, targets, operations.
using Texts = std::vector<std::string>;
struct Joint {
  std::vector<Texts> sources;
  Texts targets;
  Texts operations;
  friend auto operator<=>(const Joint&, const Joint&) = default;
};

struct Load {
  std::map<std::string, std::string> singles;
  std::set<Joint> joints;

  std::set<std::pair<std::string, std::string>> Edges() const {
    std::set<std::pair<std::string, std::string>> out(singles.begin(), singles.end());
    for (const Joint& joint : joints) {
      for (const Texts& keys : joint.sources) {
        for (const std::string& key : keys) {
          for (const std::string& target : joint.targets) out.emplace(key, target);
        }
      }
    }
    return out;
  }
};

// A pattern as text: what stands in the names that it makes.
std::string Plain(std::string text) {
  if (text.starts_with('^')) text.erase(0, 1);
  if (text.ends_with('$')) text.pop_back();
  for (size_t at = 0; (at = text.find("\\.", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

std::string OperationText(const Json& operation) {
  std::string name = operation.at("op");
  if (name == "Split") name = "Chunk";
  for (const char* member : {"dim", "dim0", "dim1"}) {
    if (operation.contains(member)) name += " " + operation.at(member).dump();
  }
  return name;
}

// What an answer in the form of the reference data loads: `all` are the keys of the checkpoint with
// their shapes, `shapes` those of the model.
Load LoadOf(const Json& answer, const Json& all, const std::map<std::string, Json>& shapes) {
  Load out;
  for (const auto& [key, shape] : all.items()) out.singles[key] = key;
  std::map<std::string, std::map<std::string, Texts>> buckets;
  for (const auto& [key, to] : answer.at("load").items()) {
    if (to[1].is_null()) {
      out.singles[key] = to[0];
    } else {
      out.singles.erase(key);
      buckets[to[0].get<std::string>()][to[1].get<std::string>()].push_back(key);
    }
  }
  for (auto& [bucket, by_pattern] : buckets) {
    const Json* converter = nullptr;
    for (const Json& transform : answer.at("mapping")) {
      if (transform.at("type") != "WeightConverter") continue;
      const Json& sources = transform.at("source");
      const bool has = std::ranges::all_of(by_pattern, [&](const auto& pattern) {
        return std::ranges::find(sources, Json(pattern.first)) != sources.end();
      });
      const std::string first = Plain(transform.at("target")[0].get<std::string>());
      const bool fits = bucket.find(first) != std::string::npos || first.find_first_of("*\\(") != std::string::npos;
      if (has && (converter == nullptr || fits)) {
        converter = &transform;
        if (fits) break;
      }
    }
    if (converter == nullptr) continue;
    Joint joint;
    for (const Json& source : converter->at("source")) {
      Texts keys = by_pattern[source.get<std::string>()];
      std::ranges::sort(keys);
      joint.sources.push_back(std::move(keys));
    }
    const std::string first = Plain(converter->at("target")[0].get<std::string>());
    for (const Json& target : converter->at("target")) {
      std::string name = bucket;
      const std::string text = Plain(target.get<std::string>());
      if (const size_t at = name.find(first); at != std::string::npos) name.replace(at, first.size(), text);
      joint.targets.push_back(name);
    }
    for (const Json& operation : converter->at("operations")) joint.operations.push_back(OperationText(operation));
    // A Transpose that looks at the dimensions does nothing where they are the model's already.
    const bool looks = std::ranges::all_of(converter->at("operations"), [](const Json& o) { return o.value("check_dims", false); });
    if (looks && joint.targets == joint.sources[0] && shapes.contains(bucket) && shapes.at(bucket) == all.at(bucket)) {
      out.singles[bucket] = bucket;
      continue;
    }
    out.joints.insert(std::move(joint));
  }
  return out;
}

bool Legacy(const Json& transform) {
  static const std::set<std::string> kLegacy = {"LayerNorm.gamma", "LayerNorm.beta", ".weight_g", ".weight_v", ".weight_g$", ".weight_v$"};
  if (!transform.contains("source")) return false;
  const std::string first = transform.at("source")[0];
  return kLegacy.contains(first) || first.starts_with("^model\\.language_model\\.model");
}

// The pattern of a key or of a family's text, all numbers as "{}".
std::string FamilyText(const std::string& key) {
  std::vector<std::string> tokens = SplitAtDots(key);
  for (std::string& token : tokens) {
    if (!token.empty() && token.find_first_not_of("0123456789") == std::string::npos) token = kNumber;
  }
  return JoinWithDots(tokens);
}

std::vector<std::vector<uint32_t>> MembersOf(std::span<const IndexSet> sets) {
  std::vector<std::vector<uint32_t>> members{{}};
  for (const IndexSet& set : sets) {
    std::vector<std::vector<uint32_t>> longer;
    for (const auto& member : members) {
      set.ForEach([&](uint32_t value) {
        longer.push_back(member);
        longer.back().push_back(value);
      });
    }
    members = std::move(longer);
  }
  return members;
}

std::set<std::string> NamesOf(const std::vector<LayoutFamily>& families) {
  std::set<std::string> out;
  for (const LayoutFamily& family : families) {
    for (const auto& member : MembersOf(family.numbers)) out.insert(JoinNumbers(family.pattern, member));
  }
  return out;
}

// Where each key of a checkpoint is loaded.
std::map<std::string, std::string> Places(const Simulation& simulation) {
  std::map<std::string, std::string> out;
  for (const Trace& trace : simulation.load.traces) {
    const Name name = simulation.load.NameOf(trace);
    for (const auto& member : MembersOf(trace.members)) {
      out[JoinNumbers(simulation.load.families[trace.family].pattern, member)] = name.Of(member);
    }
  }
  return out;
}

struct Row {
  std::string name;
  std::string kind;
  std::string verdict;
  std::string why;
  size_t lines = 0;
  size_t original = 0;
  double seconds = 0;
  bool asked = false;
  size_t keys = 0;
};

class CorpusTest : public testing::Test {
 protected:
  // Runs the classes of truth-RELEASE whose load changes or claims a key, and checks the shares.
  void Measure(const std::string& truth_name, const std::string& layouts_name) {
    const Corpus corpus = FindCorpus();
    const std::string truth_path = corpus.folder + "/truth-" + truth_name + ".jsonl.xz";
    if (!corpus.whole || !std::filesystem::exists(truth_path)) {
      GTEST_SKIP() << "the reference data is not there: set WCHECK_CORPUS to a folder with " << truth_path;
    }
    const auto layouts = OpenLayouts(corpus.folder + "/layouts-" + layouts_name + ".jsonl.xz");
    ASSERT_TRUE(layouts.ok());
    const char* only = std::getenv("WCHECK_SUGGEST_ONLY");
    std::vector<Row> rows;
    for (const std::string& line : ReadLines(truth_path)) {
      if (only != nullptr && line.find('"' + std::string(only) + '"') == std::string::npos) continue;
      Json truth = Json::parse(line);
      if (only != nullptr && truth.at("class") != only) continue;
      if (!truth.contains("mapping") || truth.at("mapping").is_null() || !truth.contains("checkpoint") ||
          !truth.contains("load") || truth.at("load").empty()) {
        continue;
      }
      const Json& mapping = truth.at("mapping");
      if (std::ranges::all_of(mapping, Legacy)) continue;
      const std::optional<size_t> index = (*layouts)->Find(truth.at("class").get<std::string>());
      if (!index) continue;
      const Result<Layout> layout = (*layouts)->Read(*index);
      ASSERT_TRUE(layout.ok());
      rows.push_back(RunOne(truth, *layout, only != nullptr));
      if (only == nullptr && rows.back().verdict != "right") {
        const Row& row = rows.back();
        std::cout << row.name << " (" << row.kind << "): " << row.verdict << " " << row.why << "\n";
      }
    }
    if (only != nullptr) return;
    Summarise(rows, std::string(WCHECK_SOURCE_DIR) + "/reports/suggestions-" + truth_name + ".txt");
  }

  Row RunOne(const Json& truth, const Layout& layout, bool show) {
    Row row;
    row.name = layout.class_name;
    bool converts = false, scoped = false;
    const Json& mapping = truth.at("mapping");
    for (const Json& used : truth.value("load_used", Json::array())) {
      const Json& transform = mapping[used.get<size_t>()];
      if (Legacy(transform)) continue;
      ++row.original;
      converts = converts || transform.at("type") == "WeightConverter";
      scoped = scoped || !transform.value("scope_prefix", "").empty();
    }
    row.kind = std::string(scoped ? "composite" : "plain") + (converts ? ", converters" : ", renamings");
    LayoutBuilder builder;
    for (const auto& [key, shape] : truth.at("checkpoint").items()) builder.Add(key, shape.get<std::vector<int64_t>>(), "");
    row.keys = truth.at("checkpoint").size();
    Layout holder;
    builder.FinishInto(&holder);
    Request request;
    request.model = &layout;
    request.checkpoint = holder.families;
    request.engines = {&NewestEngine(), FindEngine("5.15.1")};
    const auto begin = std::chrono::steady_clock::now();
    const Result<Suggestion> suggestion = Suggest(request);
    row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    EXPECT_TRUE(suggestion.ok());
    row.lines = suggestion->lines.size();
    row.asked = !suggestion->undecided.empty();

    const Registry registry = AsRegistry(layout, suggestion->lines);
    const CompiledRegistry compiled(registry, NewestEngine());
    const Simulation simulation = Simulate(layout, compiled, {.checkpoint = &holder.families});
    const Json ours = Json::parse(SimulationJson(simulation));
    std::map<std::string, Json> shapes;
    for (const LayoutFamily& family : layout.families) {
      for (const auto& member : MembersOf(family.numbers)) {
        shapes[JoinNumbers(family.pattern, member)] = std::vector<int64_t>(family.shape.begin(), family.shape.end());
      }
    }
    const Load wanted = LoadOf(truth, truth.at("checkpoint"), shapes);
    const Load got = LoadOf(ours, truth.at("checkpoint"), shapes);
    std::set<std::string> asked, left;
    for (const Question& question : suggestion->undecided) {
      for (const std::string& family : question.families) asked.insert(FamilyText(family));
    }
    for (const LeftOver& over : suggestion->no_place) left.insert(FamilyText(over.family));
    std::set<std::string> model_left;
    for (const LeftOver& over : suggestion->nothing_for) model_left.insert(FamilyText(over.family));
    const auto edges = got.Edges();
    const auto right = wanted.Edges();
    bool wrong = false, silent = false;
    for (const auto& edge : edges) {
      const std::string family = FamilyText(edge.first);
      if (right.contains(edge) || left.contains(family)) continue;
      wrong = true;
      if (asked.contains(family) || model_left.contains(FamilyText(edge.second))) continue;
      silent = true;
      if (row.why.empty()) row.why = edge.first + " -> " + edge.second;
    }
    const bool lost = !std::ranges::includes(edges, right);
    // An operation that the older engine does not have cannot hold under it.
    const bool holds = suggestion->verified;
    if (!holds) {
      row.verdict = "no mapping";
      for (const EngineVerdict& engine : suggestion->engines) {
        for (const Fault& fault : engine.faults) {
          if (row.why.empty()) row.why = fault.key + " " + fault.what;
        }
      }
    } else if (wrong && silent) {
      row.verdict = "wrong in silence";
    } else if (wrong) {
      row.verdict = "wrong and said";
    } else if (lost) {
      row.verdict = left.empty() ? "wrong and said" : "in part";
    } else if (wanted.joints != got.joints) {
      row.verdict = suggestion->not_visible.empty() ? "wrong in silence" : "not visible";
    } else {
      row.verdict = "right";
    }
    if (show) Show(row, *suggestion);
    return row;
  }

  static void Show(const Row& row, const Suggestion& suggestion) {
    std::cout << row.name << ": " << row.verdict << " " << row.why << " " << row.seconds << " s, " << row.lines << " lines, "
              << row.original << " in the original\n";
    for (const Line& line : suggestion.lines) {
      std::cout << "  ";
      for (const std::string& text : line.transform.sources) std::cout << text << " ";
      std::cout << "=>";
      for (const std::string& text : line.transform.targets) std::cout << " " << text;
      std::cout << " " << ShowOperations(line.transform.operations, ", ") << " # " << line.keys << " " << line.scope << "\n";
    }
    for (const EngineVerdict& engine : suggestion.engines) {
      for (const Fault& fault : engine.faults) std::cout << "  fault " << engine.engine->name << ": " << fault.key << " " << fault.what << "\n";
    }
    for (const Question& question : suggestion.undecided) {
      std::cout << "  question " << question.suggested[0].first << " -> " << question.suggested[0].second << "\n";
    }
    for (const LeftOver& left : suggestion.no_place) std::cout << "  no place " << left.family << " " << left.shape << "\n";
    for (const LeftOver& left : suggestion.nothing_for) std::cout << "  nothing for " << left.family << " " << left.shape << "\n";
    for (const std::string& text : suggestion.not_visible) std::cout << "  not visible " << text << "\n";
  }

  // The table of a report: no figure that another machine would measure otherwise.
  static std::string ReportOf(const std::vector<Row>& rows) {
    std::map<std::string, std::map<std::string, size_t>> by_kind;
    std::map<std::string, std::vector<std::string>> others;
    size_t no_more_lines = 0, asked = 0, right = 0;
    for (const Row& row : rows) {
      ++by_kind[row.kind][row.verdict];
      ++by_kind["all"][row.verdict];
      if (row.verdict != "right") {
        others[row.verdict].push_back(row.name);
        continue;
      }
      ++right;
      no_more_lines += row.lines <= row.original ? 1 : 0;
      asked += row.asked ? 1 : 0;
    }
    std::string out = "Entries that `wcheck suggest` writes for classes of the reference data, against the reference answers.\n\n";
    for (const auto& [kind, verdicts] : by_kind) {
      size_t classes = 0;
      std::string counts;
      for (const auto& [verdict, count] : verdicts) {
        classes += count;
        counts += (counts.empty() ? "" : ", ") + verdict + " " + std::to_string(count);
      }
      out += kind + ": " + std::to_string(classes) + " classes: " + counts + "\n";
    }
    out += "\nof the right ones, " + std::to_string(no_more_lines) + " have no more lines than the original, and " + std::to_string(asked) +
           " have a question\n";
    for (const auto& [verdict, names] : others) {
      out += "\n" + verdict + ":\n";
      for (const std::string& name : names) out += "  " + name + "\n";
    }
    return out;
  }

  static void Summarise(const std::vector<Row>& rows, const std::string& report) {
    std::map<std::string, size_t> all;
    std::vector<double> seconds;
    size_t no_more_lines = 0, asked = 0;
    for (const Row& row : rows) {
      ++all[row.verdict];
      seconds.push_back(row.seconds);
      if (row.verdict != "right") continue;
      no_more_lines += row.lines <= row.original ? 1 : 0;
      asked += row.asked ? 1 : 0;
    }
    std::ranges::sort(seconds);
    const auto share = [&](size_t count, size_t of) { return 100.0 * static_cast<double>(count) / static_cast<double>(std::max<size_t>(of, 1)); };
    const std::string text = ReportOf(rows);
    std::cout << text << "\nseconds: median " << seconds[seconds.size() / 2] << ", 90 % under " << seconds[seconds.size() * 9 / 10] << ", most "
              << seconds.back() << "\n";
    if (std::getenv("WCHECK_RENEW_REPORTS") != nullptr) std::ofstream(report) << text;
    std::ifstream file(report);
    const std::string kept((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_EQ(kept, text) << report << " is not up to date: run this test with WCHECK_RENEW_REPORTS=1";
    EXPECT_GE(share(all["right"], rows.size()), 92);
    EXPECT_GE(100 - share(all["wrong in silence"] + all["no mapping"], rows.size()), 97);
    EXPECT_LE(share(all["wrong in silence"], rows.size()), 0.5);
    EXPECT_LE(share(asked, all["right"]), 10);
    EXPECT_GE(share(no_more_lines, all["right"]), 90);
  }
};

// What is suggested from a list with few layers holds on the full model: the same places and names as with
// the mapping of the release.
TEST_F(CorpusTest, SmallListsSpeakForFullModels) {
  const Corpus corpus = FindCorpus();
  const auto small = OpenLayouts(corpus.folder + "/layouts-small-5.24.jsonl.xz");
  const auto full = OpenLayouts(corpus.folder + "/layouts-5.24.jsonl.xz");
  const Result<std::string> text = ReadFile(corpus.folder + "/registry-5.24.0.json", kMaxJsonFile);
  if (!corpus.whole || !small || !full || !text) GTEST_SKIP() << "the reference data is not there: set WCHECK_CORPUS";
  const Result<Registry> registry = ReadJsonRegistry(std::make_shared<const SourceFile>("registry-5.24.0.json", *text));
  ASSERT_TRUE(registry.ok());
  const CompiledRegistry reference(*registry, NewestEngine());
  size_t compared = 0, same = 0, unseen = 0;
  for (size_t i = 0; i < (*small)->size(); ++i) {
    const Result<Layout> layout = (*small)->Read(i);
    const std::optional<size_t> whole_index = (*full)->Find((*small)->class_name(i));
    if (!layout.ok() || !whole_index) continue;
    const Simulation of_small = Simulate(*layout, reference, {});
    if (!of_small.has_checkpoint || std::ranges::none_of(of_small.load.traces, [](const Trace& t) { return t.changed() || t.claim >= 0; })) continue;
    const Result<Layout> whole = (*full)->Read(*whole_index);
    ASSERT_TRUE(whole.ok());
    const auto load = [&](const Layout& model, const CompiledRegistry& mapping, const std::vector<LayoutFamily>& checkpoint) {
      const Simulation simulation = Simulate(model, mapping, {.checkpoint = &checkpoint});
      return std::pair{Places(simulation), simulation.saved.error ? std::set<std::string>{} : NamesOf(simulation.saved.tensors)};
    };
    Request request;
    request.model = &*layout;
    request.checkpoint = of_small.saved.tensors;
    request.engines = {&NewestEngine()};
    const Result<Suggestion> suggestion = Suggest(request);
    ASSERT_TRUE(suggestion.ok());
    if (!suggestion->verified) continue;
    const Registry ours = AsRegistry(*layout, suggestion->lines);
    const CompiledRegistry suggested(ours, NewestEngine());
    if (load(*layout, reference, of_small.saved.tensors) != load(*layout, suggested, of_small.saved.tensors)) continue;
    const Simulation of_whole = Simulate(*whole, reference, {});
    if (!of_whole.has_checkpoint) continue;
    // Nobody can write lines for names that the list does not show.
    const auto texts = [](const std::vector<LayoutFamily>& families) {
      std::set<std::string> out;
      for (const LayoutFamily& family : families) out.insert(FamilyText(JoinNumbers(family.pattern, MembersOf(family.numbers)[0])));
      return out;
    };
    if (texts(of_whole.saved.tensors) != texts(of_small.saved.tensors)) {
      ++unseen;
      continue;
    }
    ++compared;
    if (load(*whole, reference, of_whole.saved.tensors) == load(*whole, suggested, of_whole.saved.tensors)) {
      ++same;
    } else {
      std::cout << "not on the full model: " << layout->class_name << "\n";
    }
  }
  std::cout << same << " of " << compared << " entries hold on the full models; " << unseen << " models have names that the small list has not\n";
  EXPECT_GT(compared, 200U);
  EXPECT_GE(static_cast<double>(same), 0.99 * static_cast<double>(compared));
}

TEST_F(CorpusTest, SmallLayoutsOf5_24) { Measure("small-5.24.0", "small-5.24"); }
TEST_F(CorpusTest, FullLayoutsOf5_16) { Measure("5.16", "5.16"); }

}  // namespace
}  // namespace wcheck::suggest
