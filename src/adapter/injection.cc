#include "adapter/injection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "adapter/config_conversion.h"
#include "adapter/target_match.h"

namespace wcheck {
namespace {

constexpr std::array<std::string_view, 5> kMambaTypes = {"falcon_h1", "falcon_mamba", "mamba", "mamba2", "nemotron_h"};
constexpr std::array<std::string_view, 2> kMambaModules = {"out_proj", "conv1d"};
constexpr std::array<std::string_view, 2> kEmbeddingLayers = {"embed_tokens", "lm_head"};

std::string_view LastOf(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// The input and the output size of a module that PEFT has a layer for.
struct Features {
  int64_t in = 0;
  int64_t out = 0;
};
Features FeaturesOf(ModuleKind kind, const Shape& weight) {
  if (kind == ModuleKind::kTransposedLinear || kind == ModuleKind::kEmbedding) return {weight[0], weight[1]};
  return {weight[1], weight[0]};
}

class Injector {
 public:
  Injector(const BaseModel& model, const PeftType& type, const PeftRules& peft, const Version& transformers,
           bool patched,
           const std::map<std::string, Shape, std::less<>>& file, Injection* out)
      : model_(model), type_(type), peft_(peft), transformers_(transformers), patched_(patched), file_(file), config_(out->config), out_(*out) {}

  void Run(NamePatterns* patterns) {
    patterns_ = patterns;
    TieSaved();
    if (MeansAllLinear(config_)) config_.targets = AllLinear(config_, model_, transformers_);
    if (type_.kind == PeftType::Kind::kTrainableTokens && std::holds_alternative<std::monostate>(config_.targets)) {
      config_.targets = std::vector<std::string>{model_.input_embedding()};
    }
    TargetModules();
    if (out_.raises) return;
    if (type_.name == "LORA") TargetParameters();
    if (out_.raises) return;
    if (patterns_->error()) return Raise("re.error: " + *patterns_->error());
    if (out_.targeted.empty()) {
      return Raise("ValueError: Target modules " + ShowTargets() +
                   " not found in the base model. Please check the target modules and try again.");
    }
    WrapSaved();
    WrapTokens();
    if (out_.raises) return;
    AddModel();
    AddBias();
  }

 private:
  void Raise(std::string what) {
    if (!out_.raises) out_.raises = std::move(what);
  }

  std::string ShowTargets() const {
    if (const auto* text = std::get_if<std::string>(&config_.targets)) return *text;
    std::string shown;
    if (const auto* names = std::get_if<std::vector<std::string>>(&config_.targets)) {
      for (const std::string& name : *names) shown += (shown.empty() ? "'" : ", '") + name + "'";
    }
    return "{" + shown + "}";
  }

  // With ensure_weight_tying, modules tied to the embedding are trained with it.
  void TieSaved() {
    if (!config_.ensure_weight_tying || type_.name != "LORA") return;
    const bool embedding = std::ranges::any_of(config_.saved, [](const std::string& name) {
      return std::ranges::find(kEmbeddingLayers, LastOf(name)) != kEmbeddingLayers.end();
    });
    if (!embedding || model_.tied_to_embedding().empty()) return;
    if (std::ranges::find(config_.saved, model_.input_embedding()) == config_.saved.end()) {
      config_.saved.push_back(model_.input_embedding());
    }
    tied_saved_ = model_.tied_to_embedding();
  }

  // A name in the model with the adapter: after each wrapped module comes what wraps its content.
  std::string Placed(std::string_view name, bool inside) const {
    std::string placed;
    for (size_t at = 0; at < name.size();) {
      const size_t dot = std::min(name.find('.', at), name.size());
      placed += std::string(placed.empty() ? "" : ".") + std::string(name.substr(at, dot - at));
      if (dot < name.size() || inside) {
        const auto found = infix_.find(std::string(name.substr(0, dot)));
        if (found != infix_.end()) placed += found->second;
      }
      at = dot + 1;
    }
    return placed;
  }

  void AddOwn(const std::string& module, std::string_view parameter, bool is_module, std::optional<Shape> shape,
              std::string_view saved_as = "", std::string_view suffix = ".weight") {
    const std::string key = module + "." + std::string(parameter) + "." + std::string(kAdapterName) +
                            std::string(is_module ? suffix : "");
    std::string saved = module + "." +
                        (saved_as.empty() ? std::string(parameter) + std::string(is_module ? suffix : "")
                                          : std::string(saved_as));
    out_.keys[key] = {std::move(shape), std::move(saved)};
  }

  std::optional<Shape> ShapeOf(std::string_view letters, int64_t rank, Features features) const {
    if (letters.empty()) return std::nullopt;
    Shape shape;
    for (const char letter : letters) {
      shape.push_back(letter == 'r' ? rank : letter == 'i' ? features.in : letter == 'o' ? features.out : 1);
    }
    return shape;
  }

  int64_t RankOf(std::string_view name) {
    return static_cast<int64_t>(ByPattern(patterns_, config_.ranks, name, config_.rank));
  }

  void AddLora(const BaseModule& module, ModuleKind kind, const Shape& real) {
    const Shape weight = model_.KnownShape(module, "weight", real);
    const std::string& name = module.name;
    const int64_t r = RankOf(name);
    const Features f = FeaturesOf(kind, weight);
    if (kind == ModuleKind::kEmbedding) {
      AddOwn(name, "lora_embedding_A", false, Shape{r, f.in});
      AddOwn(name, "lora_embedding_B", false, Shape{f.out, r});
    } else {
      Shape a{r, f.in};
      Shape b{f.out, r};
      for (size_t i = 2; i < weight.size(); ++i) {
        a.push_back(weight[i]);
        b.push_back(1);
      }
      AddOwn(name, "lora_A", true, a);
      AddOwn(name, "lora_B", true, b);
      if (config_.lora_bias) AddOwn(name, "lora_B", true, Shape{f.out}, "lora_B.bias", ".bias");
    }
    if (config_.dora) {
      std::optional<Shape> shape;
      if (kind == ModuleKind::kLinear || kind == ModuleKind::kTransposedLinear) shape = Shape{f.out};
      AddOwn(name, "lora_magnitude_vector", true, shape, "lora_magnitude_vector");
    }
    out_.scales[name] = ScaleOf(config_, patterns_, name);
  }

  void AddAdapter(const BaseModule& module) {
    const ModuleKind kind = model_.KindOf(module, transformers_);
    const std::string& name = module.name;
    const Shape* weight = module.Find("weight");
    if (type_.kind == PeftType::Kind::kLayerNorms) {
      for (const auto& [parameter, shape] : module.parameters) {
        AddOwn(name, "ln_tuning_layers", true, model_.KnownShape(module, parameter, shape), "ln_tuning_layers." + parameter, "." + parameter);
      }
      infix_[name] = ".base_layer";
      return;
    }
    if (type_.kind == PeftType::Kind::kTrainableTokens) {
      std::optional<Shape> shape;
      if (!config_.tokens.empty() && weight != nullptr && weight->size() == 2) {
        shape = Shape{config_.tokens.front().second, model_.KnownShape(module, "weight", *weight)[1]};
      }
      AddOwn(name, "trainable_tokens_delta", false, shape);
      infix_[name] = ".base_layer";
      return;
    }
    if (kind == ModuleKind::kOther) {
      return Raise("ValueError: Target module " + name +
                   " is not supported: it is no Linear, Embedding, Conv or Conv1D");
    }
    infix_[name] = ".base_layer";
    if (type_.name == "LORA") return AddLora(module, kind, *weight);
    if (kind == ModuleKind::kEmbedding || kind == ModuleKind::kConvolution) {
      out_.remarks.push_back("what " + std::string(type_.name) + " adds to " + name + ", which is no linear module");
      return;
    }
    const int64_t rank = RankOf(name);
    const Features features = FeaturesOf(kind, model_.KnownShape(module, "weight", *weight));
    for (const PeftParameter& parameter : type_.parameters) {
      const std::string factor = std::string(parameter.name) + "_a";
      if (type_.factored && file_.contains("base_model.model." + name + "." + factor)) {
        AddOwn(name, factor, parameter.is_module, std::nullopt);
        AddOwn(name, std::string(parameter.name) + "_b", parameter.is_module, std::nullopt);
        continue;
      }
      AddOwn(name, parameter.name, parameter.is_module, ShapeOf(parameter.shape, rank, features));
    }
  }

  void TargetModules() {
    const std::string& model_type = model_.layout().model_type;
    const bool mamba = std::ranges::find(kMambaTypes, model_type) != kMambaTypes.end() &&
                       (type_.name == "LORA" || type_.name == "ADALORA");
    for (const BaseModule& module : model_.modules()) {
      if (IsTargeted(config_, peft_, patterns_, module.name) != Targeted::kYes) continue;
      if (mamba && std::ranges::find(kMambaModules, LastOf(module.name)) != kMambaModules.end()) {
        return Raise("ValueError: [PEFT:" + std::string(type_.name) + "] Module '" +
                     std::string(LastOf(module.name)) + "' is incompatible with Mamba-based models");
      }
      AddAdapter(module);
      if (out_.raises) return;
      out_.targeted.push_back(module.name);
    }
  }

  void TargetParameters() {
    if (config_.parameters.empty()) return;
    for (const BaseModule& module : model_.modules()) {
      std::vector<const std::pair<std::string, Shape>*> wrapped;
      for (const auto& parameter : module.parameters) {
        const std::string key = module.name + "." + parameter.first;
        const auto ends = [&](const std::string& target) { return IsOrEndsWithPart(key, target); };
        if (std::ranges::any_of(config_.parameters, ends)) wrapped.push_back(&parameter);
      }
      if (wrapped.empty()) continue;
      if (infix_.contains(module.name)) {
        return Raise("ValueError: Trying to wrap an `nn.Parameter` of layer '" + module.name +
                     "', which is not a valid target: target_modules targets it too");
      }
      for (size_t i = 0; i < wrapped.size(); ++i) {
        AddParameter(module, *wrapped[i], wrapped.size() - 1 - i);
        if (out_.raises) return;
      }
      std::string infix;
      for (size_t i = 0; i < wrapped.size(); ++i) infix += ".base_layer";
      infix_[module.name] = infix;
    }
  }

  void AddParameter(const BaseModule& module, const std::pair<std::string, Shape>& parameter, size_t depth) {
    const auto refuse = [&](std::string_view what) {
      Raise("ValueError: lora.ParamWrapper does not work with " + std::string(what) + ".");
    };
    if (config_.dropout != 0) return refuse("lora_dropout != 0");
    if (config_.fan_in_fan_out) return refuse("fan_in_fan_out");
    if (config_.lora_bias) return refuse("lora_bias=True");
    if (config_.dora) return refuse("use_dora=True");
    const Shape shape = model_.KnownShape(module, parameter.first, parameter.second);
    if (shape.size() != 2 && shape.size() != 3) {
      return Raise("ValueError: lora.ParamWrapper was initialized with " + std::to_string(shape.size()) +
                   " dimensional Parameter, but only 2d and 3d are supported.");
    }
    const std::string key = module.name + "." + parameter.first;
    const int64_t experts = shape.size() == 3 ? shape[0] : 1;
    Features f{shape[1], shape.size() == 3 ? shape[2] : shape[0]};
    const bool patched =
        patched_ && (parameter.first == "down_proj" || parameter.first == "gate_up_proj");
    const bool swaps = peft_.swaps_features && shape.size() == 3 &&
                       !ExpertsAreTransposed(model_.layout().model_type, transformers_);
    if (patched || swaps) std::swap(f.in, f.out);
    std::string name = module.name;
    for (size_t i = 0; i < depth; ++i) name += ".base_layer";
    const int64_t r = experts == kUnknownSize ? kUnknownSize : RankOf(key) * experts;
    AddOwn(name, "lora_A", true, Shape{r, f.in});
    AddOwn(name, "lora_B", true, Shape{f.out, r});
    out_.scales[name] = ScaleOf(config_, patterns_, key);
    out_.targeted.push_back(key);
  }

  // Modules whose name ends so, be it in the middle of a part.
  std::vector<const BaseModule*> Ending(const std::vector<std::string>& ends) const {
    std::vector<const BaseModule*> found;
    for (const BaseModule& module : model_.modules()) {
      const auto matches = [&](const std::string& end) { return module.name.ends_with(end); };
      if (std::ranges::any_of(ends, matches)) found.push_back(&module);
    }
    return found;
  }

  void WrapSaved() {
    std::vector<std::string> ends = config_.saved;
    ends.insert(ends.end(), tied_saved_.begin(), tied_saved_.end());
    if (ends.empty()) return;
    std::set<std::string> done;
    for (const BaseModule* module : Ending(ends)) {
      // What stands in a wrapped module has been copied with it.
      const auto inside = [&](const std::string& other) { return module->name.starts_with(other + "."); };
      if (std::ranges::any_of(done, inside)) continue;
      done.insert(module->name);
      if (infix_.contains(module->name)) {
        return Raise("TypeError: modules_to_save cannot be applied to " + module->name + ", which is adapted");
      }
      WrappedModule wrapped{module->name, {}};
      for (const BaseModule& part : model_.modules()) {
        if (part.name != module->name && !part.name.starts_with(module->name + ".")) continue;
        for (const auto& [parameter, shape] : part.parameters) {
          const std::string rest = (part.name + "." + parameter).substr(module->name.size() + 1);
          const std::string stored = "modules_to_save." + std::string(kAdapterName) + "." + rest;
          wrapped.keys.emplace_back(rest, stored);
          out_.keys[module->name + "." + stored] = {model_.KnownShape(part, parameter, shape),
                                                    module->name + "." + rest};
        }
      }
      infix_[module->name] = ".original_module";
      out_.wrapped.push_back(std::move(wrapped));
    }
  }

  void WrapTokens() {
    if (type_.kind == PeftType::Kind::kTrainableTokens) return;
    std::set<std::string> done;
    for (const auto& [named, count] : config_.tokens) {
      const std::string name = named.empty() ? model_.input_embedding() : named;
      const std::vector<const BaseModule*> modules = Ending({name});
      if (modules.empty()) {
        return Raise("ValueError: Target modules {'" + name + "'} not found in the base model.");
      }
      for (const BaseModule* module : modules) {
        const Shape* weight = module->Find("weight");
        if (weight == nullptr || weight->size() != 2 || !done.insert(module->name).second) continue;
        const bool tied = std::ranges::find(model_.tied_to_embedding(), module->name) !=
                          model_.tied_to_embedding().end();
        if (tied && config_.tokens.size() > 1) continue;  // follows the embedding
        const std::string stored = "token_adapter.trainable_tokens_delta." + std::string(kAdapterName);
        const std::string rest = "token_adapter.trainable_tokens_delta";
        out_.keys[module->name + "." + stored] = {Shape{count, model_.KnownShape(*module, "weight", *weight)[1]}, module->name + "." + rest};
        out_.wrapped.push_back({module->name, {{rest, stored}}});
        infix_[module->name] = ".token_adapter.base_layer";
      }
    }
  }

  bool SavesEmbeddings() const {
    if (!config_.tokens.empty() || type_.kind == PeftType::Kind::kTrainableTokens) return false;
    const auto embedding = [](std::string_view name) {
      return std::ranges::find(kEmbeddingLayers, name) != kEmbeddingLayers.end();
    };
    if (const auto* names = std::get_if<std::vector<std::string>>(&config_.targets)) {
      return std::ranges::any_of(*names, embedding);
    }
    const auto* regex = std::get_if<std::string>(&config_.targets);
    return regex != nullptr && std::ranges::any_of(model_.modules(), [&](const BaseModule& module) {
             return embedding(LastOf(module.name)) && patterns_->FullMatch(*regex, module.name);
           });
  }

  // The model's own keys, under their names in the model with the adapter.
  void AddModel() {
    const bool saves = SavesEmbeddings();
    for (const BaseModule& module : model_.modules()) {
      const bool embedding = saves && infix_.contains(module.name) &&
                             (module.name == model_.input_embedding() || module.name == model_.output_embedding());
      for (const auto& [parameter, shape] : module.parameters) {
        const std::string key = Placed(module.name, true) + "." + parameter;
        out_.keys[key] = {model_.KnownShape(module, parameter, shape), embedding ? key : ""};
      }
    }
  }

  void AddBias() {
    // Before 0.21, PEFT looks for the biases of adapted modules where they are no more, and saves none.
    if (config_.bias == "none" || (config_.bias != "all" && !peft_.names_by_model)) return;
    for (auto& [key, injected] : out_.keys) {
      if (!key.ends_with(".bias") || !injected.saved.empty()) continue;
      if (config_.bias == "all" || key.ends_with(".base_layer.bias")) injected.saved = key;
    }
  }

  const BaseModel& model_;
  const PeftType& type_;
  const PeftRules& peft_;
  const Version transformers_;
  bool patched_;
  const std::map<std::string, Shape, std::less<>>& file_;
  PeftConfig& config_;
  Injection& out_;
  NamePatterns* patterns_ = nullptr;
  std::map<std::string, std::string> infix_;  // by module
  std::vector<std::string> tied_saved_;
};

}  // namespace

double ScaleOf(const PeftConfig& config, NamePatterns* patterns, std::string_view module) {
  const double rank = ByPattern(patterns, config.ranks, module, config.rank);
  const double alpha = ByPattern(patterns, config.alphas, module, config.alpha);
  return alpha / (config.rslora ? std::sqrt(rank) : rank);
}

Injection Inject(const BaseModel& model, const PeftConfig& config, const PeftType& type, const PeftRules& peft,
                 const Registry& registry, const Version& transformers, const LoadAdapterRules* transformers_first,
                 const std::map<std::string, Shape, std::less<>>& file) {
  Injection out;
  out.config = config;
  NamePatterns patterns;
  const std::string& model_type = model.layout().model_type;
  bool patched = false;
  if (transformers_first != nullptr) {
    const ConversionTable table = TableOf(registry, model_type, /*peft=*/false);
    out.raises = ConvertByTransformers(*transformers_first, table, &out.config);
    patched = transformers_first->own_code && table.has_entry;
  }
  if (!out.raises) {
    out.raises = ConvertByPeft(model, peft, TableOf(registry, model_type, /*peft=*/true), transformers, &patterns, &out.config);
  }
  if (!out.raises) Injector(model, type, peft, transformers, patched, file, &out).Run(&patterns);
  return out;
}

}  // namespace wcheck
