#include "checkpoint/quantiser_table.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "checkpoint/compressed_tensors.h"

namespace wcheck {
namespace {

using Use = QuantisedTensor::Use;
using Answer = Quantiser::Answer;
using Skips = Quantiser::Skips;
using Tensors = std::optional<QuantisedTensors>;
using Module = QuantisableModule;
using Settings = QuantiserSettings;

constexpr int64_t kWordBits = 32;
constexpr int64_t kMaxSetting = 1 << 20;  // so that no product of it and a size overflows

int64_t Up(int64_t a, int64_t b) { return b > 0 ? (a + b - 1) / b : 1; }

// isinstance(module, torch.nn.Linear).
bool IsLinear(const Module& m) {
  return m.kind == ModuleKind::kLinear || m.kind == ModuleKind::kLinearSubclass;
}

// --- fp8, mxfp8
// -----------------------------------------------------------------------------------

struct Blocks {
  int64_t rows = 128;
  int64_t columns = 128;
};

// Nothing: one scale a tensor.
std::optional<Blocks> BlocksOf(const Settings& settings) {
  const json::Value* size = settings.Find("weight_block_size");
  if (size == nullptr) return Blocks{};
  if (size->items.size() != 2) return std::nullopt;
  return Blocks{size->items[0].integer, size->items[1].integer};
}

Tensors Fp8Module(const Module& m, const Settings& settings) {
  if (m.kind == ModuleKind::kEmbedding) {
    const auto list = settings.List("modules_to_convert");
    if (!list || std::ranges::none_of(
                     *list, [&](const std::string& text) { return m.name.ends_with(text); })) {
      return std::nullopt;
    }
    return QuantisedTensors{{"weight", m.weight}, {"weight_scale", {}, Use::kExpected, true}};
  }
  if (m.kind != ModuleKind::kLinear &&
      !(m.kind == ModuleKind::kLinearSubclass && m.name.ends_with("o_a_proj"))) {
    return std::nullopt;
  }
  if (settings.Bool("dequantize", false)) {
    return QuantisedTensors{{"weight", m.weight, Use::kExpected, true},
                            {"weight_scale_inv", {}, Use::kCollected, true},
                            {"activation_scale", {}, Use::kCollected, true}};
  }
  const std::optional<Blocks> blocks = BlocksOf(settings);
  QuantisedTensors tensors{{"weight", {m.out, m.in}}, {"weight_scale_inv", {}}};
  if (blocks) tensors[1].shape = {Up(m.out, blocks->rows), Up(m.in, blocks->columns)};
  if (settings.Text("activation_scheme", "dynamic") == "static") {
    tensors.push_back({"activation_scale", {}});
  }
  return tensors;
}

Tensors Fp8Experts(const FusedExperts& e, const Settings& settings) {
  if (e.tensor != "gate_up_proj" && e.tensor != "up_proj" && e.tensor != "down_proj") {
    return std::nullopt;
  }
  const std::string name(e.tensor);
  const bool dequantised = settings.Bool("dequantize", false);
  if (dequantised) {
    return QuantisedTensors{{name, e.shape, Use::kExpected, true},
                            {name + "_scale_inv", {}, Use::kCollected, true},
                            {name + "_activation_scale", {}, Use::kCollected, true}};
  }
  const std::optional<Blocks> blocks = BlocksOf(settings);
  const bool fp4 = settings.Text("expert_dtype", "fp8") == "fp4";
  const int64_t floor = e.tensor == "gate_up_proj" ? 2 : 1;
  int64_t rows = blocks ? Up(e.out, blocks->rows) : 1;
  int64_t columns = blocks ? Up(e.in, blocks->columns) : 1;
  if (fp4) {
    rows = e.out;
    columns = Up(e.in, 32);
  }
  QuantisedTensors tensors{{name, {e.experts, e.out, fp4 ? e.in / 2 : e.in}},
                           {name + "_scale_inv", {e.experts, std::max(rows, floor), columns}}};
  if (settings.Text("activation_scheme", "dynamic") == "static" && e.tensor != "up_proj") {
    tensors.push_back({name + "_activation_scale", {e.experts}});
  }
  return tensors;
}

// --- fbgemm, eetq, bitnet, metal, gemma, higgs
// ----------------------------------------------------

Tensors FbgemmModule(const Module& m, const Settings&) {
  if (!IsLinear(m)) return std::nullopt;
  return QuantisedTensors{{"weight", {m.out, m.in}}, {"weight_scale", {m.out, 1}}};
}

Tensors FbgemmExperts(const FusedExperts& e, const Settings&) {
  if (!IsOfFolder(e.folder, "llama4")) return std::nullopt;
  const std::string name(e.tensor);
  const Shape scale =
      e.tensor == "gate_up_proj" ? Shape{e.experts, 1, e.out} : Shape{e.experts, e.out, 1};
  return QuantisedTensors{{name, e.shape}, {name + "_scale", scale}};
}

Tensors EetqModule(const Module& m, const Settings&) {
  if (!IsLinear(m)) return std::nullopt;
  return QuantisedTensors{{"weight", {m.in, m.out}}, {"weight_scales", {m.out}}};
}

Tensors BitnetModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  constexpr int64_t kRowsInOne = 4;
  const bool automatic = settings.Text("linear_class", "bitlinear") == "autobitlinear";
  const bool online = automatic && settings.Text("quantization_mode", "offline") == "online";
  QuantisedTensors tensors{{"weight", {m.out / kRowsInOne, m.in}}};
  if (automatic) tensors[0] = {"weight", {m.out, m.in}, Use::kExpected, !online};
  if (!online) tensors.push_back({"weight_scale", {1}});
  if (settings.Bool("use_rms_norm", false)) tensors.push_back({"rms_norm.weight", {m.in}});
  return tensors;
}

Tensors MetalModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  if (settings.Bool("dequantize", false)) {
    return QuantisedTensors{{"weight", m.weight, Use::kExpected, true},
                            {"scales", {}, Use::kCollected, true, {"qbiases"}},
                            {"qbiases", {}, Use::kCollected, true}};
  }
  const int64_t in_word =
      std::max<int64_t>(1, kWordBits / std::max<int64_t>(1, settings.Int("bits", 4)));
  const int64_t groups = m.in / std::max<int64_t>(1, settings.Int("group_size", 64));
  return QuantisedTensors{{"weight", {m.out, m.in / in_word}},
                          {"scales", {m.out, groups}},
                          {"qbiases", {m.out, groups}}};
}

// The bits of a module: the first pattern of module_quant_configs that its name contains decides.
int64_t GemmaBits(const Module& m, const Settings& settings) {
  const int64_t bits = settings.Int("num_bits", 4);
  const json::Value* overrides = settings.Find("module_quant_configs");
  if (overrides == nullptr) return bits;
  for (const json::Member& row : overrides->members) {
    const Result<Pattern> pattern = Pattern::Compile(row.name);
    Match match;
    if (pattern && pattern->Search(m.name, &match)) {
      return Settings(row.value).Int("num_bits", bits);
    }
  }
  return bits;
}

Tensors GemmaModule(const Module& m, const Settings& settings) {
  const bool embedding = m.kind == ModuleKind::kEmbedding;
  if (embedding ? !settings.Bool("quantize_embeddings", false) : !IsLinear(m)) return std::nullopt;
  const int64_t bits = GemmaBits(m, settings);
  const int64_t in_byte = bits == 2 ? 4 : bits == 4 ? 2 : 1;
  const int64_t packed = Up(m.in, in_byte);
  if (embedding) {
    return QuantisedTensors{{"embedding_quantized", {m.out, packed}},
                            {"embedding_scale", {m.out, 1}}};
  }
  return QuantisedTensors{{"weight", {m.out, packed}},
                          {"weight_scale", {m.out, 1}},
                          {"input_activation_scale", {}},
                          {"output_activation_scale", {}}};
}

Tensors HiggsModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  const int64_t bits = std::clamp<int64_t>(settings.Int("bits", 4), 2, 4);
  const int64_t values = int64_t{1} << bits;
  const int64_t group = std::max<int64_t>(1, settings.Int("group_size", 256));
  return QuantisedTensors{{"weight", {m.out * bits / 16, m.in}, Use::kExpected, true},
                          {"scales", {m.out, m.in / group}},
                          {"tables", {values}},
                          {"tables2", {values, values, 2}}};
}

// --- bitsandbytes
// ---------------------------------------------------------------------------------

bool IsBnbModule(const Module& m) {
  return m.kind == ModuleKind::kLinear || m.kind == ModuleKind::kConv1D;
}

// A weight without its parts, which no list names, is quantised while it is loaded.
Tensors Bnb4Module(const Module& m, const Settings&) {
  if (!IsBnbModule(m)) return std::nullopt;
  QuantisedTensor weight{"weight", m.weight, Use::kExpected, true};
  weight.needs_if_packed = {"weight.absmax", "weight.quant_map"};
  QuantisedTensors tensors{std::move(weight)};
  tensors.push_back(
      {"weight.absmax",
       {},
       Use::kCollected,
       true,
       {"weight", "weight.quant_map"},
       {"weight.quant_state.bitsandbytes__nf4", "weight.quant_state.bitsandbytes__fp4"}});
  tensors.push_back({"weight.quant_map", {}, Use::kCollected, true, {"weight", "weight.absmax"}});
  tensors.push_back(
      {"weight.nested_absmax", {}, Use::kCollected, true, {"weight", "weight.nested_quant_map"}});
  tensors.push_back(
      {"weight.nested_quant_map", {}, Use::kCollected, true, {"weight", "weight.nested_absmax"}});
  for (const char* state :
       {"weight.quant_state.bitsandbytes__nf4", "weight.quant_state.bitsandbytes__fp4"}) {
    tensors.push_back(
        {state, {}, Use::kCollected, true, {"weight", "weight.absmax", "weight.quant_map"}});
  }
  return tensors;
}

Tensors Bnb8Module(const Module& m, const Settings&) {
  if (!IsBnbModule(m)) return std::nullopt;
  QuantisedTensor weight{"weight", {m.out, m.in}};
  weight.needs_if_packed = {"SCB"};
  return QuantisedTensors{std::move(weight),
                          {"SCB", {}, Use::kCollected, true, {"weight"}},
                          {"weight_format", {}, Use::kCollected, true, {"weight", "SCB"}}};
}

// --- gptq, awq, aqlm, fp_quant
// --------------------------------------------------------------------

// The names with which the blocks of a model may begin (optimum 2.3.0, gptq/constants.py).
constexpr std::string_view kBlockPatterns[] = {
    "transformer.h",
    "model.decoder.layers",
    "gpt_neox.layers",
    "model.layers",
    "model.language_model.layers",
    "h",
    "decoder.layers",
    "layers",
};

bool InGptqBlock(const Module& m, const Settings& settings) {
  const std::string block = settings.Text("block_name_to_quantize", "");
  if (!block.empty()) {
    if (!m.name.starts_with(block)) return false;
  } else if (std::ranges::none_of(kBlockPatterns, [&](std::string_view pattern) {
               return m.name.starts_with(pattern);
             })) {
    return false;
  }
  const json::Value* inside = settings.Find("modules_in_block_to_quantize");
  if (inside == nullptr || !inside->is_array() || inside->items.empty()) return true;
  const auto ends_with = [&](const json::Value& name) {
    return name.is_string() && m.name.ends_with(name.string);
  };
  return std::ranges::any_of(inside->items, [&](const json::Value& item) {
    return item.is_array() ? std::ranges::any_of(item.items, ends_with) : ends_with(item);
  });
}

Tensors GptqModule(const Module& m, const Settings& settings) {
  if (m.kind != ModuleKind::kLinear && m.kind != ModuleKind::kConv1D) return std::nullopt;
  if (!InGptqBlock(m, settings)) return std::nullopt;
  const int64_t bits = settings.Int("bits", 4);
  const int64_t written = settings.Int("group_size", 128);
  const int64_t group = written > 0 ? written : m.in;
  const int64_t groups = Up(m.in, group);
  return QuantisedTensors{{"qweight", {m.in * bits / kWordBits, m.out}},
                          {"qzeros", {groups, m.out * bits / kWordBits}},
                          {"scales", {groups, m.out}},
                          {"g_idx", {m.in}}};
}

Tensors AwqModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  const int64_t bits = settings.Int("bits", settings.Int("w_bit", 4));
  const int64_t written = settings.Int("group_size", settings.Int("q_group_size", 128));
  const int64_t groups = Up(m.in, written > 0 ? written : m.in);
  std::string format = settings.Text("format", settings.Text("version", "gemm"));
  std::ranges::transform(format, format.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool gemm = format == "gemm";  // the shapes of the others were not read
  return QuantisedTensors{{"qweight", {m.in, m.out * bits / kWordBits}, Use::kExpected, !gemm},
                          {"qzeros", {groups, m.out * bits / kWordBits}, Use::kExpected, !gemm},
                          {"scales", {groups, m.out}, Use::kExpected, !gemm}};
}

Tensors AqlmModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  const int64_t in_group = std::max<int64_t>(1, settings.Int("in_group_size", 8));
  const int64_t out_group = std::max<int64_t>(1, settings.Int("out_group_size", 1));
  const int64_t books = settings.Int("num_codebooks", 1);
  const int64_t bits = std::clamp<int64_t>(settings.Int("nbits_per_codebook", 16), 0, 40);
  return QuantisedTensors{{"codes", {m.out / out_group, m.in / in_group, books}},
                          {"codebooks", {books, int64_t{1} << bits, out_group, in_group}},
                          {"scales", {m.out / out_group, 1, 1, 1}}};
}

// The converter of ".qweight" (or ".dqweight") sets the tensors that are not stored.
Tensors FpQuantModule(const Module& m, const Settings& settings) {
  if (!IsLinear(m)) return std::nullopt;
  if (settings.Bool("store_master_weights", false)) {
    return QuantisedTensors{{"weight", m.weight, Use::kExpected, true}};
  }
  const bool nvfp4 = settings.Text("forward_dtype", "nvfp4") == "nvfp4";
  const int64_t rotation = settings.Int("hadamard_group_size", nvfp4 ? 16 : 32);
  QuantisedTensors tensors;
  if (settings.Bool("pseudoquantization", false)) {
    tensors.push_back({"dqweight", {m.out, m.in}});
  } else {
    tensors.push_back({"qweight", {m.out, m.in / 2}});
    tensors.push_back({"scales", {m.out, m.in / (nvfp4 ? 16 : 32)}});
  }
  tensors.push_back({"weight_global_scale", {1}});
  tensors.push_back({"act_global_scale", {1}});
  tensors.push_back({"forward_hadamard_matrix", {rotation, rotation}});
  tensors.push_back({"backward_hadamard_matrix", {rotation, rotation}});
  return tensors;
}

// --- mxfp4, torchao
// -------------------------------------------------------------------------------

// Its modules have scales of activations, and weights that are only quantised while they are
// loaded.
Tensors QuantoModule(const Module& m, const Settings&) {
  if (!IsLinear(m)) return std::nullopt;
  return QuantisedTensors{{"weight", m.weight, Use::kExpected, true},
                          {"input_scale", {}, Use::kExpected, true},
                          {"output_scale", {}, Use::kExpected, true}};
}

Tensors NoModule(const Module&, const Settings&) { return std::nullopt; }

// Only the experts of gpt-oss. A weight that is not packed is quantised while it is loaded.
Tensors Mxfp4Experts(const FusedExperts& e, const Settings&) {
  if (!IsOfFolder(e.folder, "gpt_oss")) return std::nullopt;
  const std::string name(e.tensor);
  return QuantisedTensors{{name, e.shape, Use::kExpected, true},
                          {name + "_blocks", {}, Use::kFills, true, {name + "_scales"}},
                          {name + "_scales", {}, Use::kCollected, true, {name + "_blocks"}}};
}

Tensors TorchaoModule(const Module& m, const Settings&) {
  if (!IsLinear(m) && m.kind != ModuleKind::kEmbedding) return std::nullopt;
  QuantisedTensors tensors{{"weight", m.weight, Use::kExpected, true},
                           {"_weight_qdata", {}, Use::kFills, true}};
  for (const char* part :
       {"scale_and_zero", "per_tensor_scale", "scale", "zero_point", "act_pre_scale"}) {
    tensors.push_back(
        {std::string("_weight_") + part, {}, Use::kCollected, true, {"_weight_qdata"}});
  }
  return tensors;
}

constexpr std::string_view kDequantised =
    "Without an accelerator that the method supports, the library dequantises instead: scales that "
    "are "
    "missing or that disagree are then not noticed";

constexpr Quantiser kQuantisers[] = {
    {.method = "aqlm",
     .source = "quantizers/quantizer_aqlm.py, integrations/aqlm.py; aqlm 1.1.7, inference.py",
     .skips = Skips::kNoDefault,
     .list = "linear_weights_not_to_quantize",
     .module = AqlmModule},
    {.method = "auto-round",
     .source = "quantizers/quantizer_auto_round.py",
     .answer = Answer::kNotJudged},
    {.method = "awq",
     .source = "quantizers/quantizer_awq.py, integrations/awq.py; gptqmodel by its packing rule",
     .skips = Skips::kAddsToDefault,
     .module = AwqModule},
    {.method = "bitnet",
     .source = "quantizers/quantizer_bitnet.py, integrations/bitnet.py",
     .module = BitnetModule},
    {.method = "bitsandbytes_4bit",
     .source = "quantizers/quantizer_bnb_4bit.py, integrations/bitsandbytes.py",
     .list = "llm_int8_skip_modules",
     .module = Bnb4Module},
    {.method = "bitsandbytes_8bit",
     .source = "quantizers/quantizer_bnb_8bit.py, integrations/bitsandbytes.py",
     .list = "llm_int8_skip_modules",
     .module = Bnb8Module},
    {.method = "compressed-tensors",
     .source = "quantizers/quantizer_compressed_tensors.py, integrations/compressed_tensors.py; "
               "compressed-tensors 0.20.1",
     .skips = Skips::kOwn,
     .module = CompressedTensorsModule,
     .experts = CompressedTensorsExperts},
    {.method = "eetq",
     .source = "quantizers/quantizer_eetq.py, integrations/eetq.py",
     .module = EetqModule},
    {.method = "fbgemm_fp8",
     .source = "quantizers/quantizer_fbgemm_fp8.py, integrations/fbgemm_fp8.py",
     .module = FbgemmModule,
     .experts = FbgemmExperts},
    {.method = "fouroversix",
     .source = "quantizers/quantizer_fouroversix.py",
     .answer = Answer::kNotJudged},
    {.method = "fp8",
     .source = "quantizers/quantizer_finegrained_fp8.py, integrations/finegrained_fp8.py",
     .renames_list = true,
     .module = Fp8Module,
     .experts = Fp8Experts,
     .otherwise = kDequantised},
    {.method = "fp_quant",
     .source = "quantizers/quantizer_fp_quant.py, integrations/fp_quant.py; fp_quant 0.3.2",
     .skips = Skips::kBySuffix,
     .module = FpQuantModule},
    {.method = "gemma",
     .source = "quantizers/quantizer_gemma.py, integrations/gemma_quant.py",
     .module = GemmaModule},
    {.method = "gguf", .source = "quantizers/quantizer_gguf.py", .answer = Answer::kRefuses},
    {.method = "gptq",
     .source = "quantizers/quantizer_gptq.py; optimum 2.3.0, gptq/; gptqmodel by its packing rule",
     .skips = Skips::kOwn,
     .module = GptqModule},
    {.method = "higgs",
     .source = "quantizers/quantizer_higgs.py, integrations/higgs.py",
     .module = HiggsModule},
    {.method = "hqq",
     .source = "quantizers/quantizer_hqq.py, integrations/hqq.py",
     .answer = Answer::kNothing},
    {.method = "metal",
     .source = "quantizers/quantizer_metal.py, integrations/metal_quantization.py",
     .module = MetalModule,
     .otherwise = kDequantised},
    {.method = "mxfp4",
     .source = "quantizers/quantizer_mxfp4.py, integrations/mxfp4.py",
     .module = NoModule,
     .experts = Mxfp4Experts},
    {.method = "mxfp8",
     .source = "quantizers/quantizer_finegrained_fp8.py, integrations/finegrained_fp8.py",
     .renames_list = true,
     .module = Fp8Module,
     .experts = Fp8Experts,
     .otherwise = kDequantised},
    {.method = "nvfp4", .source = "quantizers/quantizer_nvfp4.py", .answer = Answer::kRefuses},
    {.method = "quanto",
     .source = "quantizers/quantizer_quanto.py, integrations/quanto.py",
     .answer = Answer::kNothing,
     .module = QuantoModule},
    {.method = "quark", .source = "quantizers/quantizer_quark.py", .answer = Answer::kNotJudged},
    {.method = "sinq", .source = "quantizers/quantizer_sinq.py", .answer = Answer::kNotJudged},
    {.method = "spqr", .source = "quantizers/quantizer_spqr.py", .answer = Answer::kNotJudged},
    {.method = "torchao", .source = "quantizers/quantizer_torchao.py", .module = TorchaoModule},
    {.method = "vptq", .source = "quantizers/quantizer_vptq.py", .answer = Answer::kNotJudged},
};

}  // namespace

int64_t QuantiserSettings::Int(std::string_view name, int64_t otherwise) const {
  const json::Value* value = Find(name);
  if (value == nullptr || !value->is_integer()) return otherwise;
  return std::clamp(value->integer, -kMaxSetting, kMaxSetting);
}

bool QuantiserSettings::Bool(std::string_view name, bool otherwise) const {
  const json::Value* value = Find(name);
  return value != nullptr && value->is_bool() ? value->boolean : otherwise;
}

std::string QuantiserSettings::Text(std::string_view name, std::string_view otherwise) const {
  const json::Value* value = Find(name);
  return std::string(value != nullptr && value->is_string() ? value->string : otherwise);
}

std::optional<std::vector<std::string>> QuantiserSettings::List(std::string_view name) const {
  const json::Value* value = Find(name);
  if (value == nullptr || !value->is_array()) return std::nullopt;
  std::vector<std::string> out;
  for (const json::Value& item : value->items) {
    if (item.is_string()) out.push_back(item.string);
  }
  return out;
}

std::span<const Quantiser> Quantisers() { return kQuantisers; }

const Quantiser* FindQuantiser(const QuantiserSettings& settings) {
  std::string method = settings.Text("quant_method", "");
  const bool in_four = settings.Bool("load_in_4bit", false);
  if (in_four || settings.Bool("load_in_8bit", false)) {
    method = in_four ? "bitsandbytes_4bit" : "bitsandbytes_8bit";
  }
  const auto found = std::ranges::find(kQuantisers, method, &Quantiser::method);
  return found == std::end(kQuantisers) ? nullptr : &*found;
}

}  // namespace wcheck
