#include "adapter/target_match.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace wcheck {
namespace {

constexpr std::array<std::string_view, 2> kClassifierHeads = {"score", "classifier"};

bool InLayers(const PeftConfig& config, const PeftRules& peft, NamePatterns* patterns, std::string_view name) {
  if (!config.layers) return true;
  const std::string any = peft.first_number_is_layer ? R"(.*?\.)" : R"(.*\.)";
  std::optional<std::string> number;
  if (config.layers_pattern.empty()) {
    number = patterns->FirstGroup(any + R"([^.]*\.(\d+)\.)", name);
  }
  for (const std::string& pattern : config.layers_pattern) {
    const std::string before = peft.layer_pattern_at_start ? R"((?:^|.*?\.))" : any;
    number = patterns->FirstGroup(before + pattern + R"(\.(\d+)\.)", name);
    if (number) break;
  }
  if (!number) return false;
  int64_t layer = 0;
  std::from_chars(number->data(), number->data() + number->size(), layer);
  return std::ranges::find(*config.layers, layer) != config.layers->end();
}

}  // namespace

Targeted IsTargeted(const PeftConfig& config, const PeftRules& peft, NamePatterns* patterns, std::string_view name) {
  if (const auto* regex = std::get_if<std::string>(&config.excluded)) {
    if (!regex->empty() && patterns->FullMatch(*regex, name)) return Targeted::kExcluded;
  } else if (const auto* names = std::get_if<std::vector<std::string>>(&config.excluded)) {
    const auto ends = [&](const std::string& end) { return IsOrEndsWithPart(name, end); };
    if (std::ranges::any_of(*names, ends)) return Targeted::kExcluded;
  }
  for (const std::string& saved : config.saved) {
    if (patterns->MatchAtStart("(?:^|.*\\.)" + saved + R"((?:$|\..*))", name)) return Targeted::kExcluded;
  }
  if (const auto* regex = std::get_if<std::string>(&config.targets)) {
    return patterns->FullMatch(*regex, name) ? Targeted::kYes : Targeted::kNo;
  }
  const auto* names = std::get_if<std::vector<std::string>>(&config.targets);
  if (names == nullptr) return Targeted::kNo;
  if (std::ranges::find(*names, name) != names->end()) return Targeted::kYes;
  const auto ends = [&](const std::string& end) { return IsOrEndsWithPart(name, end); };
  if (!std::ranges::any_of(*names, ends)) return Targeted::kNo;
  return InLayers(config, peft, patterns, name) ? Targeted::kYes : Targeted::kNo;
}

bool MeansAllLinear(const PeftConfig& config) {
  const auto* text = std::get_if<std::string>(&config.targets);
  if (text == nullptr) return false;
  std::string lower = *text;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return lower == "all-linear";
}

std::vector<std::string> AllLinear(const PeftConfig& config, const BaseModel& model, const Version& transformers) {
  std::string head = model.output_embedding();
  if (head.empty() && config.task_type == "SEQ_CLS") {
    for (std::string_view name : kClassifierHeads) {
      if (model.Find(name) != nullptr) {
        head = name;
        break;
      }
    }
  }
  std::vector<std::string> names;
  for (const BaseModule& module : model.modules()) {
    const ModuleKind kind = model.KindOf(module, transformers);
    if (kind != ModuleKind::kLinear && kind != ModuleKind::kTransposedLinear) continue;
    if (module.name != head) names.push_back(module.name);
  }
  return names;
}

}  // namespace wcheck
