#include "wcheck/report/graph.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "explain_models.h"

namespace wcheck {
namespace {

// Lays out all graphs of a text with the `dot` program, and returns how many pictures it wrote; its
// complaints go to `errors`.
size_t CountPictures(const std::string& dot, std::string* errors) {
  std::string base = testing::TempDir() + "/graph_test_" + std::to_string(getpid());
  std::ofstream(base + ".dot") << dot;
  std::string command = "dot -Tsvg '" + base + ".dot' > '" + base + ".svg' 2> '" + base + ".err'";
  int status = std::system(command.c_str());
  auto read = [&](const char* end) { return ReadFile(base + end).value(); };
  *errors = read(".err") + (status == 0 ? "" : "exit status " + std::to_string(status));
  std::string svg = read(".svg");
  for (const char* end : {".dot", ".svg", ".err"}) std::filesystem::remove(base + end);
  size_t pictures = 0;
  for (size_t at = 0; (at = svg.find("</svg>", at)) != std::string::npos; ++at) ++pictures;
  return pictures;
}

// The classes that the sweep draws: all of the project's own part of the corpus, or, where
// WCHECK_CORPUS names the whole, every 25th class of it; all of them with WCHECK_ALL_GRAPHS.
TEST(Graph, DotAcceptsEveryClass) {
  Corpus at_hand = FindCorpus();
  bool all = !at_hand.whole || std::getenv("WCHECK_ALL_GRAPHS") != nullptr;
  TestCorpus corpus = OpenCorpus(at_hand.folder);
  std::string dots;
  size_t graphs = 0;
  size_t largest = 0;
  for (size_t i = 0; i < corpus.layouts->size(); i += all ? 1 : 25) {
    Result<Layout> layout = corpus.layouts->Read(i);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    for (Direction direction : {Direction::kLoad, Direction::kSave}) {
      GraphOptions options;
      options.direction = direction;
      for (size_t most : {kLeastGraphNodes, kDefaultGraphNodes}) {
        options.max_nodes = most;
        Result<TransformGraph> graph = BuildGraph(s, options);
        if (!graph.ok()) continue;  // the save fails
        ASSERT_LE(graph->nodes.size(), most) << layout->class_name;
        if (most != kDefaultGraphNodes) continue;
        largest = std::max(largest, graph->nodes.size());
        dots += DotText(*graph);
        ++graphs;
      }
    }
  }
  std::string errors;
  EXPECT_EQ(CountPictures(dots, &errors), graphs);
  EXPECT_EQ(errors, "");
  std::cout << graphs << " graphs, the largest with " << largest << " nodes"
            << (all ? "" : "; WCHECK_ALL_GRAPHS=1 draws every class") << "\n";
  EXPECT_GT(graphs, 60U);
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
      EXPECT_EQ(CountPictures(dot, &errors), 1U) << dot;
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
