#include "adapter/peft_config.h"

#include <string_view>

#include "support/file.h"
#include "support/json.h"
#include "support/json_fields.h"
#include "support/limits.h"

namespace wcheck {
namespace {

using json::Value;

class PeftConfigReader {
 public:
  explicit PeftConfigReader(const Value& root) : root_(root) {}

  Result<PeftConfig> Read() {
    PeftConfig c;
    ReadText("peft_type", &c.type);
    if (!error_ && c.type.empty()) {
      return Error{root_.where.place(), "the configuration has no \"peft_type\"",
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
    if (error_) return *error_;
    return c;
  }

 private:
  const Value* Find(std::string_view name) const {
    const Value* value = root_.Find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void Fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  void Wrong(const Value& value, std::string_view name, std::string_view expected) {
    Fail(json::WrongType(value, std::string(expected) + " as \"" + std::string(name) + '"'));
  }

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
    if (value->is_integer()) {
      *out = static_cast<double>(value->integer);
    } else if (value->kind == Value::Kind::kFloat) {
      *out = value->number;
    } else {
      Wrong(*value, name, "a number");
    }
  }
  void ReadNames(std::string_view name, std::vector<std::string>* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (value->is_string()) {
      *out = {value->string};
      return;
    }
    if (!value->is_array()) return Wrong(*value, name, "a list of names");
    Result<std::vector<std::string>> names = json::Strings(*value);
    if (!names) return Fail(names.error());
    *out = *std::move(names);
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
      const bool integer = member.value.is_integer();
      if (!integer && member.value.kind != Value::Kind::kFloat) {
        return Wrong(member.value, name, "names with numbers");
      }
      out->emplace_back(member.name, integer ? static_cast<double>(member.value.integer) : member.value.number);
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

  const Value& root_;
  std::optional<Error> error_;
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
