// The parts of a suggestion, each by itself.
#include <gtest/gtest.h>

#include "suggest/assignment.h"
#include "suggest/rewrite.h"
#include "suggest/rule.h"
#include "suggest/suggest.h"
#include "suggest/words.h"

namespace wcheck::suggest {
namespace {

using Texts = std::vector<std::string>;

TEST(WordsTest, SplitsAtCapitalsDigitsAndUnderscores) {
  EXPECT_EQ(WordsOf("encoder.{}.SelfAttention.w1_gate"), (Texts{"encoder", ".", "#", ".", "self", "attention", ".", "w", "1", "gate"}));
  EXPECT_EQ(WordsOf("LayerNorm.RMSNorm"), (Texts{"layer", "norm", ".", "rms", "norm"}));
}

TEST(WordsTest, MeansTheSameInOtherWords) {
  EXPECT_EQ(MeaningsOf(WordsOf("layers.{}.self_attn.q_proj")), MeaningsOf(WordsOf("blocks.{}.attn.q_proj")));
  EXPECT_EQ(MeaningsOf(WordsOf("h.{}.c_attn.weight")), MeaningsOf(WordsOf("block.{}.qkv.weight")));
}

TEST(LeastCostTest, FindsTheLeastSum) {
  EXPECT_EQ(LeastCost({{4, 1, 3}, {2, 0, 5}, {3, 2, 2}}), (std::vector<size_t>{1, 0, 2}));
  // Fewer rows than columns; equal choices go to the first.
  EXPECT_EQ(LeastCost({{5, 1, 1}}), (std::vector<size_t>{1}));
  EXPECT_EQ(LeastCost({{0, 0}, {0, 0}}), (std::vector<size_t>{0, 1}));
}

TEST(RuleTest, RenamesAndComesBack) {
  const Rule rule{R"(^layers\.(\d+)\.norm)", R"(blocks.\1.ln)"};
  EXPECT_EQ(RuleMatcher(rule, false, false).Apply("layers.12.norm.weight"), "blocks.12.ln.weight");
  EXPECT_EQ(RuleMatcher(rule, true, false).Apply("blocks.12.ln.weight"), "layers.12.norm.weight");
  EXPECT_EQ(RuleMatcher(rule, false, false).Apply("a.layers.12.norm"), std::nullopt);
}

TEST(RuleTest, KnowsTheEndOfAName) {
  const Rule rule{"norm", "ln"};
  EXPECT_EQ(RuleMatcher(rule, false, false).Apply("norm1.weight"), "ln1.weight");
  EXPECT_EQ(RuleMatcher(rule, false, true).Apply("norm1.weight"), std::nullopt);
}

TEST(RuleTest, ReplacesTheFirstOccurrenceOfWhatMatched) {
  // A dot of a target stands for any character once it is a source.
  const Rule rule{"ab", "x.y"};
  EXPECT_EQ(RuleMatcher(rule, true, false).Apply("x_y.x.y"), "ab.x.y");
}

TEST(RewriteTest, FindsTheOrder) {
  // The reverse of either swap alone would take both.
  const std::vector<Rewrite> rewrites = {{"visual.blocks.701.ln_1", "vision.layers.701.norm1"},
                                         {"blocks.701.ln_1", "text.layers.701.norm1"}};
  const RewriteRules found = FindRules(rewrites);
  EXPECT_TRUE(found.unsolved.empty());
  EXPECT_TRUE(Solves(found.rules, SIZE_MAX, rewrites));
  for (size_t i = 0; i < found.rules.size(); ++i) EXPECT_FALSE(Solves(found.rules, i, rewrites)) << found.rules[i].source;
}

TEST(RewriteTest, SaysWhatItCannotSolve) {
  // Two names for one.
  const RewriteRules found = FindRules({{"a.x", "c.z"}, {"b.x", "c.z"}});
  EXPECT_FALSE(found.unsolved.empty());
}

// A side, from names and shapes.
Layout LayoutOf(const std::vector<std::pair<std::string, Shape>>& keys) {
  LayoutBuilder builder;
  for (const auto& [key, shape] : keys) builder.Add(key, shape, "float32");
  Layout layout;
  layout.class_name = "TinyModel";
  layout.model_type = "tiny";
  layout.modules.push_back({"", "TinyModel", "tiny"});
  builder.FinishInto(&layout);
  return layout;
}

Suggestion SuggestFor(const Layout& checkpoint, const Layout& model, Request request = {}) {
  request.model = &model;
  request.checkpoint = checkpoint.families;
  request.engines = {&NewestEngine(), FindEngine("5.15.1")};
  Result<Suggestion> out = Suggest(request);
  EXPECT_TRUE(out.ok()) << (out.ok() ? "" : out.error().ToString());
  return out.ok() ? *std::move(out) : Suggestion{};
}

TEST(SuggestTest, CutsAndRenames) {
  const Layout checkpoint = LayoutOf({{"blocks.0.attn.qkv.weight", {24, 8}}, {"blocks.0.norm1.weight", {8}},
                                      {"blocks.1.attn.qkv.weight", {24, 8}}, {"blocks.1.norm1.weight", {8}}});
  std::vector<std::pair<std::string, Shape>> keys;
  for (const std::string layer : {"layers.0.", "layers.1."}) {
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) keys.push_back({layer + "self_attn." + part + ".weight", {8, 8}});
    keys.push_back({layer + "input_layernorm.weight", {8}});
  }
  const Suggestion suggestion = SuggestFor(checkpoint, LayoutOf(keys));
  EXPECT_TRUE(suggestion.verified);
  EXPECT_TRUE(suggestion.decided());
  ASSERT_FALSE(suggestion.lines.empty());
  EXPECT_EQ(suggestion.lines.back().transform.operations.at(0).kind, OperationKind::kChunk);
  EXPECT_FALSE(suggestion.not_visible.empty());
  for (const Line& line : suggestion.lines) EXPECT_GT(line.keys, 0U);
}

TEST(SuggestTest, AsksWhatNothingTells) {
  const Layout checkpoint = LayoutOf({{"a0.weight", {8}}, {"a1.weight", {8}}});
  const Layout model = LayoutOf({{"u.weight", {8}}, {"v.weight", {8}}});
  const Suggestion suggestion = SuggestFor(checkpoint, model);
  ASSERT_EQ(suggestion.undecided.size(), 1U);
  EXPECT_FALSE(suggestion.decided());
  Request request;
  request.choices = {{1, 'B'}};
  const Suggestion other = SuggestFor(checkpoint, model, request);
  EXPECT_TRUE(other.undecided.empty());
  EXPECT_TRUE(other.verified);
  EXPECT_NE(other.aligned[0].model, suggestion.aligned[0].model);
  request.choices.clear();
  request.pairs = {{"a0.weight", "v.weight"}};
  const Suggestion paired = SuggestFor(checkpoint, model, request);
  EXPECT_TRUE(paired.undecided.empty());
  EXPECT_EQ(paired.aligned[0].model, other.aligned[0].model);
}

TEST(SuggestTest, LeavesOverWhatHasNoCounterpart) {
  const Suggestion suggestion = SuggestFor(LayoutOf({{"x.weight", {8}}, {"rope.freqs", {3}}}),
                                           LayoutOf({{"y.weight", {8}}, {"pooler.weight", {4, 8}}}));
  ASSERT_EQ(suggestion.no_place.size(), 1U);
  EXPECT_EQ(suggestion.no_place[0].family, "rope.freqs");
  ASSERT_EQ(suggestion.nothing_for.size(), 1U);
  EXPECT_EQ(suggestion.nothing_for[0].family, "pooler.weight");
  EXPECT_TRUE(suggestion.verified);
}

TEST(SuggestTest, JoinsByNamesWithoutShapes) {
  std::vector<std::pair<std::string, Shape>> keys, original;
  for (const std::string layer : {"layers.0.", "layers.1."}) {
    keys.push_back({layer + "attn.qkv_proj.weight", {24, 8}});
    keys.push_back({layer + "mlp.experts.gate_up_proj", {2, 12, 8}});
    keys.push_back({layer + "mlp.experts.down_proj", {2, 8, 6}});
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) original.push_back({layer + "attn." + part + ".weight", {}});
    for (const char* expert : {"0.", "1."}) {
      for (const char* part : {"gate_proj", "up_proj", "down_proj"}) {
        original.push_back({layer + "mlp.experts." + expert + part + ".weight", {}});
      }
    }
  }
  const Layout checkpoint = LayoutOf(original);
  Request request;
  request.shapes = false;
  const Suggestion suggestion = SuggestFor(checkpoint, LayoutOf(keys), request);
  EXPECT_TRUE(suggestion.verified);
  EXPECT_TRUE(suggestion.decided());
  EXPECT_EQ(suggestion.lines.size(), 3U);
}

TEST(SuggestTest, EditsWhatIsThere) {
  const Layout checkpoint = LayoutOf({{"norm_a.weight", {8}}, {"head.weight", {4, 8}}});
  const Layout model = LayoutOf({{"first.weight", {8}}, {"output.weight", {4, 8}}});
  const auto renaming = [](const char* source, const char* target) {
    Line line;
    line.transform.sources = {source};
    line.transform.targets = {target};
    return line;
  };
  Request request;
  request.existing = {renaming("norm_a", "first"), renaming("heads", "output")};
  const Suggestion suggestion = SuggestFor(checkpoint, model, request);
  EXPECT_TRUE(suggestion.verified);
  EXPECT_TRUE(suggestion.edited);
  ASSERT_EQ(suggestion.lines.size(), 2U);
  EXPECT_EQ(suggestion.lines[0].transform.sources[0], "norm_a");
  EXPECT_EQ(suggestion.lines[1].transform.sources[0], "head");
}

TEST(SuggestTest, RefusesAPairOfOtherNumbers) {
  const Layout checkpoint = LayoutOf({{"a.0.w", {8}}, {"a.1.w", {8}}});
  const Layout model = LayoutOf({{"b.0.w", {8}}, {"b.1.w", {8}}, {"c.w", {8}}});
  Request request;
  request.model = &model;
  request.checkpoint = checkpoint.families;
  request.engines = {&NewestEngine()};
  request.pairs = {{"a.{}.w", "c.w"}};
  EXPECT_FALSE(Suggest(request).ok());
  request.pairs = {{"nothing", "c.w"}};
  EXPECT_FALSE(Suggest(request).ok());
}

}  // namespace
}  // namespace wcheck::suggest
