#include "adapter/peft_config.h"

#include <string_view>

#include "checkpoint/adapter_fields.h"
#include "support/file.h"
#include "support/json.h"
#include "support/limits.h"

namespace wcheck {
namespace {

using json::Value;

std::optional<double> NumberOf(const Value& value) {
  if (value.is_integer()) return static_cast<double>(value.integer);
  if (value.kind == Value::Kind::kFloat) return value.number;
  return std::nullopt;
}

class PeftConfigReader : private AdapterFields {
 public:
  using AdapterFields::AdapterFields;

  Result<PeftConfig> Read() {
    PeftConfig c;
    ReadText("peft_type", &c.type);
    if (!error() && c.type.empty()) {
      return Error{root().where.place(), "the configuration has no \"peft_type\"",
                   "it is not one that PEFT wrote"};
    }
    ReadText("task_type", &c.task_type);
    ReadText("bias", &c.bias);
    ReadModules("target_modules", &c.targets);
    ReadModules("exclude_modules", &c.excluded);
    ReadNames("modules_to_save", &c.saved);
    ReadNames("target_parameters", &c.parameters);
    ReadNames("layers_pattern", &c.layers_pattern);
    ReadNumber("r", &c.rank);
    // What AdaLoRA starts with, and a file has before ranks are cut.
    if (c.type == "ADALORA") {
      c.rank = 12;
      ReadNumber("init_r", &c.rank);
    }
    ReadNumber("lora_alpha", &c.alpha);
    ReadNumber("lora_dropout", &c.dropout);
    ReadBool("use_rslora", &c.rslora);
    ReadBool("use_dora", &c.dora);
    ReadBool("lora_bias", &c.lora_bias);
    ReadBool("fan_in_fan_out", &c.fan_in_fan_out);
    ReadBool("ensure_weight_tying", &c.ensure_weight_tying);
    ReadBool("save_projection", &c.save_projection);
    double tokens = 0;
    ReadNumber("num_virtual_tokens", &tokens);
    c.virtual_tokens = static_cast<int64_t>(tokens);
    if (c.type != "ADALORA") ReadPatterns("rank_pattern", &c.ranks);
    ReadPatterns("alpha_pattern", &c.alphas);
    ReadLayers(&c.layers);
    ReadTokens(&c);
    if (error()) return *error();
    return c;
  }

 private:
  void ReadText(std::string_view name, std::string* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (!value->is_string()) return Wrong(*value, name, "a text");
    *out = value->string;
  }
  void ReadBool(std::string_view name, bool* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (!value->is_bool()) return Wrong(*value, name, "true or false");
    *out = value->boolean;
  }
  void ReadNumber(std::string_view name, double* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    const std::optional<double> number = NumberOf(*value);
    if (!number) return Wrong(*value, name, "a number");
    *out = *number;
  }
  template <typename Modules>
  void ReadModules(std::string_view name, Modules* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (value->is_string()) {
      *out = value->string;
      return;
    }
    std::vector<std::string> names;
    ReadNames(name, &names);
    *out = std::move(names);
  }
  void ReadPatterns(std::string_view name, std::vector<std::pair<std::string, double>>* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (!value->is_object()) return Wrong(*value, name, "names with numbers");
    for (const json::Member& member : value->members) {
      const std::optional<double> number = NumberOf(member.value);
      if (!number) return Wrong(member.value, name, "names with numbers");
      out->emplace_back(member.name, *number);
    }
  }
  void ReadLayers(std::optional<std::vector<int64_t>>* out) {
    const Value* value = Find("layers_to_transform");
    if (value == nullptr) return;
    if (value->is_integer()) {
      *out = {value->integer};
      return;
    }
    if (!value->is_array()) return Wrong(*value, "layers_to_transform", "the numbers of layers");
    std::vector<int64_t> layers;
    for (const Value& item : value->items) {
      if (!item.is_integer()) return Wrong(item, "layers_to_transform", "the numbers of layers");
      layers.push_back(item.integer);
    }
    if (!layers.empty()) *out = std::move(layers);
  }
  void ReadTokens(PeftConfig* c) {
    constexpr std::string_view kExpected = "lists of tokens";
    const bool own = c->type == "TRAINABLE_TOKENS";
    const std::string_view name = own ? "token_indices" : "trainable_token_indices";
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (value->is_array()) {
      c->tokens.emplace_back("", static_cast<int64_t>(value->items.size()));
      return;
    }
    if (!value->is_object()) return Wrong(*value, name, kExpected);
    for (const json::Member& member : value->members) {
      if (!member.value.is_array()) return Wrong(member.value, name, kExpected);
      c->tokens.emplace_back(member.name, static_cast<int64_t>(member.value.items.size()));
    }
  }
};

}  // namespace

Result<PeftConfig> ReadPeftConfig(const std::string& path) {
  Result<std::string> text = ReadFile(path, kMaxConfigFile);
  if (!text) return text.error();
  const SourceFile file(path, *std::move(text));
  const Result<Value> root = json::Parse(file);
  if (!root) return root.error();
  if (!root->is_object()) return json::WrongType(*root, "the configuration of an adapter (an object)");
  Result<PeftConfig> config = PeftConfigReader(*root).Read();
  if (config) config->path = path;
  return config;
}

}  // namespace wcheck
