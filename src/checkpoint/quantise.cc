// Replaces the modules of a layout key by key: lists of modules may tell one layer from the next,
// and families are found again afterwards.
#include "checkpoint/quantise.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "checkpoint/quantiser_modules.h"
#include "checkpoint/quantiser_table.h"
#include "families/boxes.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

using State = QuantisedModel::State;
using Use = QuantisedTensor::Use;

constexpr std::string_view kWeight = ".weight";
constexpr int64_t kMaxSize = int64_t{1} << 40;
constexpr int64_t kMaxExperts = 1 << 16;
constexpr std::string_view kExperts = ".experts";

// The layers before an activation whose scales AWQ stores with it (integrations/awq.py,
// AWQ_SCALES_MAPPINGS), by model_type.
constexpr struct {
  std::string_view model_type;
  std::string_view activation;
  std::string_view layer;
} kAwqScales[] = {
    {"bloom", "gelu_impl", "dense_h_to_4h"},
    {"falcon", "act", "dense_h_to_4h"},
    {"gpt_bigcode", "act", "c_fc"},
    {"gpt_neox", "act", "dense_h_to_4h"},
    {"gptj", "act", "fc_in"},
    {"mpt", "act", "up_proj"},
    {"starcoder2", "act", "c_fc"},
};

// The quantization_config of the model, or that of its text model.
const json::Value* SettingsIn(const json::Value& config) {
  const auto in = [](const json::Value& value) -> const json::Value* {
    const json::Value* found = value.Find("quantization_config");
    return found != nullptr && found->is_object() ? found : nullptr;
  };
  if (const json::Value* found = in(config)) return found;
  for (const char* part : {"text_config", "decoder", "generator", "thinker_config"}) {
    const json::Value* value = config.Find(part);
    if (value == nullptr) continue;
    if (const json::Value* found = in(*value)) return found;
  }
  return nullptr;
}

Shape ShapeOfFamily(const LayoutFamily& family) {
  return {family.shape.begin(), family.shape.end()};
}

class Replacer {
 public:
  Replacer(const Layout& layout, const CompiledRegistry& registry, const Checkpoint& checkpoint,
           const Quantiser& quantiser, const QuantiserSettings& settings)
      : layout_(layout), registry_(registry), quantiser_(quantiser), settings_(settings) {
    std::vector<std::string> list =
        settings.List(quantiser.list).value_or(std::vector<std::string>{});
    bool given = settings.List(quantiser.list).has_value();
    if (!given && quantiser.renames_list && settings.List("ignored_layers")) {
      list = *settings.List("ignored_layers");
      given = true;
    }
    if (given && quantiser.renames_list && !list.empty()) {
      list = RenameSkips(CollectPlan(layout, registry), registry.engine(), list);
    }
    switch (quantiser.skips) {
      case Quantiser::Skips::kAddsToDefault:
      case Quantiser::Skips::kReplacesDefault: {
        if (!given || quantiser.skips == Quantiser::Skips::kAddsToDefault) {
          const std::vector<Tie> ties = EffectiveTies(layout, checkpoint.tie_word_embeddings);
          for (std::string& name : DefaultSkips(layout, ties)) list.push_back(std::move(name));
        }
        for (std::string& name : KeptInFloat32(layout)) list.push_back(std::move(name));
        skips_.emplace(list);
        break;
      }
      case Quantiser::Skips::kNoDefault:
        skips_.emplace(list);
        break;
      case Quantiser::Skips::kBySuffix:
        ends_ = std::move(list);
        break;
      case Quantiser::Skips::kOwn:
        break;
    }
  }

  QuantisedModel Run() && {
    auto made = std::make_shared<Layout>(layout_);
    made->families.clear();
    made->storage.reset();
    for (const LayoutFamily& family : layout_.families) {
      ForEachMember(family.numbers, [&](std::span<const uint32_t> numbers) {
        AddKey(family, JoinNumbers(family.pattern, numbers));
      });
    }
    builder_.FinishInto(made.get());
    const KeySet keys(made->families);
    std::erase_if(made->tied,
                  [&](const Tie& tie) { return !keys.Has(tie.target) || !keys.Has(tie.source); });
    out_.layout = std::move(made);
    out_.state = State::kApplied;
    CopyConverters();
    if (quantiser_.method == "gemma") out_.ignored_ends = {".k_cache_scale", ".v_cache_scale"};
    return std::move(out_);
  }

 private:
  // No tensor of this size exists; arithmetic with it could overflow.
  static bool IsTooLarge(const LayoutFamily& family) {
    return std::ranges::any_of(family.shape,
                               [](int64_t size) { return size < 0 || size > kMaxSize; });
  }

  bool IsSkipped(std::string_view module) const {
    if (skips_) return skips_->Skips(module);
    return std::ranges::any_of(ends_,
                               [&](const std::string& end) { return module.ends_with(end); });
  }

  void AddKey(const LayoutFamily& family, const std::string& key) {
    std::string_view module(key);
    const bool is_weight = module.ends_with(kWeight) && family.shape.size() == 2;
    if (is_weight) {
      module.remove_suffix(kWeight.size());
      if (AddModule(family, module)) return;
    } else if (family.shape.size() == 3 && !module.ends_with(kWeight)) {
      if (AddExperts(family, module)) return;
    }
    builder_.Add(key, family.shape, family.dtype);
  }

  bool AddModule(const LayoutFamily& family, std::string_view name) {
    if (IsTooLarge(family)) return false;
    const ModuleKind kind = KindOf(family.pattern);
    QuantisableModule module{
        name, kind, layout_.model_type, family.shape[0], family.shape[1], ShapeOfFamily(family)};
    if (kind == ModuleKind::kConv1D) std::swap(module.out, module.in);
    if (quantiser_.method == "awq") AddAwqScales(module);
    if (kind == ModuleKind::kOther || IsSkipped(name)) return false;
    const std::optional<QuantisedTensors> tensors = quantiser_.module(module, settings_);
    if (!tensors) return false;
    AddTensors(std::string(name) + '.', "weight", *tensors, family);
    return true;
  }

  void AddAwqScales(const QuantisableModule& module) {
    const size_t dot = module.name.rfind('.');
    if (dot == std::string_view::npos) return;
    for (const auto& row : kAwqScales) {
      if (row.model_type != layout_.model_type || row.layer != module.name.substr(dot + 1))
        continue;
      const std::string key =
          std::string(module.name.substr(0, dot + 1)) + std::string(row.activation) + ".scales";
      const int64_t shape[] = {module.out};
      builder_.Add(key, shape, "float16");
      out_.own.insert(SplitNumbers(key).pattern);
    }
  }

  // `key` is a tensor of all experts of a layer.
  bool AddExperts(const LayoutFamily& family, std::string_view key) {
    const size_t dot = key.rfind('.');
    if (dot == std::string_view::npos || key.ends_with("_bias") || IsTooLarge(family)) return false;
    FusedExperts experts;
    experts.name = key.substr(0, dot);
    experts.tensor = key.substr(dot + 1);
    if (experts.name != kExperts.substr(1) && !experts.name.ends_with(kExperts)) return false;
    experts.folder = layout_.source_dir;
    experts.shape = ShapeOfFamily(family);
    experts.experts = experts.shape[0];
    experts.transposed = AreTransposed(family);
    experts.out = experts.shape[experts.transposed ? 2 : 1];
    experts.in = experts.shape[experts.transposed ? 1 : 2];
    if (IsOfFolder(layout_.source_dir, "llama4") && SplitsLlama4())
      return SplitExperts(experts, family);
    if (quantiser_.experts == nullptr || IsSkipped(experts.name)) return false;
    const std::optional<QuantisedTensors> tensors = quantiser_.experts(experts, settings_);
    if (!tensors) return false;
    AddTensors(std::string(experts.name) + '.', std::string(experts.tensor), *tensors, family);
    for (const QuantisedTensor& tensor : *tensors) {
      if (tensor.name != experts.tensor)
        ends_of_experts_.insert(tensor.name.substr(experts.tensor.size()));
    }
    return true;
  }

  // base.py, update_weight_conversions: a converter of `….weight` into a tensor of all experts is
  // copied for each tensor that stands beside it, `….weight_scale_inv` into `…_scale_inv`. (Where
  // the library collects them for the same converter instead, the copy shows that each of them is
  // there.)
  void CopyConverters() {
    if (ends_of_experts_.empty()) return;
    const Plan plan = CollectPlan(layout_, registry_);
    auto registry = std::make_shared<Registry>();
    const Registry& written = registry_.registry();
    registry->release = written.release;
    registry->files = written.files;
    registry->user_registered = written.user_registered;
    for (const PlacedTransform& placed : plan.transforms) {
      const Entry* entry = written.Find(placed.entry);
      const auto [copy, is_new] = registry->entries.try_emplace(std::string(placed.entry), *entry);
      if (!is_new) continue;
      for (const TransformSpec& spec : entry->transforms) CopyConverter(spec, &copy->second);
    }
    out_.registry = std::shared_ptr<const CompiledRegistry>(
        new CompiledRegistry(*registry, registry_.engine()),
        [registry](const CompiledRegistry* compiled) { delete compiled; });
  }

  void CopyConverter(const TransformSpec& spec, Entry* entry) {
    if (spec.kind != TransformKind::kWeightConverter || spec.targets.empty()) return;
    const auto is_weight = [](const std::string& source) { return source.ends_with(kWeight); };
    if (!std::ranges::all_of(spec.sources, is_weight)) return;
    for (const std::string& end : ends_of_experts_) {
      const std::string target = spec.targets.front() + end;
      const bool known = std::ranges::any_of(
          out_.layout->families,
          [&](const LayoutFamily& family) { return family.pattern.ends_with(target); });
      if (!known) continue;
      TransformSpec copy = spec;
      for (std::string& source : copy.sources) source += end;
      for (std::string& of_copy : copy.targets) of_copy += end;
      entry->transforms.push_back(std::move(copy));
    }
  }

  // Of a gated layer [experts, in, 2 · inner] beside [experts, inner, out].
  bool AreTransposed(const LayoutFamily& family) {
    std::string pattern(family.pattern);
    const size_t dot = pattern.rfind('.') + 1;
    const bool down = pattern.substr(dot) == "down_proj";
    const std::string_view tensor = down ? "gate_up_proj" : "down_proj";
    pattern.replace(dot, std::string::npos, tensor);
    for (const LayoutFamily& other : layout_.families) {
      if (other.pattern != pattern || other.shape.size() != 3) continue;
      const auto up = down ? other.shape : family.shape;
      const auto down_shape = down ? family.shape : other.shape;
      const bool plain = up[1] == 2 * down_shape[2] && up[2] == down_shape[1];
      return !plain && up[2] == 2 * down_shape[1] && up[1] == down_shape[2];
    }
    return false;
  }

  // base.py, MODULES_TO_PATCH_FOR_QUANTIZATION: these experts become a list of modules first.
  bool SplitsLlama4() const {
    return quantiser_.method == "compressed-tensors" || quantiser_.method == "bitsandbytes_4bit" ||
           quantiser_.method == "bitsandbytes_8bit";
  }

  bool SplitExperts(const FusedExperts& experts, const LayoutFamily& family) {
    const bool gated = experts.tensor == "gate_up_proj";
    if (experts.experts > kMaxExperts) return false;
    const int64_t out = gated ? experts.out / 2 : experts.out;
    for (int64_t e = 0; e < experts.experts; ++e) {
      for (const char* part : {"gate_proj", "up_proj", "down_proj"}) {
        if ((std::string_view(part) == "down_proj") == gated) continue;
        const std::string name = std::string(experts.name) + '.' + std::to_string(e) + '.' + part;
        const QuantisableModule module{name, ModuleKind::kLinear, layout_.model_type,
                                       out,  experts.in,          {out, experts.in}};
        std::optional<QuantisedTensors> tensors;
        if (!IsSkipped(name)) tensors = quantiser_.module(module, settings_);
        if (!tensors) tensors = QuantisedTensors{{"weight", module.weight}};
        AddTensors(name + '.', "weight", *tensors, family);
      }
    }
    return true;
  }

  // Tensors of the module whose name and a dot are `prefix`, instead of its `weight`.
  void AddTensors(const std::string& prefix, const std::string& weight,
                  const QuantisedTensors& tensors, const LayoutFamily& family) {
    const std::string pattern = SplitNumbers(prefix).pattern;
    const bool first = seen_.insert(pattern + weight).second;
    for (const QuantisedTensor& tensor : tensors) {
      builder_.Add(prefix + tensor.name, tensor.shape, family.dtype);
      if (!first) continue;
      const std::string name = pattern + tensor.name;
      if (tensor.use == Use::kExpected) {
        out_.own.insert(name);
      } else {
        out_.collected.insert(name);
      }
      if (tensor.any_shape) out_.any_shape.insert(name);
      if (tensor.use == Use::kFills) out_.fills.push_back({name, pattern + weight});
      for (const std::string& other : tensor.needs) {
        out_.needs.push_back({name, pattern + other});
      }
      if (!tensor.needs_one_of.empty()) {
        QuantisedModel::Need need{name, pattern + tensor.needs_one_of.front()};
        for (size_t i = 1; i < tensor.needs_one_of.size(); ++i) {
          need.nor.push_back(pattern + tensor.needs_one_of[i]);
        }
        out_.needs.push_back(std::move(need));
      }
      for (const std::string& other : tensor.needs_if_packed) {
        out_.needs.push_back({name, pattern + other, {}, true});
      }
    }
  }

  ModuleKind KindOf(std::string_view pattern) {
    const auto [found, is_new] = kinds_.try_emplace(pattern, ModuleKind::kOther);
    if (is_new) found->second = KindOfModule(layout_, pattern);
    return found->second;
  }

  const Layout& layout_;
  const CompiledRegistry& registry_;
  const Quantiser& quantiser_;
  const QuantiserSettings& settings_;
  std::optional<SkipList> skips_;
  std::vector<std::string> ends_;
  std::map<std::string_view, ModuleKind> kinds_;
  std::unordered_set<std::string> seen_;
  std::set<std::string> ends_of_experts_;  // "_scale_inv"
  LayoutBuilder builder_;
  QuantisedModel out_;
};

}  // namespace

QuantisedModel Quantise(const Layout& layout, const CompiledRegistry& registry,
                        const Checkpoint& checkpoint) {
  QuantisedModel out;
  if (checkpoint.settings == nullptr) return out;
  const json::Value* found = SettingsIn(*checkpoint.settings);
  if (found == nullptr) {
    const json::Value* other = checkpoint.settings->Find("quantization");
    if (other != nullptr && other->is_object()) {
      out.state = State::kNone;
      out.message =
          "config.json has a `quantization` of another program (MLX, for example), which the "
          "library does "
          "not read: it loads the file as if it were not quantised";
      return out;
    }
    // The settings of other places are read by others than the library.
    out.state = checkpoint.quantised ? State::kUnknown : State::kNone;
    return out;
  }
  const QuantiserSettings settings(*found);
  const Quantiser* quantiser = FindQuantiser(settings);
  out.method = settings.Text("quant_method", "");
  if (quantiser == nullptr) {
    if (out.method.empty()) {
      out.state = State::kRefused;
      out.message =
          "its quantization_config has no quant_method, so the library raises a ValueError: it is "
          "the "
          "format of another program (MLX, for example)";
    } else {
      out.state = State::kNone;
      out.message = "the library does not know the quantisation method \"" + out.method +
                    "\" and loads the file as if it were not quantised";
    }
    return out;
  }
  out.method = quantiser->method;
  switch (quantiser->answer) {
    case Quantiser::Answer::kRefuses:
      out.state = State::kRefused;
      out.message = "the library refuses checkpoints that " + out.method + " has quantised";
      return out;
    case Quantiser::Answer::kNothing:
      out.state = State::kNothing;
      out.message = "the library loads none of the weights that " + out.method +
                    " has quantised: it only quantises while it loads";
      if (quantiser->module == nullptr) return out;
      break;
    case Quantiser::Answer::kNotJudged:
      out.message = "what " + out.method +
                    " makes of the model depends on more than names, and is not judged";
      return out;
    case Quantiser::Answer::kReplaces:
      break;
  }
  QuantisedModel made = Replacer(layout, registry, checkpoint, *quantiser, settings).Run();
  made.method = out.method;
  if (out.state == State::kNothing) made.state = State::kNothing;
  made.message = out.message;
  made.otherwise = quantiser->otherwise;
  return made;
}

// Of FP8 and MXFP8 (quantizer_finegrained_fp8.py, update_weight_conversions): `^(.+)\.scale`
// becomes
// `\1.weight_scale_inv`, at the last place where it is, and `\.qscale_weight` `.weight_scale_inv`.
std::vector<LayoutFamily> RenameForQuantiser(const Checkpoint& checkpoint, std::string_view method,
                                             std::vector<LayoutFamily> families,
                                             std::shared_ptr<const void>* storage) {
  if (method != "fp8" && method != "mxfp8") return families;
  constexpr std::string_view kScale = ".scale";
  constexpr std::string_view kQScale = ".qscale_weight";
  constexpr std::string_view kScaleInv = ".weight_scale_inv";
  const bool keeps_scale = checkpoint.model_type.starts_with("inkling2");
  auto texts = std::make_shared<std::deque<std::string>>();
  for (LayoutFamily& family : families) {
    std::string name(family.pattern);
    const size_t scale = name.rfind(kScale);
    if (!keeps_scale && scale != std::string::npos && scale > 0) {
      name.replace(scale, kScale.size(), kScaleInv);
    }
    if (const size_t at = name.find(kQScale); at != std::string::npos) {
      name.replace(at, kQScale.size(), kScaleInv);
    }
    if (name != family.pattern) family.pattern = texts->emplace_back(std::move(name));
  }
  *storage = std::move(texts);
  return families;
}

}  // namespace wcheck
