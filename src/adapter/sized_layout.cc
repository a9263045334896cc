#include "adapter/sized_layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <vector>

#include "families/boxes.h"
#include "support/file.h"
#include "support/json.h"
#include "support/limits.h"

namespace wcheck {
namespace {

using Keys = std::map<std::string, Shape, std::less<>>;

constexpr std::array<std::string_view, 8> kLayers = {"num_hidden_layers", "n_layer",    "num_layers", "n_layers",
                                                     "depth",             "n_blocks", "num_blocks", "encoder_layers"};
constexpr std::array<std::string_view, 5> kExperts = {"num_local_experts", "num_experts", "n_routed_experts",
                                                      "moe_num_experts", "num_experts_per_layer"};
// Names of the lists of layers of a model.
constexpr std::array<std::string_view, 6> kStacks = {"layers", "layer", "h", "block", "blocks", "resblocks"};

std::vector<std::string_view> Parts(std::string_view name) {
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= name.size();) {
    const size_t dot = std::min(name.find('.', at), name.size());
    parts.push_back(name.substr(at, dot - at));
    at = dot + 1;
  }
  return parts;
}

bool IsNumber(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

int64_t NumberOf(std::string_view part) {
  int64_t number = 0;
  std::from_chars(part.data(), part.data() + part.size(), number);
  return number;
}

// The first number of a key behind the name of a list of layers: where the list, the number and the
// rest are.
struct LayerName {
  std::string stack;  // "model.layers"
  int64_t layer = 0;
  std::string rest;  // "self_attn.q_proj.weight"
};
std::optional<LayerName> LayerOf(std::string_view key) {
  const std::vector<std::string_view> parts = Parts(key);
  for (size_t i = 1; i + 1 < parts.size(); ++i) {
    if (!IsNumber(parts[i]) || std::ranges::find(kStacks, parts[i - 1]) == kStacks.end()) continue;
    const auto at = static_cast<size_t>(parts[i].data() - key.data());
    return LayerName{std::string(key.substr(0, at - 1)), NumberOf(parts[i]),
                     std::string(key.substr(at + parts[i].size() + 1))};
  }
  return std::nullopt;
}

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The section of a config that a part of a model is configured in.
std::string_view SectionOf(std::string_view name) {
  if (Contains(name, "vision") || Contains(name, "visual")) return "vision";
  if (Contains(name, "audio") || Contains(name, "speech")) return "audio";
  if (Contains(name, "qformer")) return "qformer";
  return "text";
}

struct LayerType {
  std::vector<std::pair<std::string, const LayoutFamily*>> keys;  // after the number
  std::set<std::string, std::less<>> modules;                     // and what they stand in
};

// How many parts of the names of an adapter's keys the modules of a layer have.
size_t Fit(const LayerType& type, const std::vector<std::string>& rests) {
  size_t fit = 0;
  for (const std::string& rest : rests) {
    for (size_t at = rest.find('.'); at != std::string::npos; at = rest.find('.', at + 1)) {
      if (!type.modules.contains(std::string_view(rest).substr(0, at))) break;
      ++fit;
    }
  }
  return fit;
}

// The layer of the layout that has this number, unless another fits the adapter's keys better.
const LayerType* ChooseLayer(const std::map<int64_t, LayerType>& layers, int64_t layer,
                             const std::vector<std::string>& rests) {
  auto best = layers.find(layer);
  if (best == layers.end()) best = std::prev(layers.end());
  size_t fit = Fit(best->second, rests);
  for (auto it = layers.begin(); it != layers.end() && !rests.empty(); ++it) {
    if (const size_t other = Fit(it->second, rests); other > fit) {
      fit = other;
      best = it;
    }
  }
  return &best->second;
}

}  // namespace

Result<ModelConfig> ModelConfig::Read(const std::string& path) {
  Result<std::string> text = ReadFile(path, kMaxConfigFile);
  if (!text) return text.error();
  const SourceFile file(path, *std::move(text));
  const Result<json::Value> root = json::Parse(file);
  if (!root) return root.error();
  if (!root->is_object()) return json::WrongType(*root, "the configuration of a model (an object)");
  ModelConfig config;
  config.path_ = path;
  if (const json::Value* names = root->Find("architectures"); names != nullptr) {
    for (const json::Value& name : names->items) config.architectures_.push_back(name.string);
  }
  if (const json::Value* type = root->Find("model_type"); type != nullptr) config.model_type_ = type->string;
  const auto walk = [&](auto&& self, const json::Value& object, const std::string& prefix) -> void {
    for (const json::Member& member : object.members) {
      if (member.value.is_integer()) config.numbers_[prefix + member.name] = member.value.integer;
      const bool of_layers = Contains(member.name, "layer") || Contains(member.name, "pattern");
      if (of_layers && member.value.is_array() && !member.value.items.empty() &&
          member.value.items.front().is_string()) {
        std::vector<std::string>& words = config.kinds_.emplace_back();
        for (const json::Value& item : member.value.items) words.push_back(item.string);
      }
      if (of_layers && member.value.is_string() && Contains(member.name, "pattern")) {
        std::vector<std::string>& letters = config.kinds_.emplace_back();
        for (const char c : member.value.string) letters.emplace_back(1, c);
      }
      if (member.value.is_object()) self(self, member.value, prefix + member.name + ".");
      if (member.name == "tie_word_embeddings" && member.value.is_bool() && prefix.empty()) {
        config.ties_ = member.value.boolean;
      }
    }
  };
  walk(walk, *root, "");
  return config;
}

std::optional<int64_t> ModelConfig::Layers(std::string_view name) const {
  const std::string_view section = SectionOf(name);
  const auto in = [&](const std::string& prefix, std::string_view key) -> std::optional<int64_t> {
    const auto found = numbers_.find(prefix + std::string(key));
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  };
  // Encoders and decoders of one configuration.
  const std::vector<std::string_view> parts = Parts(name);
  const auto has = [&](std::string_view part) { return std::ranges::find(parts, part) != parts.end(); };
  if (section == "text" && has("decoder")) {
    for (std::string_view key : {"decoder_layers", "num_decoder_layers"}) {
      if (const auto number = in("", key)) return number;
    }
  }
  if (section == "text" && has("encoder")) {
    if (const auto number = in("", "encoder_layers")) return number;
  }
  // The section itself, then any that contains its name, then the root.
  for (const auto& [key, number] : numbers_) {
    const size_t dot = key.rfind('.');
    if (dot == std::string::npos || !Contains(key.substr(0, dot), section)) continue;
    if (std::ranges::find(kLayers, std::string_view(key).substr(dot + 1)) != kLayers.end()) return number;
  }
  if (section != "text") {
    // A model that is nothing but vision has no section for it.
    const bool sections = std::ranges::any_of(numbers_, [](const auto& n) { return Contains(n.first, "_config."); });
    if (sections) return std::nullopt;
  }
  for (std::string_view key : kLayers) {
    if (const auto number = in("", key)) return number;
  }
  // A list of what each layer is has as many.
  if (section == "text" && !kinds_.empty()) return static_cast<int64_t>(kinds_.front().size());
  return std::nullopt;
}

std::optional<int64_t> ModelConfig::Experts() const {
  for (std::string_view key : kExperts) {
    for (const auto& [name, number] : numbers_) {
      if (name == key || name.ends_with("." + std::string(key))) return number;
    }
  }
  return std::nullopt;
}

std::optional<int64_t> ModelConfig::Vocabulary() const {
  for (std::string_view key : {"vocab_size", "text_config.vocab_size"}) {
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  }
  return std::nullopt;
}

std::optional<int64_t> ModelConfig::Hidden() const {
  for (std::string_view key : {"hidden_size", "text_config.hidden_size", "n_embd", "d_model"}) {
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  }
  return std::nullopt;
}

std::vector<std::string> ModelConfig::LayerKinds(size_t count) const {
  for (const std::vector<std::string>& kinds : kinds_) {
    if (kinds.size() == count && std::set<std::string>(kinds.begin(), kinds.end()).size() > 1) return kinds;
  }
  return {};
}

SizedLayout SizeLayout(const Layout& layout, const ModelConfig* config, const Keys& keys) {
  SizedLayout out;
  out.layout = layout;
  out.known.all = false;
  if (config != nullptr) {
    out.known.experts = config->Experts();
    out.known.vocabulary = config->Vocabulary();
    out.known.hidden = config->Hidden();
  }
  // The lists of layers of the layout.
  struct Stack {
    std::map<int64_t, LayerType> layers;
    std::optional<int64_t> count;
  };
  std::map<std::string, Stack> stacks;
  for (const LayoutFamily& family : layout.families) {
    ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
      const std::string key = JoinNumbers(family.pattern, member);
      const std::optional<LayerName> name = LayerOf(key);
      if (!name) return;
      LayerType& type = stacks[name->stack].layers[name->layer];
      type.keys.emplace_back(name->rest, &family);
      for (size_t at = name->rest.find('.'); at != std::string::npos; at = name->rest.find('.', at + 1)) {
        type.modules.insert(name->rest.substr(0, at));
      }
    });
  }
  // Of the adapter's keys: the part of the model, the layer, and what follows.
  std::map<std::pair<std::string, int64_t>, std::vector<std::string>> rests;
  std::map<std::string, int64_t> most;
  for (const auto& [key, shape] : keys) {
    const std::optional<LayerName> name = LayerOf(key);
    if (!name) continue;
    const std::string section(SectionOf(name->stack));
    rests[{section, name->layer}].push_back(name->rest);
    int64_t& count = most[section];
    count = std::max(count, name->layer + 1);
  }
  LayoutBuilder builder;
  for (auto& [name, stack] : stacks) {
    const std::string section(SectionOf(name));
    if (config != nullptr) stack.count = config->Layers(name);
    if (!stack.count && config == nullptr && most.contains(section)) stack.count = most[section];
    if (stack.count && *stack.count > 10'000) stack.count.reset();
  }
  std::set<std::string> done;
  for (const LayoutFamily& family : layout.families) {
    ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
      const std::string key = JoinNumbers(family.pattern, member);
      const std::optional<LayerName> name = LayerOf(key);
      if (!name || !stacks[name->stack].count) {
        builder.Add(key, family.shape, family.dtype);
        return;
      }
      if (!done.insert(name->stack).second) return;
      const Stack& stack = stacks[name->stack];
      const std::string section(SectionOf(name->stack));
      const std::vector<std::string> kinds =
          config == nullptr ? std::vector<std::string>{} : config->LayerKinds(static_cast<size_t>(*stack.count));
      const auto type_of = [&](int64_t layer) { return ChooseLayer(stack.layers, layer, rests[{section, layer}]); };
      // Layers of one kind are alike, so that one with keys of the adapter tells about the others; a kind
      // without any is none that the adapter's layers are.
      std::map<std::string, const LayerType*> by_kind;
      std::set<const LayerType*> adapted;
      for (size_t layer = 0; layer < kinds.size(); ++layer) {
        if (rests[{section, static_cast<int64_t>(layer)}].empty()) continue;
        const LayerType* type = type_of(static_cast<int64_t>(layer));
        by_kind.emplace(kinds[layer], type);
        adapted.insert(type);
      }
      for (int64_t layer = 0; layer < *stack.count; ++layer) {
        const LayerType* type = type_of(layer);
        if (!kinds.empty() && rests[{section, layer}].empty()) {
          if (const auto known = by_kind.find(kinds[static_cast<size_t>(layer)]); known != by_kind.end()) {
            type = known->second;
          } else {
            const auto is_adapted = [&](const LayerType& other) {
              return std::ranges::any_of(adapted, [&](const LayerType* a) { return a->modules == other.modules; });
            };
            for (const auto& [number, other] : stack.layers) {
              if (is_adapted(*type) && !is_adapted(other)) type = &other;
            }
          }
        }
        for (const auto& [rest, of] : type->keys) {
          builder.Add(name->stack + "." + std::to_string(layer) + "." + rest, of->shape, of->dtype);
        }
      }
    });
  }
  builder.FinishInto(&out.layout);
  return out;
}

}  // namespace wcheck
