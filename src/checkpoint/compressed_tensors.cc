#include "checkpoint/compressed_tensors.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace wcheck {
namespace {

using Use = QuantisedTensor::Use;

int64_t DivideUp(int64_t a, int64_t b) { return b > 0 ? (a + b - 1) / b : 1; }

bool NamesClass(std::string_view target, ModuleKind kind) {
  switch (kind) {
    case ModuleKind::kLinear:
    case ModuleKind::kLinearSubclass:
      return target == "Linear";
    case ModuleKind::kEmbedding:
      return target == "Embedding";
    case ModuleKind::kConv1D:
    case ModuleKind::kOther:
      break;
  }
  return false;
}

bool NamesModule(std::string_view target, std::string_view name) {
  if (target.starts_with("re:")) return MatchesFromStart(target.substr(3), name);
  return target == name;
}

// The scheme of a module: exact names come before patterns, and these before classes, each sorted.
const json::Value* SchemeOf(const QuantisableModule& module, const QuantiserSettings& settings) {
  for (const std::string& ignored : settings.List("ignore").value_or(std::vector<std::string>{})) {
    if (NamesModule(ignored, module.name) || NamesClass(ignored, module.kind)) return nullptr;
  }
  const json::Value* groups = settings.Find("config_groups");
  if (groups == nullptr) return nullptr;
  const json::Value* best = nullptr;
  std::pair<int, std::string> best_rank;
  for (const json::Member& group : groups->members) {
    for (const std::string& target :
         QuantiserSettings(group.value).List("targets").value_or(std::vector<std::string>{})) {
      const bool regex = target.find("re:") != std::string::npos;
      int rank = NamesClass(target, module.kind) ? 2 : -1;
      if (NamesModule(target, module.name)) rank = regex ? 1 : 0;
      if (rank < 0) continue;
      std::pair<int, std::string> found(rank, target);
      if (best != nullptr && best_rank < found) continue;
      best = &group.value;  // of two groups with one target, the last one
      best_rank = std::move(found);
    }
  }
  return best;
}

std::string FormatOf(const json::Value& scheme, const QuantiserSettings& settings) {
  const std::string own = QuantiserSettings(scheme).Text("format", "");
  return own.empty() ? settings.Text("format", "dense") : own;
}

bool IsDynamic(const QuantiserSettings& arguments) { return arguments.Bool("dynamic", false); }
bool IsLocal(const QuantiserSettings& arguments) {
  return arguments.Text("dynamic", "") == "local";
}

std::string StrategyOf(const QuantiserSettings& arguments) {
  const std::string written = arguments.Text("strategy", "");
  if (!written.empty()) return written;
  const int64_t group = arguments.Int("group_size", 0);
  if (group > 0) return "group";
  return group == -1 ? "channel" : "tensor";
}

// initialize_qparams: scales, zero points and global scales of a tensor, of which `shape` is known.
void AddParameters(const std::string& base, const json::Value* arguments, const Shape& shape,
                   bool force_zero_point, QuantisedTensors* out) {
  if (arguments == nullptr || !arguments->is_object()) return;
  const QuantiserSettings args(*arguments);
  if (IsDynamic(args)) return;
  const std::string strategy = StrategyOf(args);
  if (strategy == "tensor_group") out->push_back({base + "_global_scale", {1}});
  if (IsLocal(args)) return;
  QuantisedTensor scale{base + "_scale", {1}};
  if (strategy == "channel") {
    if (shape.size() < 2) return;
    scale.shape = {shape[shape.size() - 2], 1};
  } else if (strategy == "group" || strategy == "tensor_group") {
    scale.shape = shape;
    scale.shape.back() = DivideUp(shape.back(), args.Int("group_size", 1));
  } else if (strategy == "block") {
    const json::Value* block = args.Find("block_structure");
    if (shape.size() < 2 || block == nullptr || block->items.size() != 2) return;
    scale.shape = {DivideUp(shape[0], block->items[0].integer),
                   DivideUp(shape[1], block->items[1].integer)};
  } else if (strategy != "tensor") {
    scale.any_shape = true;
  }
  out->push_back(scale);
  if (force_zero_point || !args.Bool("symmetric", true)) {
    scale.name = base + "_zero_point";
    out->push_back(std::move(scale));
  }
}

}  // namespace

std::optional<QuantisedTensors> CompressedTensorsModule(const QuantisableModule& module,
                                                        const QuantiserSettings& settings) {
  if (module.kind == ModuleKind::kConv1D || module.kind == ModuleKind::kOther) return std::nullopt;
  const json::Value* scheme = SchemeOf(module, settings);
  if (scheme == nullptr) return std::nullopt;
  const bool dense = settings.Bool("dequantize", false) || !settings.Bool("run_compressed", true);
  if (dense) {
    QuantisedTensors tensors{{"weight", module.weight, Use::kExpected, true}};
    for (const char* name :
         {"weight_scale", "weight_zero_point", "weight_global_scale", "weight_shape"}) {
      tensors.push_back({name, {}, Use::kCollected, true});
    }
    tensors.push_back({"weight_packed", {}, Use::kFills, true, {"weight_scale"}});
    return tensors;
  }
  const bool compressed = settings.Text("quantization_status", "initialized") == "compressed";
  const json::Value* weights = scheme->Find("weights");
  QuantisedTensors tensors;
  AddParameters("input", scheme->Find("input_activations"), {module.in}, !compressed, &tensors);
  AddParameters("weight", weights, {module.out, module.in}, !compressed, &tensors);
  AddParameters("output", scheme->Find("output_activations"), {module.out}, !compressed, &tensors);
  const std::string format = FormatOf(*scheme, settings);
  const int64_t bits =
      weights != nullptr ? QuantiserSettings(*weights).Int("num_bits", 8) : int64_t{8};
  const bool packs = compressed && weights != nullptr && weights->is_object();
  if (packs && format == "pack-quantized") {
    tensors.push_back({"weight_packed", {module.out, DivideUp(module.in * bits, 32)}});
    tensors.push_back({"weight_shape", {2}});
    for (QuantisedTensor& tensor : tensors) {
      // Zero points are packed, too, along the rows; the model is built with the unpacked shape.
      if (tensor.name == "weight_zero_point") tensor.any_shape = true;
    }
  } else if (packs && (format == "nvfp4-pack-quantized" || format == "mxfp4-pack-quantized")) {
    tensors.push_back({"weight_packed", {module.out, DivideUp(module.in, 2)}});
  } else if (packs && format == "mxfp6-pack-quantized") {
    tensors.push_back({"weight_packed", {}, Use::kExpected, true});
  } else {
    tensors.push_back({"weight", {module.out, module.in}});
  }
  return tensors;
}

// Experts in one module are never replaced: the converter that merges them collects the tensors of
// each, and decompresses first. Scales of activations are not among those.
std::optional<QuantisedTensors> CompressedTensorsExperts(const FusedExperts& experts,
                                                         const QuantiserSettings&) {
  const std::string name(experts.tensor);
  QuantisedTensors tensors{{name, experts.shape, Use::kExpected, true}};
  for (const char* end : {"_scale", "_zero_point", "_global_scale", "_shape"}) {
    tensors.push_back({name + end, {}, Use::kCollected, true});
  }
  tensors.push_back({name + "_packed", {}, Use::kFills, true, {name + "_scale"}});
  return tensors;
}

}  // namespace wcheck
