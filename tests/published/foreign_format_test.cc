#include "published/foreign_format.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "wcheck/layout.h"

namespace wcheck {
namespace {

std::string FormatOf(const std::vector<std::string>& keys, const std::string& config = "") {
  LayoutBuilder builder;
  for (const std::string& key : keys) builder.Add(key, {}, "");
  Layout layout;
  builder.FinishInto(&layout);
  const Checkpoint checkpoint = CheckpointOfNames(layout.families, layout.storage, config, "config.json");
  const ForeignFormat* format = ForeignFormatOf(checkpoint);
  return format == nullptr ? "" : std::string(format->name);
}

const std::vector<std::string> kPacked = {"model.layers.0.q_proj.weight", "model.layers.0.q_proj.scales",
                                          "model.layers.0.q_proj.biases"};

TEST(ForeignFormat, QuantisedByMlx) {
  EXPECT_EQ(FormatOf(kPacked), "MLX, quantised");
  EXPECT_EQ(FormatOf(kPacked, R"({"quantization": {"group_size": 64, "bits": 4}})"), "MLX, quantised");
  // MLX writes the same settings under the library's name as well, without a method.
  EXPECT_EQ(FormatOf(kPacked, R"({"quantization_config": {"group_size": 64, "bits": 4}})"), "MLX, quantised");
}

TEST(ForeignFormat, AQuantiserOfTheLibraryIsNone) {
  EXPECT_EQ(FormatOf(kPacked, R"({"quantization_config": {"quant_method": "gptq"}})"), "");
  EXPECT_EQ(FormatOf({"q.qweight", "q.scales", "q.qzeros"}), "");
  // Scales without biases, and biases of something else.
  EXPECT_EQ(FormatOf({"q.weight", "q.scales", "k.biases"}), "");
}

TEST(ForeignFormat, ByNames) {
  EXPECT_EQ(FormatOf({"tok_embeddings.weight", "layers.0.attention.wq.weight", "layers.1.attention.wq.weight",
                      "layers.0.feed_forward.w1.weight", "layers.1.feed_forward.w1.weight", "output.weight"}),
            "a consolidated file of Meta's or Mistral's own code");
  EXPECT_EQ(FormatOf({"token_embd.weight", "blk.0.attn_q.weight", "blk.1.attn_q.weight", "blk.0.ffn_down.weight",
                      "blk.1.ffn_down.weight"}),
            "GGUF's tensor names");
  EXPECT_EQ(FormatOf({"transformer.h.0.attn.c_attn.weight", "transformer.h.1.attn.c_attn.weight",
                      "transformer.h.0.mlp.w2.weight", "transformer.h.1.mlp.w2.weight", "transformer.ln_f.weight"}),
            "Qwen's first own code");
}

TEST(ForeignFormat, TheLibrarysOwnAreNone) {
  EXPECT_EQ(FormatOf({"model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight"}), "");
  // GPT-2's: one part of Qwen's own code is not all.
  EXPECT_EQ(FormatOf({"transformer.h.0.attn.c_attn.weight", "transformer.h.1.attn.c_attn.weight",
                      "transformer.ln_f.weight"}),
            "");
}

}  // namespace
}  // namespace wcheck
