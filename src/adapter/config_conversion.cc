#include "adapter/config_conversion.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "adapter/target_match.h"

namespace wcheck {
namespace {

std::string Leaf(std::string_view name) { return std::string(name.substr(name.rfind('.') + 1)); }

// set("abc") in Python.
std::vector<std::string> Letters(std::string_view text) {
  std::set<std::string> letters;
  for (const char c : text) letters.insert(std::string(1, c));
  return {letters.begin(), letters.end()};
}

std::set<std::string> Resolve(const BaseModel& model, const PeftRules& peft, const ExpertRule& rule,
                              const Version& transformers, NamePatterns* patterns, const PeftConfig& config) {
  std::set<std::string> found;
  if (MeansAllLinear(config)) {
    for (const std::string& name : AllLinear(config, model, transformers)) found.insert(Leaf(name));
    for (const auto& [old_name, parameter] : rule.targets) found.emplace(old_name);
    return found;
  }
  const auto matches = [&](std::string_view name) {
    return IsTargeted(config, peft, patterns, name) == Targeted::kYes;
  };
  std::map<std::string, std::set<std::string>> containers;  // by the last part of a parameter
  for (const BaseModule& module : model.modules()) {
    if (matches(module.name)) found.insert(Leaf(module.name));
    for (const auto& [parameter, shape] : module.parameters) {
      if (matches(module.name + "." + parameter)) found.insert(parameter);
      containers[parameter].insert(module.name);
    }
  }
  for (const auto& [old_name, parameter] : rule.targets) {
    if (found.contains(std::string(old_name))) continue;
    for (const std::string& container : containers[std::string(parameter)]) {
      if (matches(container + "." + std::string(old_name))) {
        found.emplace(old_name);
        break;
      }
    }
  }
  return found;
}

// The remap of a list of targets, which both have.
std::optional<std::string> Remap(const ExpertRule& rule, PeftConfig* config) {
  std::vector<std::string> remaining;
  std::set<std::string> parameters(config->parameters.begin(), config->parameters.end());
  std::set<std::string_view> present;  // of what is fused
  const auto* names = std::get_if<std::vector<std::string>>(&config->targets);
  for (const std::string& target : names == nullptr ? std::vector<std::string>{} : *names) {
    const auto known = std::ranges::find_if(
        rule.targets, [&](const auto& entry) { return IsOrEndsWithPart(target, entry.first); });
    if (known == rule.targets.end()) {
      remaining.push_back(target);
      continue;
    }
    parameters.emplace(known->second);
    if (std::ranges::find(rule.fused, known->first) != rule.fused.end()) present.insert(known->first);
  }
  if (!present.empty() && present.size() < rule.fused.size()) {
    std::string has;
    std::string lacks;
    for (std::string_view name : rule.fused) {
      std::string& list = present.contains(name) ? has : lacks;
      list += (list.empty() ? "" : ", ") + std::string(name);
    }
    return "ValueError: Cannot convert PEFT target(s) " + has + " without also targeting " + lacks +
           " because they are fused into gate_up_proj.";
  }
  if (!present.empty()) {
    const auto put = [](std::vector<std::pair<std::string, double>>* patterns, double value) {
      const std::string name = R"(.*\.gate_up_proj)";
      const auto known = std::ranges::find(*patterns, name, &std::pair<std::string, double>::first);
      if (known != patterns->end()) {
        known->second = value;
      } else {
        patterns->emplace_back(name, value);
      }
    };
    const auto parts = static_cast<double>(rule.fused.size());
    put(&config->ranks, config->rank * parts);
    put(&config->alphas, config->alpha * parts);
  }
  config->parameters.assign(parameters.begin(), parameters.end());
  config->targets = std::move(remaining);
  return std::nullopt;
}

}  // namespace

const ExpertRule* FindExpertRule(std::string_view name) {
  static const std::array<ExpertRule, 2> rules = {
      ExpertRule{"mixtral",
                 {{"gate", "gate.weight"}, {"w1", "gate_up_proj"}, {"w3", "gate_up_proj"}, {"w2", "down_proj"}},
                 {"w1", "w3"}},
      ExpertRule{"qwen2_moe",
                 {{"gate", "gate.weight"},
                  {"gate_proj", "gate_up_proj"},
                  {"up_proj", "gate_up_proj"},
                  {"down_proj", "down_proj"}},
                 {"gate_proj", "up_proj"}}};
  const auto found = std::ranges::find(rules, name, &ExpertRule::name);
  return found == rules.end() ? nullptr : &*found;
}

ConversionTable TableOf(const Registry& registry, std::string_view model_type, bool peft) {
  ConversionTable table;
  table.has_entry = registry.Find(model_type) != nullptr && !AppliesToAll(model_type);
  for (const Alias& alias : registry.aliases) {
    if (alias.name == model_type) table.rule = alias.entry;
  }
  // PEFT puts in what transformers took out.
  if (peft && model_type == "mixtral") table.rule = "mixtral";
  return table;
}

std::optional<std::string> ConvertByPeft(const BaseModel& model, const PeftRules& peft, const ConversionTable& table,
                                         const Version& transformers, NamePatterns* patterns, PeftConfig* config) {
  if (!peft.converts || config->type != "LORA" || !table.has_entry || !table.rule) return std::nullopt;
  const ExpertRule* rule = FindExpertRule(*table.rule);
  if (rule == nullptr) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&config->targets)) {
    if (peft.resolves_strings) {
      const std::set<std::string> names = Resolve(model, peft, *rule, transformers, patterns, *config);
      if (names.empty()) return std::nullopt;
      config->targets = std::vector<std::string>(names.begin(), names.end());
    } else {
      config->targets = Letters(*text);
    }
  }
  return Remap(*rule, config);
}

std::optional<std::string> ConvertByTransformers(const LoadAdapterRules& rules, const ConversionTable& table,
                                                 PeftConfig* config) {
  if (!rules.own_code || config->type != "LORA" || !table.has_entry || !table.rule) return std::nullopt;
  const ExpertRule* rule = FindExpertRule(*table.rule);
  if (rule == nullptr) {
    if (rules.raises_for_other_types) return "KeyError: '" + *table.rule + "'";
    return std::nullopt;
  }
  if (const auto* text = std::get_if<std::string>(&config->targets)) config->targets = Letters(*text);
  return Remap(*rule, config);
}

}  // namespace wcheck
