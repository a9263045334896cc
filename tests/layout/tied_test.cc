// Which modules are tied to the input embedding: cases worked out by the rules, not by the program.
#include "layout/tied.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "layout/json_reader.h"
#include "support/json.h"

namespace wcheck {
namespace {

constexpr std::string_view kEmbed = R"("model.embed_tokens.weight": [[10, 4], "float32"])";
constexpr std::string_view kHead = R"("lm_head.weight": [[10, 4], "float32"])";

struct TiedCase {
  const char* name;
  std::string modules;  // of the layout, beside the root
  std::string keys;
  std::string declared;  // _tied_weights_keys
  std::vector<std::string> expected;
  size_t dangling = 0;
};

Layout LayoutOf(const std::string& class_name, const std::string& modules, const std::string& keys,
                const std::string& declared) {
  std::string text = R"({"class": ")" + class_name +
                     R"(", "model_type": "toy", "base_model_prefix": "model", "modules": [)" +
                     R"({"path": "", "class": ")" + class_name + R"(", "model_type": "toy"})" +
                     modules + R"(], "keys": {)" + keys + R"(}, "tied": {})" +
                     (declared.empty() ? "" : R"(, "declared_tied": )" + declared) + "}";
  SourceFile file("layout.json", text);
  Result<json::Value> value = json::Parse(file);
  EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().ToString());
  Result<Layout> layout = ReadLayout(*value);
  EXPECT_TRUE(layout.ok()) << (layout.ok() ? "" : layout.error().ToString());
  return *std::move(layout);
}

std::string Keys(std::initializer_list<std::string_view> keys) {
  std::string out;
  for (std::string_view key : keys) (out += out.empty() ? "" : ", ") += key;
  return out;
}

class TiedTo : public ::testing::TestWithParam<TiedCase> {};

TEST_P(TiedTo, TheInputEmbedding) {
  const TiedCase& c = GetParam();
  Layout layout = LayoutOf("ToyForCausalLM", c.modules, c.keys, c.declared);
  TiedWeights tied = DeclaredTies(layout);
  EXPECT_EQ(ModulesTiedToEmbedding(layout, tied.ties), c.expected);
  EXPECT_EQ(tied.dangling.size(), c.dangling);
  // The same through an adapter: its names are unwrapped before the rules apply.
  std::string wrapped;
  for (size_t at = 0; at < c.keys.size();) {
    size_t quote = c.keys.find('"', at);
    if (quote == std::string::npos) break;
    size_t end = c.keys.find("\": [[", quote);
    size_t next = c.keys.find("], \"float32\"]", end) + 13;
    wrapped += (wrapped.empty() ? "\"" : ", \"") +
               WrapForAdapter(c.keys.substr(quote + 1, end - quote - 1)) +
               c.keys.substr(end, next - end);
    at = next;
  }
  std::string modules = c.modules;
  if (size_t path = modules.find("\"path\": \""); path != std::string::npos) {
    modules.insert(path + 9, kAdapterPrefix);
  }
  Layout adapter = LayoutOf("ToyForCausalLM", modules, wrapped, c.declared);
  EXPECT_EQ(ModulesTiedToEmbedding(adapter, DeclaredTies(adapter).ties), c.expected)
      << "inside of an adapter";
}

const TiedCase kCases[] = {
    {"List", "", Keys({kEmbed, kHead}), R"(["lm_head.weight"])", {"lm_head"}},
    {"Mapping",
     "",
     Keys({kEmbed, kHead}),
     R"({"lm_head.weight": "model.embed_tokens.weight"})",
     {"lm_head"}},
    {"NoDeclaration", "", Keys({kEmbed, kHead}), "", {}},
    {"EmptyList", "", Keys({kEmbed, kHead}), "[]", {}},
    // Two keys of one module are one module; several modules are sorted.
    {"SeveralTargets",
     "",
     Keys({kEmbed, R"("score.weight": [[10, 4], "float32"])",
           R"("lm_head.weight": [[10, 4], "float32"])", R"("lm_head.bias": [[10], "float32"])"}),
     R"(["score.weight", "lm_head.weight", "lm_head.bias"])",
     {"lm_head", "score"}},
    // The names of a mapping's targets and of a tie between other layers.
    {"NotTheEmbedding",
     "",
     Keys({kEmbed, kHead, R"("model.a.weight": [[4, 4], "float32"])",
           R"("model.b.weight": [[4, 4], "float32"])"}),
     R"({"model.b.weight": "model.a.weight"})",
     {}},
    {"OneOfTwoIsToTheEmbedding",
     "",
     Keys({kEmbed, kHead, R"("model.a.weight": [[4, 4], "float32"])",
           R"("model.b.weight": [[4, 4], "float32"])"}),
     R"({"model.b.weight": "model.a.weight", "lm_head.weight": "model.embed_tokens.weight"})",
     {"lm_head"}},
    // A chain: the head is tied to the decoder's embedding, which is tied to the shared one.
    {"Chain",
     "",
     Keys({R"("model.shared.weight": [[10, 4], "float32"])",
           R"("model.decoder.embed_tokens.weight": [[10, 4], "float32"])", kHead}),
     R"({"model.decoder.embed_tokens.weight": "model.shared.weight", "lm_head.weight": "model.decoder.embed_tokens.weight"})",
     {"lm_head", "model.decoder.embed_tokens"}},
    {"NestedBaseModel",
     R"(, {"path": "model.language_model", "class": "ToyTextModel", "model_type": "toy_text"})",
     Keys({R"("model.vision.patch.weight": [[4, 3, 2, 2], "float32"])",
           R"("model.language_model.embed_tokens.weight": [[10, 4], "float32"])", kHead}),
     R"({"lm_head.weight": "model.language_model.embed_tokens.weight"})",
     {"lm_head"}},
    // Names that are no plain keys are regular expressions, anchored at the start, and a module's
    // name ties every parameter below it.
    {"Expressions",
     "",
     Keys({kEmbed, R"("heads.0.weight": [[10, 4], "float32"])",
           R"("heads.1.weight": [[10, 4], "float32"])"}),
     R"({"heads\\.\\d+\\.weight": "model\\.embed_tokens\\.weight"})",
     {"heads.0", "heads.1"}},
    {"UnknownTarget", "", Keys({kEmbed, kHead}), R"(["output.weight"])", {}, 1},
    {"UnknownSource",
     "",
     Keys({kEmbed, kHead}),
     R"({"lm_head.weight": "model.embed_token.weight"})",
     {},
     1},
};

INSTANTIATE_TEST_SUITE_P(Table, TiedTo, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Adapter, NamesAreWrappedAndUnwrapped) {
  EXPECT_EQ(UnwrapAdapter("base_model.model.lm_head.weight"), "lm_head.weight");
  EXPECT_EQ(UnwrapAdapter("base_model.model.lm_head.base_layer.weight"), "lm_head.weight");
  EXPECT_EQ(UnwrapAdapter("base_model.model.a.base_layer"), "a");
  EXPECT_EQ(UnwrapAdapter("lm_head.weight"), "lm_head.weight");
  EXPECT_EQ(UnwrapAdapter("base_model.model.a.base_layers.weight"), "a.base_layers.weight");
  EXPECT_EQ(UnwrapAdapter(WrapForAdapter("lm_head.weight")), "lm_head.weight");
}

Layout WithTies() {
  Layout layout = LayoutOf(
      "ToyForCausalLM", "",
      Keys({R"("model.shared.weight": [[10, 4], "float32"])",
            R"("model.encoder.embed_tokens.weight": [[10, 4], "float32"])", kHead}),
      R"({"lm_head.weight": "model.shared.weight", "model.encoder.embed_tokens.weight": "model.shared.weight"})");
  return layout;
}

std::map<std::string, std::string> Map(const std::vector<Tie>& ties) {
  std::map<std::string, std::string> out;
  for (const Tie& tie : ties) out[tie.target] = tie.source;
  return out;
}

// The checkpoint's config decides, not the default config of the class.
TEST(EffectiveTies, FollowTheConfig) {
  const std::map<std::string, std::string> both = {
      {"lm_head.weight", "model.shared.weight"},
      {"model.encoder.embed_tokens.weight", "model.shared.weight"}};
  const std::map<std::string, std::string> embedding = {
      {"model.encoder.embed_tokens.weight", "model.shared.weight"}};
  Layout untied = WithTies();
  EXPECT_TRUE(EffectiveTies(untied, std::nullopt).empty());
  EXPECT_EQ(Map(EffectiveTies(untied, true)), both);
  EXPECT_TRUE(EffectiveTies(untied, false).empty());
  Layout tied = WithTies();
  tied.tied = {{"lm_head.weight", "model.shared.weight"},
               {"model.encoder.embed_tokens.weight", "model.shared.weight"}};
  EXPECT_EQ(Map(EffectiveTies(tied, std::nullopt)), both);
  EXPECT_EQ(Map(EffectiveTies(tied, true)), both);
  // The head is not tied; an encoder's copy of the embedding is none of its own.
  EXPECT_EQ(Map(EffectiveTies(tied, false)), embedding);
}

}  // namespace
}  // namespace wcheck
