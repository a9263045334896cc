#include "checkpoint/adapter.h"
#include "checkpoint/adapter_fields.h"
#include "support/file.h"

namespace wcheck {
namespace {

using json::Value;

class ConfigReader : private AdapterFields {
 public:
  using AdapterFields::AdapterFields;

  Result<AdapterConfig> Read() {
    AdapterConfig config;
    ReadModules("target_modules", &config.targets);
    ReadModules("exclude_modules", &config.excluded);
    ReadNames("modules_to_save", &config.saved);
    ReadNames("target_parameters", &config.parameters);
    ReadNames("layers_pattern", &config.layers_pattern);
    ReadLayers(&config.layers);
    if (const Value* ties = Find("ensure_weight_tying"); ties != nullptr) {
      config.ensures_ties = ties->is_bool() && ties->boolean;
    }
    if (error()) return *error();
    if (config.targets.empty() && config.saved.empty() && config.parameters.empty()) {
      return Error{root().where.place(), "the config names nothing to adapt",
                   "expected \"target_modules\", \"target_parameters\" or \"modules_to_save\""};
    }
    return config;
  }

 private:
  void ReadModules(std::string_view name, AdapterConfig::Modules* out) {
    const Value* value = Find(name);
    if (value == nullptr) return;
    if (!value->is_string()) return ReadNames(name, &out->ends);
    if (value->string == "all-linear") {
      out->all_linear = true;
      return;
    }
    Result<Pattern> pattern = Pattern::Compile(R"(\A(?:)" + value->string + R"()\Z)");
    if (!pattern) {
      return Fail(
          {value->where.place(),
           '"' + std::string(name) + "\" is not a regular expression: " + pattern.error().message,
           "write a regular expression, a list of names, or \"all-linear\""});
    }
    out->regex = *std::move(pattern);
  }

  void ReadLayers(std::vector<int64_t>* out) {
    const Value* value = Find("layers_to_transform");
    if (value == nullptr) return;
    if (value->is_integer()) {
      *out = {value->integer};
      return;
    }
    if (!value->is_array()) return Fail(json::WrongType(*value, "the numbers of layers"));
    for (const Value& item : value->items) {
      if (!item.is_integer()) return Fail(json::WrongType(item, "the number of a layer"));
      out->push_back(item.integer);
    }
  }
};

}  // namespace

Result<AdapterConfig> ReadAdapterConfig(const std::string& path) {
  Result<std::string> text = ReadFile(path, kMaxConfigFile);
  if (!text) return text.error();
  const SourceFile file(path, *std::move(text));
  const Result<Value> root = json::Parse(file);
  if (!root) return root.error();
  if (!root->is_object()) return json::WrongType(*root, "the config of an adapter (an object)");
  return ConfigReader(*root).Read();
}

}  // namespace wcheck
