#include "analysis/graph.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "explain_models.h"
#include "layout/snapshot.h"
#include "report/graph_text.h"

namespace wcheck {
namespace {

// Lays out all graphs of a text with the `dot` program, and returns how many pictures it wrote; its
// complaints go to `errors`.
size_t CountPictures(const std::string& dot, size_t number, std::string* errors) {
  std::string base =
      testing::TempDir() + "/graph_test_" + std::to_string(getpid()) + '_' + std::to_string(number);
  std::ofstream(base + ".dot") << dot;
  std::string command = "dot -Tsvg '" + base + ".dot' > '" + base + ".svg' 2> '" + base + ".err'";
  int status = std::system(command.c_str());
  auto read = [&](const char* end) { return ReadFile(base + end, kMaxJsonFile).value(); };
  *errors = read(".err") + (status == 0 ? "" : "exit status " + std::to_string(status));
  std::string svg = read(".svg");
  for (const char* end : {".dot", ".svg", ".err"}) std::filesystem::remove(base + end);
  size_t pictures = 0;
  for (size_t at = 0; (at = svg.find("</svg>", at)) != std::string::npos; ++at) ++pictures;
  return pictures;
}

// Every class of the snapshot, drawn by the program `dot`: many graphs in one process, and as many
// processes as there are cores.
TEST(Graph, DotAcceptsEveryClass) {
  const std::string path = std::string(WCHECK_SOURCE_DIR) + "/fixtures/bundled.wcs";
  Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(path);
  ASSERT_TRUE(snapshot.ok());
  Result<Registry> registry = ReadJsonRegistry(
      std::make_shared<const SourceFile>("registry", std::string((*snapshot)->registry_json())));
  ASSERT_TRUE(registry.ok());
  CompiledRegistry compiled(*registry, *FindEngine("5.15"));
  std::vector<std::string> dots(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<size_t> graphs(dots.size(), 0);
  size_t largest = 0;
  for (size_t i = 0; i < (*snapshot)->size(); ++i) {
    Result<Layout> layout = (*snapshot)->Read(i);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, compiled, {});
    GraphOptions options;
    for (Direction direction : {Direction::kLoad, Direction::kSave}) {
      options.direction = direction;
      for (size_t most : {kLeastGraphNodes, kDefaultGraphNodes}) {
        options.max_nodes = most;
        Result<TransformGraph> graph = BuildGraph(s, options);
        if (!graph.ok()) continue;  // the save fails
        ASSERT_LE(graph->nodes.size(), most) << layout->class_name;
        // Both directions are the same boxes and arrows; one of them is drawn.
        if (most != kDefaultGraphNodes || (direction == Direction::kSave) != (i % 8 == 0)) continue;
        largest = std::max(largest, graph->nodes.size());
        dots[i % dots.size()] += DotText(*graph);
        ++graphs[i % dots.size()];
      }
    }
  }
  std::vector<std::thread> threads;
  std::vector<size_t> pictures(dots.size());
  std::vector<std::string> errors(dots.size());
  for (size_t n = 0; n < dots.size(); ++n) {
    threads.emplace_back([&, n] { pictures[n] = CountPictures(dots[n], n, &errors[n]); });
  }
  for (std::thread& thread : threads) thread.join();
  size_t all = 0;
  for (size_t n = 0; n < dots.size(); ++n) {
    EXPECT_EQ(pictures[n], graphs[n]);
    EXPECT_EQ(errors[n], "");
    all += graphs[n];
  }
  std::cout << all << " graphs, the largest with " << largest << " nodes\n";
  EXPECT_GT(all, 1600U);
}

std::string Quoted(const std::string& text) { return nlohmann::json(text).dump(); }

TEST(Graph, HostileNamesAreTextAndNothingElse) {
  const std::string names[] = {"<b>bold</b>",
                               "<script>alert(1)</script>",
                               "a\"b",
                               "a\\",
                               "\\N\\G\\l",
                               "a&lt;b;",
                               "a\nb",
                               "x -> y",
                               "{a|b}",
                               "]; evil [",
                               "/*",
                               "//",
                               "#",
                               "\xe2\x80\xae.w",
                               std::string(10000, 'q')};
  size_t as_keys = 0;
  for (const std::string& name : names) {
    auto draw = [&](const std::string& key) {
      TestModel model = MakeModel(
          R"({"aliases": {}, "entries": {"m": []}})",
          R"({"class": )" + Quoted(name) +
              R"(, "model_type": "m", "base_model_prefix": "", "modules": [["", )" + Quoted(name) +
              R"(, "m"]], "keys": {)" + Quoted(key) + R"(: [[1], "float32"]}})");
      Simulation s = model.Run();
      Result<TransformGraph> graph = BuildGraph(s, {});
      if (!graph.ok()) return false;
      std::string dot = DotText(*graph);
      EXPECT_EQ(dot.find("label=<"), std::string::npos) << dot;
      std::string errors;
      EXPECT_EQ(CountPictures(dot, 0, &errors), 1U) << dot;
      EXPECT_EQ(errors, "");
      Result<std::string> svg = SvgText(*graph);
      EXPECT_TRUE(svg.ok()) << svg.error().ToString();
      if (!svg.ok()) return true;
      for (const char* tag : {"<script", "<b>", "<i>"}) {
        EXPECT_EQ(svg->find(tag), std::string::npos) << tag;
      }
      return true;
    };
    // Some names cannot be saved: a renaming is built of each, and not each is a pattern.
    as_keys += draw(name);
    EXPECT_TRUE(draw("k")) << name;
  }
  EXPECT_GE(as_keys, 10U);
}

TEST(Graph, LabelsReadAsTheNames) {
  TestModel model = MakeModel(R"({"aliases": {}, "entries": {"m": []}})",
                              R"({"class": "a\\N&amp;b", "model_type": "m", "base_model_prefix": "",
        "modules": [["", "a\\N&amp;b", "m"]], "keys": {"k": [[1], "float32"]}})");
  Simulation s = model.Run();
  Result<TransformGraph> graph = BuildGraph(s, {});
  ASSERT_TRUE(graph.ok());
  Result<std::string> svg = SvgText(*graph);
  ASSERT_TRUE(svg.ok()) << svg.error().ToString();
  // `a\N&amp;b`, with its backslash and its ampersand as they are, in XML.
  EXPECT_NE(svg->find(">a\\N&amp;amp;b<"), std::string::npos) << *svg;
}

TEST(Graph, SameGraphSameBytes) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  Result<Layout> layout = corpus.layouts->Read(*corpus.layouts->Find("MixtralForCausalLM"));
  ASSERT_TRUE(layout.ok());
  Simulation s = Simulate(*layout, *corpus.compiled, {});
  Result<TransformGraph> graph = BuildGraph(s, {});
  ASSERT_TRUE(graph.ok());
  EXPECT_TRUE(DotText(*graph) == DotText(*graph));
  EXPECT_TRUE(DotText(*graph).starts_with("digraph wcheck {"));
  EXPECT_TRUE(SvgText(*graph).value() == SvgText(*graph).value());
}

TEST(Graph, EveryKeyIsOnBothSides) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  Result<Layout> layout = corpus.layouts->Read(*corpus.layouts->Find("MixtralForCausalLM"));
  ASSERT_TRUE(layout.ok());
  Simulation s = Simulate(*layout, *corpus.compiled, {});
  auto keys_said = [&](size_t most) {
    GraphOptions options;
    options.max_nodes = most;
    TransformGraph graph = BuildGraph(s, options).value();
    uint64_t keys = 0;
    for (const GraphNode& node : graph.nodes) {
      if (node.side != GraphNode::Side::kModel) continue;
      std::string last = node.lines.back();
      size_t comma = last.find("families, ");
      keys += std::stoull(comma == std::string::npos ? last : last.substr(comma + 10));
    }
    return keys;
  };
  EXPECT_EQ(keys_said(kDefaultGraphNodes), layout->key_count());
  EXPECT_EQ(keys_said(kLeastGraphNodes), layout->key_count());
}

TEST(Graph, CollisionsAndMarksAreRed) {
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {"m": [
        {"type": "WeightRenaming", "source": ["z"], "target": ["a"]},
        {"type": "WeightRenaming", "source": ["z"], "target": ["b"]},
        {"type": "WeightRenaming", "source": ["no"], "target": ["nowhere"]}]}})",
      R"({"class": "M", "model_type": "m", "base_model_prefix": "", "modules": [["", "M", "m"]],
        "keys": {"a.w": [[1], "float32"], "b.w": [[1], "float32"], "c.w": [[1], "float32"]}})");
  Simulation s = model.Run();
  GraphOptions options;
  options.direction = Direction::kSave;
  options.marks = {{2, "leaked-child-mapping"}};
  TransformGraph graph = BuildGraph(s, options).value();
  size_t bad_ends = 0;
  bool marked = false;
  for (const GraphNode& node : graph.nodes) {
    if (node.tone != GraphNode::Tone::kBad) continue;
    if (node.side == GraphNode::Side::kCheckpoint) {
      ++bad_ends;
      EXPECT_EQ(node.lines[0], "z.w");
    }
    marked |= node.id == "t2" && node.lines.back() == "leaked-child-mapping";
  }
  EXPECT_EQ(bad_ends, 1U);  // both keys end in one node
  EXPECT_TRUE(marked);
  size_t red = 0;
  for (const GraphEdge& edge : graph.edges) red += edge.bad;
  EXPECT_EQ(red, 4U);  // in and out of two renamings
}

}  // namespace
}  // namespace wcheck
