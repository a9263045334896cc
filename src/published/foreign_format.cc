#include "published/foreign_format.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "wcheck/key_family.h"

namespace wcheck {
namespace {

// A format whose names show it: all of these ends of patterns occur, `*` standing for a number.
struct NamedFormat {
  ForeignFormat format;
  std::array<std::string_view, 3> ends;
};

constexpr NamedFormat kNamedFormats[] = {
    {{"a consolidated file of Meta's or Mistral's own code",
      "the names `tok_embeddings`, `layers.*.attention.wq` and `layers.*.feed_forward.w1`"},
     {"tok_embeddings.weight", "layers.*.attention.wq.weight", "layers.*.feed_forward.w1.weight"}},
    {{"ChatGLM's own code",
      "the names `transformer.encoder.layers.*` and `transformer.embedding.word_embeddings`"},
     {"transformer.embedding.word_embeddings.weight",
      "transformer.encoder.layers.*.self_attention.query_key_value.weight",
      "transformer.encoder.layers.*.mlp.dense_h_to_4h.weight"}},
    {{"Qwen's first own code", "the names `transformer.h.*.attn.c_attn` and `transformer.h.*.mlp.w2`"},
     {"transformer.h.*.attn.c_attn.weight", "transformer.h.*.mlp.w2.weight", "transformer.ln_f.weight"}},
    {{"InternLM2's own code", "the names `model.layers.*.attention.wqkv` and `model.tok_embeddings`"},
     {"model.tok_embeddings.weight", "model.layers.*.attention.wqkv.weight",
      "model.layers.*.feed_forward.w1.weight"}},
    {{"LLaVA's first own code", "the names `model.mm_projector.*` and `model.vision_tower.vision_tower.*`"},
     {"model.mm_projector.0.weight", "model.embed_tokens.weight",
      "model.layers.*.self_attn.q_proj.weight"}},
    {{"Megatron-LM's own", "the names `decoder.layers.*.self_attention.linear_qkv` and `output_layer`"},
     {"embedding.word_embeddings.weight", "decoder.layers.*.self_attention.linear_qkv.weight",
      "decoder.layers.*.mlp.linear_fc1.weight"}},
    {{"GGUF's tensor names", "the names `token_embd` and `blk.*.attn_q`"},
     {"token_embd.weight", "blk.*.attn_q.weight", "blk.*.ffn_down.weight"}},
};

constexpr ForeignFormat kMlxQuantised{"MLX, quantised",
                                      "`.scales` and `.biases` beside packed weights, and no quant_method"};

std::string WithStars(std::string_view pattern, std::span<const IndexSet> numbers) {
  std::string out;
  size_t hole = 0;
  for (const char c : pattern) {
    if (c != kHole) {
      out += c;
      continue;
    }
    // The only number of a place may be part of its name.
    out += numbers[hole].size() == 1 ? std::to_string(numbers[hole].min()) : "*";
    ++hole;
  }
  return out;
}

// MLX packs a weight into integers, with `scales` and `biases` beside it, and says "quantization" in
// config.json, where the library's quantisers write quantization_config with a quant_method.
bool IsMlx(const Checkpoint& checkpoint, const std::set<std::string, std::less<>>& patterns) {
  const json::Value* config = checkpoint.settings.get();
  if (config != nullptr) {
    const json::Value* own = config->Find("quantization_config");
    if (own != nullptr && own->Find("quant_method") != nullptr) return false;
  }
  constexpr std::string_view kBiases = ".biases";
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    if (!pattern.ends_with(kBiases)) return false;
    const std::string module = pattern.substr(0, pattern.size() - kBiases.size());
    return patterns.contains(module + ".scales") && patterns.contains(module + ".weight");
  });
}

}  // namespace

const ForeignFormat* ForeignFormatOf(const Checkpoint& checkpoint) {
  std::set<std::string, std::less<>> patterns;
  for (const LayoutFamily& family : checkpoint.families) {
    patterns.insert(WithStars(family.pattern, family.numbers));
  }
  if (IsMlx(checkpoint, patterns)) return &kMlxQuantised;
  for (const NamedFormat& one : kNamedFormats) {
    const bool all = std::ranges::all_of(one.ends, [&](std::string_view end) {
      return patterns.contains(end);
    });
    if (all) return &one.format;
  }
  return nullptr;
}

}  // namespace wcheck
