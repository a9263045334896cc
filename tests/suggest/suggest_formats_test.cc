// Suggestions between formats: original files of seven models, written down from what is known of them, and
// models whose names tell nothing. Of the latter no key may go wrong without a question.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "engine/simulation.h"
#include "families/boxes.h"
#include "layout/json_reader.h"
#include "suggest/suggest.h"

#include "truth.h"

namespace wcheck::suggest {
namespace {

using Keys = std::map<std::string, Shape>;
using Edge = std::pair<std::string, std::string>;
struct Original {
  Keys keys;
  std::set<Edge> edges;  // key of the file, key of the model
};
using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string Replaced(std::string name, const Replacements& table) {
  for (const auto& [pattern, with] : table) name = std::regex_replace(name, std::regex(pattern), with);
  return name;
}

std::vector<std::pair<std::string, Shape>> KeysOf(const Layout& layout) {
  std::vector<std::pair<std::string, Shape>> out;
  Tables tables;
  for (const Family& family : CutFamilies(layout.families, true, &tables)) {
    for (size_t i = 0; i < family.members.size(); ++i) out.emplace_back(family.Key(family.members[i]), tables.ShapeAt(family, i));
  }
  return out;
}

// Every key under another name.
Original Renamed(const Layout& layout, const Replacements& table) {
  Original out;
  for (const auto& [key, shape] : KeysOf(layout)) {
    const std::string name = Replaced(key, table);
    out.keys.emplace(name, shape);
    out.edges.emplace(name, key);
  }
  return out;
}

Original MetaLlama(const Layout& layout) {
  Original out = Renamed(layout, {{"^model\\.embed_tokens", "tok_embeddings"}, {"^lm_head", "output"}, {"^model\\.", ""},
                                  {"self_attn\\.(.)_proj", "attention.w$1"}, {"mlp\\.gate_proj", "feed_forward.w1"},
                                  {"mlp\\.down_proj", "feed_forward.w2"}, {"mlp\\.up_proj", "feed_forward.w3"},
                                  {"input_layernorm", "attention_norm"}, {"post_attention_layernorm", "ffn_norm"}});
  out.keys.emplace("rope.freqs", Shape{64});
  return out;
}

// q, k and v of `pattern` (with a group for the letter) as one tensor called `whole`.
Original WithFusedAttention(const Layout& layout, const std::string& pattern, const std::string& whole, const Replacements& table,
                            const std::function<bool(const std::string&)>& skip) {
  Original out;
  const std::regex part(pattern);
  for (auto [key, shape] : KeysOf(layout)) {
    if (skip(key)) continue;
    std::smatch match;
    std::string name = key;
    if (std::regex_search(key, match, part)) {
      name = std::regex_replace(key, part, whole);
      shape[0] *= 3;
    }
    name = Replaced(name, table);
    out.keys.emplace(name, shape);
    out.edges.emplace(name, key);
  }
  return out;
}

Original TimmViT(const Layout& layout) {
  return WithFusedAttention(
      layout, "attention\\.([qkv])_proj", "attn.qkv",
      {{"^vit\\.", ""}, {"embeddings\\.cls_token", "cls_token"}, {"embeddings\\.position_embeddings", "pos_embed"},
       {"embeddings\\.patch_embeddings\\.projection", "patch_embed.proj"}, {"attention\\.o_proj", "attn.proj"}, {"layernorm_before", "norm1"},
       {"layernorm_after", "norm2"}, {"^layers\\.", "blocks."}, {"^layernorm", "norm"}, {"^classifier", "head"}},
      [](const std::string& key) { return key.find("pooler") != std::string::npos; });
}

Original Clip(const Layout& layout) {
  Original out = WithFusedAttention(
      layout, "self_attn\\.([qkv])_proj\\.", "attn.in_proj_",
      {{"^text_model\\.encoder\\.layers", "transformer.resblocks"}, {"^vision_model\\.encoder\\.layers", "visual.transformer.resblocks"},
       {"self_attn\\.out_proj", "attn.out_proj"}, {"layer_norm", "ln_"}, {"mlp\\.fc1", "mlp.c_fc"}, {"mlp\\.fc2", "mlp.c_proj"},
       {"^text_model\\.embeddings\\.token_embedding", "token_embedding"}, {"^text_model\\.embeddings\\.position_embedding\\.weight", "positional_embedding"},
       {"^text_model\\.final_ln_", "ln_final"}, {"^vision_model\\.embeddings\\.class_embedding", "visual.class_embedding"},
       {"^vision_model\\.embeddings\\.patch_embedding", "visual.conv1"}, {"^vision_model\\.embeddings\\.position_embedding\\.weight", "visual.positional_embedding"},
       {"^vision_model\\.pre_layrnorm", "visual.ln_pre"}, {"^vision_model\\.post_layernorm", "visual.ln_post"},
       {"^visual_projection\\.weight", "visual.proj"}, {"^text_projection\\.weight", "text_projection"}},
      [](const std::string&) { return false; });
  std::ranges::reverse(out.keys.at("visual.proj"));
  return out;
}

Original ExpertWiseMixtral(const Layout& layout) {
  Original out;
  for (const auto& [key, shape] : KeysOf(layout)) {
    const size_t at = key.find("mlp.experts.");
    const std::string name = Replaced(key, {{"\\.mlp\\.gate\\.", ".block_sparse_moe.gate."}});
    if (at == std::string::npos) {
      out.keys.emplace(name, shape);
      out.edges.emplace(name, key);
      continue;
    }
    const bool two = key.ends_with("gate_up_proj");
    for (int64_t expert = 0; expert < shape[0]; ++expert) {
      for (const char* part : two ? std::vector<const char*>{"w1", "w3"} : std::vector<const char*>{"w2"}) {
        const std::string one = key.substr(0, at) + "block_sparse_moe.experts." + std::to_string(expert) + "." + part + ".weight";
        out.keys.emplace(one, Shape{shape[1] / (two ? 2 : 1), shape[2]});
        out.edges.emplace(one, key);
      }
    }
  }
  return out;
}

std::set<Edge> EdgesOf(const Suggestion& suggestion, const Layout& model, const std::vector<LayoutFamily>& checkpoint) {
  const Registry registry = AsRegistry(model, suggestion.lines);
  const CompiledRegistry compiled(registry, NewestEngine());
  const Simulation simulation = Simulate(model, compiled, {.checkpoint = &checkpoint});
  std::set<Edge> out;
  for (const Trace& trace : simulation.load.traces) {
    std::vector<Name> names;
    if (trace.claim >= 0) {
      names = FilledKeys(simulation, simulation.load, trace);
    } else if (trace.in_model) {
      names = {simulation.load.NameOf(trace)};
    }
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      for (const Name& name : names) out.emplace(JoinNumbers(checkpoint[trace.family].pattern, member), name.Of(member));
    });
  }
  return out;
}

class FormatsTest : public testing::Test {
 protected:
  void SetUp() override {
    const Corpus corpus = FindCorpus();
    const std::string path = corpus.folder + "/layouts-small-5.16.jsonl.xz";
    if (!corpus.whole || !std::filesystem::exists(path)) {
      GTEST_SKIP() << "the reference data is not there: set WCHECK_CORPUS to a folder with " << path;
    }
    Result<std::unique_ptr<LayoutSource>> opened = OpenLayouts(path);
    ASSERT_TRUE(opened.ok());
    layouts_ = *std::move(opened);
  }

  Layout Read(const std::string& class_name) {
    const Result<Layout> layout = layouts_->Read(layouts_->Find(class_name).value());
    EXPECT_TRUE(layout.ok());
    return *layout;
  }

  Suggestion SuggestFor(const Layout& model, const Keys& keys) {
    LayoutBuilder builder;
    for (const auto& [key, shape] : keys) builder.Add(key, shape, "");
    holder_ = Layout();
    builder.FinishInto(&holder_);
    Request request;
    request.model = &model;
    request.checkpoint = holder_.families;
    request.engines = {&NewestEngine(), FindEngine("5.15.1")};
    Result<Suggestion> out = Suggest(request);
    EXPECT_TRUE(out.ok());
    return *std::move(out);
  }

  // Every key of the file reaches its place; `left` have none, and `nothing` have nothing.
  void Right(const std::string& class_name, const std::function<Original(const Layout&)>& make, size_t left, size_t nothing) {
    const Layout model = Read(class_name);
    const Original original = make(model);
    const Suggestion suggestion = SuggestFor(model, original.keys);
    EXPECT_TRUE(suggestion.verified);
    for (const EngineVerdict& verdict : suggestion.engines) EXPECT_TRUE(verdict.faults.empty()) << verdict.engine->name;
    EXPECT_EQ(suggestion.no_place.size(), left);
    EXPECT_EQ(suggestion.nothing_for.size(), nothing);
    EXPECT_TRUE(suggestion.undecided.empty()) << (suggestion.undecided.empty() ? "" : suggestion.undecided[0].suggested[0].first);
    const std::set<Edge> got = EdgesOf(suggestion, model, holder_.families);
    for (const Edge& edge : original.edges) EXPECT_TRUE(got.contains(edge)) << edge.first << " -> " << edge.second;
    EXPECT_EQ(got.size(), original.edges.size());
  }

  // No key goes wrong that no question is about.
  void NothingWrongInSilence(const std::string& class_name, const Replacements& table) {
    const Layout model = Read(class_name);
    Replacements words;
    for (const auto& [word, with] : table) words.emplace_back("\\b" + word + "\\b", with);
    const Original original = Renamed(model, words);
    const Suggestion suggestion = SuggestFor(model, original.keys);
    std::set<std::string> asked;
    for (const Question& question : suggestion.undecided) asked.insert(question.families.begin(), question.families.end());
    for (const AlignedFamily& aligned : suggestion.aligned) {
      const std::string right = aligned.model.size() == 1 ? Replaced(aligned.model[0], words) : "";
      const bool wrong = aligned.checkpoint.size() != 1 || aligned.checkpoint[0] != right;
      if (wrong) {
        for (const std::string& family : aligned.checkpoint) EXPECT_TRUE(asked.contains(family)) << family << " -> " << aligned.model[0];
      }
    }
  }

  std::unique_ptr<LayoutSource> layouts_;
  Layout holder_;
};

TEST_F(FormatsTest, OriginalLlama) { Right("LlamaForCausalLM", MetaLlama, 1, 0); }
TEST_F(FormatsTest, TimmViTModel) { Right("ViTModel", TimmViT, 0, 2); }
TEST_F(FormatsTest, TimmViTForImageClassification) { Right("ViTForImageClassification", TimmViT, 0, 0); }
TEST_F(FormatsTest, GptNeoXUnderAnotherPrefix) {
  Right("GPTNeoXForCausalLM", [](const Layout& l) { return Renamed(l, {{"^gpt_neox\\.", "transformer."}, {"^lm_head", "embed_out"}}); }, 0, 0);
}
TEST_F(FormatsTest, GptNeoXWithoutPrefix) {
  Right("GPTNeoXForCausalLM", [](const Layout& l) { return Renamed(l, {{"^gpt_neox\\.", ""}, {"^lm_head", "embed_out"}}); }, 0, 0);
}
TEST_F(FormatsTest, ExpertWiseMixtralFiles) { Right("MixtralForCausalLM", ExpertWiseMixtral, 0, 0); }
TEST_F(FormatsTest, OpenAiClip) { Right("CLIPModel", Clip, 0, 0); }

const Replacements kQkv = {{"q_proj", "px"}, {"k_proj", "py"}, {"v_proj", "pz"}};

TEST_F(FormatsTest, LlamaAttentionWithoutNames) { NothingWrongInSilence("LlamaForCausalLM", kQkv); }
TEST_F(FormatsTest, LlamaMlpWithoutNames) { NothingWrongInSilence("LlamaForCausalLM", {{"gate_proj", "ma"}, {"up_proj", "mb"}}); }
TEST_F(FormatsTest, LlamaNormsWithoutNames) {
  NothingWrongInSilence("LlamaForCausalLM", {{"input_layernorm", "sa"}, {"post_attention_layernorm", "sb"}});
}
TEST_F(FormatsTest, ViTAttentionWithoutNames) { NothingWrongInSilence("ViTModel", kQkv); }
TEST_F(FormatsTest, ViTNormsWithoutNames) { NothingWrongInSilence("ViTModel", {{"layernorm_before", "ua"}, {"layernorm_after", "ub"}}); }
TEST_F(FormatsTest, MixtralAttentionWithoutNames) {
  Replacements table = kQkv;
  table.emplace_back("o_proj", "pw");
  NothingWrongInSilence("MixtralForCausalLM", table);
}
TEST_F(FormatsTest, ClipTowersWithoutNames) { NothingWrongInSilence("CLIPModel", {{"text_model", "ta"}, {"vision_model", "tb"}}); }
TEST_F(FormatsTest, LlamaLayersWithoutNames) {
  NothingWrongInSilence("LlamaForCausalLM", {{"self_attn", "xa"}, {"mlp", "xb"}, {"q_proj", "a0"}, {"k_proj", "a1"}, {"v_proj", "a2"},
                                             {"o_proj", "a3"}, {"gate_proj", "b0"}, {"up_proj", "b1"}, {"down_proj", "b2"},
                                             {"input_layernorm", "c0"}, {"post_attention_layernorm", "c1"}});
}

}  // namespace
}  // namespace wcheck::suggest
