// What PEFT does to a model before it loads an adapter's weights: converts the configuration, wraps
// the modules that it targets, and adds the adapter's parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapter/base_model.h"
#include "adapter/name_match.h"
#include "adapter/peft_config.h"
#include "adapter/peft_release.h"
#include "adapter/peft_type.h"
#include "wcheck/registry.h"

namespace wcheck {

// The name that an adapter gets in the model.
inline constexpr std::string_view kAdapterName = "default";

struct InjectedKey {
  std::optional<Shape> shape;  // absent where the method's shapes are not known
  // Of the adapter's own: its name in a file, without the wrapper's prefix. Empty for the model's.
  std::string saved;
};

// A module that is trained beside the adapter: what it reads from a file, and where it keeps it.
struct WrappedModule {
  std::string module;
  std::vector<std::pair<std::string, std::string>> keys;  // after "MODULE."
};

struct Injection {
  std::optional<std::string> raises;  // what Python would say
  PeftConfig config;                  // as converted
  std::map<std::string, InjectedKey, std::less<>> keys;  // of the model with the adapter
  std::vector<WrappedModule> wrapped;
  // By the name of an adapted module in a file ("model.layers.0.mlp.experts.base_layer"): its scale.
  std::map<std::string, double, std::less<>> scales;
  std::vector<std::string> targeted;  // modules and parameters of the model
  std::vector<std::string> remarks;   // why something could not be judged
};

// The families of experts whose projections became parameters: by the names of 4.x.
struct ExpertRule {
  std::string_view name;  // the entry that types are aliases of
  // Old name -> parameter.
  std::vector<std::pair<std::string_view, std::string_view>> targets;
  std::vector<std::string_view> fused;  // what gate_up_proj is made of
};
// Null if the rule is not one for experts.
const ExpertRule* FindExpertRule(std::string_view name);

// By what rewrites the configuration.
struct ConversionTable {
  // The entry that a model's type is an alias of; absent if it is none.
  std::optional<std::string> rule;
  // The mapping has an entry for the model's type.
  bool has_entry = false;
};
ConversionTable TableOf(const Registry& registry, std::string_view model_type, bool peft);

// Injects the adapter into the model. `transformers_first` is what transformers' own code does to
// the configuration before PEFT sees it: null for the route of PEFT. `file` has the names of the
// adapter's file: they tell which parameters are products (PeftType::factored).
Injection Inject(const BaseModel& model, const PeftConfig& config, const PeftType& type, const PeftRules& peft,
                 const Registry& registry, const Version& transformers, const LoadAdapterRules* transformers_first,
                 const std::map<std::string, Shape, std::less<>>& file);

// The scale that a configuration gives to a module, by its name.
double ScaleOf(const PeftConfig& config, NamePatterns* patterns, std::string_view module);

}  // namespace wcheck
